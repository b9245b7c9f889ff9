package table

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestALineIsFoldedWhereItMayEnd(t *testing.T) {
	for text, want := range map[string][]string{
		"short":                       {"short"},
		"one two three four five six": {"one two three four", "five six"},
		"a-word-that-is-longer-than-the-line is whole": {"a-word-that-is-longer-than-the-line", "is whole"},
		"请排除原因，然后重新执行（用 cleanup）。":                     {"请排除原因，然后重新", "执行（用 cleanup）。"},
		"一二三四五六七八九十，其余":                                {"一二三四五六七八九", "十，其余"},
	} {
		assert.Equal(t, want, Fold(text, 20), text)
		for _, line := range Fold(text, 20) {
			assert.True(t, Width(line) <= 20 || !strings.Contains(line, " "), line)
		}
	}
	assert.Equal(t, []string{"one two three four five six"}, Fold("one two three four five six", 0), "no limit")
	assert.Equal(t, []string{"one two three"}, Fold("one two three", 5), "so few cells say nothing")
}
