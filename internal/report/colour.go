package report

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Colours says whether output for a terminal is coloured.
type Colours bool

// The colours of a terminal.
const (
	Red    = "31"
	Green  = "32"
	Yellow = "33"
)

// As returns a text in a colour.
func (c Colours) As(colour, text string) string {
	if !c {
		return text
	}
	return "\x1b[1;" + colour + "m" + text + "\x1b[0m"
}

// Outcome returns the outcome of a scenario, padded to a column and coloured.
func (c Colours) Outcome(o verdict.Outcome) string {
	return c.OutcomeAs(o, fmt.Sprintf("%-12s", o))
}

// OutcomeAs returns a text in the colour of an outcome.
func (c Colours) OutcomeAs(o verdict.Outcome, text string) string {
	switch o {
	case verdict.Passed:
		return c.As(Green, text)
	case verdict.Failed, verdict.Broken:
		return c.As(Red, text)
	default:
		return c.As(Yellow, text)
	}
}

// Verdict returns the verdict of a run in its colour.
func (c Colours) Verdict(v verdict.Verdict) string { return c.VerdictAs(v, string(v)) }

// VerdictAs returns a text in the colour of a verdict.
func (c Colours) VerdictAs(v verdict.Verdict, text string) string {
	switch v {
	case verdict.Conformant:
		return c.As(Green, text)
	case verdict.NonConformant, verdict.BrokenVerdict:
		return c.As(Red, text)
	default:
		return c.As(Yellow, text)
	}
}
