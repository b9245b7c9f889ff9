package report

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// TestAnAddressIsWhatTheExpressionSays holds the quick look at an address against the expression for it.
func TestAnAddressIsWhatTheExpressionSays(t *testing.T) {
	expression := regexp.MustCompile(`^https://[A-Za-z0-9][\w./~#?=&%+:-]*$`)
	for _, text := range []string{"", "https://", "https://a", "https://a.b/c_d?e=f&g#h", "http://a", "https://-a", "https://a b", "https://a)", "https://a\n", "https://ä", "https://a\"", "xhttps://a"} {
		assert.Equal(t, expression.MatchString(text), isAddress(text), text)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := "https://" + rapid.StringOfN(rapid.SampledFrom([]rune("aZ09_./~#?=&%+:-()[]<>\"' \n|é")), 0, 6, -1).Draw(t, "text")
		assert.Equal(t, expression.MatchString(text), isAddress(text), text)
	})
}
