package suite

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var knows = []string{"@a", "@b", "@c"}

func TestTagExpressions(t *testing.T) {
	cases := []struct {
		expression string
		selects    []string // of the sets below
	}{
		{"@a", []string{"a", "a b", "a b c"}},
		{"not @a", []string{"", "b", "c"}},
		{"@a and not @b", []string{"a"}},
		{"@a or @c", []string{"a", "a b", "a b c", "c"}},
		{"@a and @b or @c", []string{"a b", "a b c", "c"}},
		{"@a and (@b or @c)", []string{"a b", "a b c"}},
		{"not (@a or @b)", []string{"", "c"}},
		{"not not @a", []string{"a", "a b", "a b c"}},
		{" ( @a )and@b ", nil},
	}
	sets := []string{"", "a", "b", "c", "a b", "a b c"}
	for _, c := range cases {
		t.Run(c.expression, func(t *testing.T) {
			e, err := parseTags(c.expression, knows)
			if c.selects == nil {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			var selected []string
			for _, set := range sets {
				var tags []string
				for _, name := range strings.Fields(set) {
					tags = append(tags, "@"+name)
				}
				if e(tags) {
					selected = append(selected, set)
				}
			}
			slices.Sort(selected)
			slices.Sort(c.selects)
			assert.Equal(t, c.selects, selected)
		})
	}
}

func TestWrongTagExpressionsSayWhatIsWrong(t *testing.T) {
	for expression, want := range map[string]string{
		"@x":        "no scenario bears the tag @x",
		"@a @b":     `unexpected "@b"`,
		"@a and":    "a tag is missing",
		"(@a":       "a closing bracket is missing",
		"a":         `unexpected "a"`,
		"@a && @b":  `unexpected "&&"`,
		"@a,@b":     "no scenario bears the tag @a,@b",
		"not":       "a tag is missing",
		"@a or not": "a tag is missing",
	} {
		_, err := parseTags(expression, knows)
		assert.ErrorContains(t, err, want, expression)
	}
}

// An expression selects a set or its complement, never both, and reading it twice gives
// the same: whatever is typed, the parser neither panics nor loops.
func FuzzTagExpression(f *testing.F) {
	for _, seed := range []string{"@a", "not @a and (@b or @c)", "((", "@a @b", "not not not @c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parseTags(text, knows)
		negated, negatedErr := parseTags("not ("+text+")", knows)
		if err != nil || negatedErr != nil {
			return
		}
		for _, tags := range [][]string{nil, {"@a"}, {"@b", "@c"}} {
			assert.NotEqual(t, e(tags), negated(tags), text)
		}
	})
}
