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

func TestAnAnswerIsShownInWords(t *testing.T) {
	page := wire.ReadAnswer(wire.Received{Status: 200, Body: []byte("<html></html>")})
	assert.Equal(t, "200 and no result of the API", shown(page))
	refused := wire.ReadAnswer(wire.Received{Status: 403, Body: []byte(`{"requestId":"a","code":"NO"}`)})
	assert.Equal(t, "403 NO", shown(refused))
}

// TestWhatAnInstanceThatIsRestoredShows holds that a status is "but" only where it is not the old one.
func TestWhatAnInstanceThatIsRestoredShows(t *testing.T) {
	o := &restoring{wanted: "small", oldStatus: "RUNNING"}
	assert.Equal(t, "it has type small and is RUNNING, as before", o.shows("RUNNING", "small"))
	assert.Equal(t, "it has type small, but is BOOTING", o.shows("BOOTING", "small"))
	assert.Equal(t, "it has type large and is RUNNING", o.shows("RUNNING", "large"))
}
