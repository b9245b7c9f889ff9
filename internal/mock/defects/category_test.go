package defects

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryDefectIsOfACategory(t *testing.T) {
	count := map[string]int{}
	for _, d := range All() {
		category := d.Category()
		count[category]++
		assert.True(t, slices.Contains(Categories(), category), "%s (%s) is of no category", d.Name, d.Clause)
	}
	for _, category := range Categories() {
		assert.GreaterOrEqual(t, count[category], 3, category)
	}
	for name, want := range map[string]string{
		"unknown-instance-400": "pairs", "stuck-in-resizing": "lifecycle", "name-filter-misspelt": "listing", "action-from-query": "transport",
	} {
		d, err := Named(name)
		assert.NoError(t, err)
		assert.Equal(t, want, d.Category(), name)
	}
}
