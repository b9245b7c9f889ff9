package guard

import (
	"fmt"
	"strconv"
)

// Refusal is the error of a request that may not leave. Nothing was sent.
type Refusal struct{ Reason string }

// Error implements error.
func (r *Refusal) Error() string { return "not sent: " + r.Reason }

func refuse(format string, args ...any) error { return &Refusal{Reason: fmt.Sprintf(format, args...)} }

// maxShown bounds how much of a text from a request a refusal repeats, in characters.
const maxShown = 80

// quoted returns a text as a refusal shows it: without control characters, and not endless.
func quoted(text string) string {
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown]) + "…"
	}
	return strconv.Quote(text)
}
