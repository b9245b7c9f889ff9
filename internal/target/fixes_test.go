package target

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/wire"
)

// TestWhatToDoAboutAnInterrupt holds that an interrupt is not blamed on the address.
func TestWhatToDoAboutAnInterrupt(t *testing.T) {
	assert.Equal(t, "run it again: it was interrupted", fixes(wire.CauseInterrupted))
}
