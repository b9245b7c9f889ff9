package steps

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// Inconclusive ends a scenario because the endpoint could not be judged.
type Inconclusive struct {
	Cause  wire.Cause // "" if the network is not to blame
	Reason string
}

func (e *Inconclusive) Error() string { return e.Reason }

// Lacking ends a scenario because the target does not provide something that the scenario needs.
type Lacking struct {
	Reason string
	Unlock string // the configuration line that would provide it, "" if there is none
}

func (e *Lacking) Error() string { return e.Reason }

// Stranded ends a scenario while its instance is prepared: the endpoint accepted the action that was
// to bring the instance into the status needed, and the instance did not come to an end in the time
// allowed.
type Stranded struct {
	Action, Instance string
	Watch            *lifecycle.Watch // what the instance was seen in
	Reason           string
}

func (e *Stranded) Error() string { return e.Reason }

// Withheld ends a scenario because one of its requests may not be sent to this target.
type Withheld struct{ Reason string }

func (e *Withheld) Error() string { return e.Reason }

// SuiteError ends a scenario because a feature or the contract is wrong.
type SuiteError struct{ Reason string }

func (e *SuiteError) Error() string { return e.Reason }

// AlreadyFound ends a scenario because of an answer that the contract has already reported. What
// the step misses in that answer is only a consequence.
type AlreadyFound struct{ Missed string }

func (e *AlreadyFound) Error() string {
	return "the answer breaks the contract by itself; so " + e.Missed
}

func lacking(format string, args ...any) error {
	return &Lacking{Reason: fmt.Sprintf(format, args...)}
}
