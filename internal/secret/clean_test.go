package secret

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

type ownWord string

type deep struct {
	Text    string
	Own     ownWord
	Body    []byte
	Many    []deep
	ByName  map[string][]string
	Any     any
	Pointer *deep
	When    time.Time
	hidden  string
}

func TestCleanReachesEveryText(t *testing.T) {
	when := time.Date(2026, 11, 1, 2, 3, 4, 5, time.UTC)
	value := func(text, key string) deep {
		inner := deep{Text: text, Own: "passed", Body: []byte("<" + text + ">"), When: when, hidden: "passed"}
		return deep{
			Text: text, Own: "passed", Many: []deep{inner, {}}, ByName: map[string][]string{key: {text}, "other": nil},
			Any: []any{text, 1, nil}, Pointer: &inner,
		}
	}
	dirty := value("passed by", "X-passed")
	clean := Clean(NewFilter(New("passed")), dirty)
	assert.Equal(t, value("[redacted] by", "X-[redacted]"), clean)
	assert.Equal(t, value("passed by", "X-passed"), dirty, "the value given stays as it was")
	assert.Equal(t, dirty, Clean(nil, dirty))
}

func TestCleanKeepsNamesThatAreWhole(t *testing.T) {
	f := NewFilter(New("STOPPED"))
	f.Keep("M-STOPPED", "b")
	f.Keep("M-STOPPED-ONLY")
	assert.Equal(t, []string{"M-STOPPED", "M-STOPPED-ONLY", "M-[redacted] "}, Clean(f, []string{"M-STOPPED", "M-STOPPED-ONLY", "M-STOPPED "}))
	assert.Equal(t, "M-[redacted]", f.String("M-STOPPED"), "elsewhere they are texts as any other")
}
