package run

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAReasonIsOneLine holds that what is met several times is said once.
func TestAReasonIsOneLine(t *testing.T) {
	spent, other := errors.New("maxChanges 5: 5 are made"), errors.New("it is gone")
	for want, err := range map[string]error{
		"it is gone":                                 other,
		"maxChanges 5: 5 are made":                   errors.Join(errors.Join(spent, spent), spent),
		"maxChanges 5: 5 are made; it is gone":       errors.Join(spent, errors.Join(other, spent)),
		"both: maxChanges 5: 5 are made, it is gone": fmt.Errorf("both: %w, %w", spent, other),
	} {
		assert.Equal(t, want, reasonOf(err))
	}
}
