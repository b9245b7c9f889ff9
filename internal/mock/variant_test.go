package mock

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVariantsAreTwentyAndMoreAndEachHasItsOwnName(t *testing.T) {
	variants := Variants()
	assert.GreaterOrEqual(t, len(variants), 20)
	seen := map[string]bool{}
	for _, v := range variants {
		assert.NotEmpty(t, v.Text, v.Name)
		assert.NotEmpty(t, v.Freedom, v.Name)
		assert.False(t, seen[v.Name], v.Name)
		seen[v.Name] = true
	}
	_, err := VariantNamed("chunkd")
	assert.ErrorContains(t, err, `did you mean "chunked"?`)
}

// A variant takes a freedom and no more: whatever it does otherwise, what the documents
// state of the walk's statuses stands.
func TestVariantsRunThroughTheWalk(t *testing.T) {
	for _, v := range Variants() {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			sights := walked(t, Options{Variant: &v})
			require.NotEmpty(t, sights)
			for _, s := range sights {
				assert.NotEqual(t, http.StatusInternalServerError, s.status, s.name)
			}
		})
	}
}
