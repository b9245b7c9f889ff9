package target

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestWhatNoActionLeadsBackFromIsNotRestored holds which statuses count as restored, where no allowed action
// leads back to the old one.
func TestWhatNoActionLeadsBackFromIsNotRestored(t *testing.T) {
	open, seal := way("Unseal", "SEALED", "UNSEALING", "OPEN", ""), way("Seal", "OPEN", "SEALING", "SEALED", "")
	seal.Failure = []string{"JAMMED"}
	for name, test := range map[string]struct {
		old, now string
		wanted   string // the parameter that asks for a value
		stranded bool
	}{
		"as it was":                               {"OPEN", "OPEN", "", false},
		"an action leads back":                    {"OPEN", "SEALED", "", false},
		"the failure of an action":                {"OPEN", "JAMMED", "", true},
		"the same beside a value":                 {"OPEN", "JAMMED", "tier", true},
		"another status":                          {"OPEN", "SHREDDED", "", true},
		"where an action ends, beside a value":    {"SHREDDED", "OPEN", "tier", true},
		"the same beside a value, as it was":      {"OPEN", "SHREDDED", "tier", false},
		"one that passes":                         {"OPEN", "CHECKING", "", false},
		"out of one that passes":                  {"CHECKING", "SHREDDED", "", false},
		"out of one of work":                      {"SEALING", "SHREDDED", "", false},
		"nobody knows how it was, beside a value": {"", "JAMMED", "tier", false},
	} {
		t.Run(name, func(t *testing.T) {
			o := &restoring{
				restorer: &restorer{ways: ways{open, seal}}, oldStatus: test.old,
				lifecycle: contract.Lifecycle{Wanted: test.wanted, Passing: []string{"CHECKING"}},
			}
			assert.Equal(t, test.stranded, o.stranded(test.now))
		})
	}
}

func TestAChangeBackThatNamesItsInstanceAsFailedIsSaidToDoSo(t *testing.T) {
	seal := way("Seal", "OPEN", "SEALING", "SEALED", "")
	o := &restoring{trouble: language.Quoted("it is jammed")}
	assert.Equal(t, "it is jammed", o.answered().In(language.English))
	o.answer = denied(seal, wire.Answer{Status: 200})
	assert.Equal(t, "it is jammed; Seal named it as failed", o.answered().In(language.English))
	o.answer = denied(seal, wire.Answer{Status: 400, Code: "LOCKED"})
	assert.Equal(t, "it is jammed; the change back was answered with 400 LOCKED", o.answered().In(language.English))
}
