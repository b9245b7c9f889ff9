package steps

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// Inconclusive ends a scenario because the endpoint could not be judged.
type Inconclusive struct {
	Cause  wire.Cause // "" when it is no fault of the network
	Reason string
}

func (e *Inconclusive) Error() string { return e.Reason }

// Lacking ends a scenario because the target lacks what it needs.
type Lacking struct {
	Reason string
	Unlock string // the line of its configuration that would provide it, "" when none does
}

func (e *Lacking) Error() string { return e.Reason }

// Stranded ends a scenario for which an action was to bring an instance into another status. The
// action was accepted, and within the time allowed the instance came to no end.
type Stranded struct {
	Action, Instance string
	Watch            *lifecycle.Watch // what the instance was seen in
	Reason           string
}

func (e *Stranded) Error() string { return e.Reason }

// Withheld ends a scenario because its request may not be sent to this target.
type Withheld struct{ Reason string }

func (e *Withheld) Error() string { return e.Reason }

// SuiteError ends a scenario because a feature or the contract is wrong.
type SuiteError struct{ Reason string }

func (e *SuiteError) Error() string { return e.Reason }

// AlreadyFound ends a scenario because an answer is not as it has to be, when the
// contract has found that of the exchange itself: what a step misses in such an answer
// only follows from it.
type AlreadyFound struct{ Missed string }

func (e *AlreadyFound) Error() string {
	return "the answer breaks the contract by itself; so " + e.Missed
}

func lacking(format string, args ...any) error {
	return &Lacking{Reason: fmt.Sprintf(format, args...)}
}
