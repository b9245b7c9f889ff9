package guard

import (
	"fmt"
	"strconv"
)

// Refusal is the error about a request that must not be sent. Nothing was sent.
type Refusal struct{ Reason string }

// Error implements error.
func (r *Refusal) Error() string { return "not sent: " + r.Reason }

func refuse(format string, args ...any) error { return &Refusal{Reason: fmt.Sprintf(format, args...)} }

// maxShown limits how much of a text from a request a refusal repeats, in characters.
const maxShown = 80

// quoted returns a text for a refusal: without control characters, and shortened.
func quoted(text string) string {
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown]) + "…"
	}
	return strconv.Quote(text)
}
