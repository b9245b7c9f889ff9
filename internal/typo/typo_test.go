package typo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/zec-tools/conformance/internal/typo"
)

func TestTheWordThatWasMeant(t *testing.T) {
	words := []string{"run", "report", "rejudge", "features", "scenario", "规则"}
	for given, want := range map[string]string{"rnu": "", "reprot": "report", "feature": "features", "scenaro": "scenario", "xyz": "", "规测": "规则", "": ""} {
		word, ok := typo.Meant(given, words)
		assert.Equal(t, want != "", ok, given)
		if ok {
			assert.Equal(t, want, word)
		}
	}
	_, ok := typo.Meant("run", nil)
	assert.False(t, ok)
}

func TestADistanceIsAMetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-cé]{0,6}`)
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		assert.Equal(t, typo.Distance(a, b), typo.Distance(b, a))
		assert.Equal(t, a == b, typo.Distance(a, b) == 0)
		assert.LessOrEqual(t, typo.Distance(a, c), typo.Distance(a, b)+typo.Distance(b, c))
	})
}
