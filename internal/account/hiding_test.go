package account_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAReaderMayHaveMissedAChange holds that two readers that differ about the end of a change accuse neither:
// one may lag. One that never shows a change to run, again and again, is wrong.
func TestAReaderMayHaveMissedAChange(t *testing.T) {
	c := theContract(t)
	differ := func(n, over, runs int) []call {
		id, from := fmt.Sprint("i-", n), 1000*n+1
		return []call{
			at(has(id, "STOPPED", "a"), from, from+1), at(resize(id, "b"), from+2, from+4), at(has(id, "RESIZING", "a"), from+5, from+6),
			at(shows(id, "STOPPED"), from+over, from+over+1), at(has(id, "RESIZING", "a"), from+runs, from+runs+1), at(has(id, "STOPPED", "b"), from+400, from+401),
		}
	}
	early := func(n int) []call { return differ(n, 10, 80) }
	late := func(n int) []call { return differ(n, 50, 80) }
	watched := []call{at(resize("i-0", "a"), 9000, 9001), at(shows("i-0", "RESIZING"), 9002, 9003), at(shows("i-0", "STOPPED"), 9100, 9101)}
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"once":                        {early(0), nil},
		"twice":                       {slices.Concat(early(0), early(1)), nil},
		"three times":                 {slices.Concat(early(0), early(1), early(2)), []string{"C-STATUS-TRUE"}},
		"three times, read late":      {slices.Concat(late(0), late(1), late(2)), nil},
		"three times, and seen later": {slices.Concat(early(0), early(1), early(2), watched), nil},
	} {
		t.Run(name, func(t *testing.T) { assert.ElementsMatch(t, row.broken, clauses(t, c, true, row.session)) })
	}
	assert.Empty(t, clauses(t, c, false, slices.Concat(early(0), early(1), early(2))), "somebody else may have called a change")
}
