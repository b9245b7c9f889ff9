// Package waiver lets a run pass despite known findings. They are listed in files of waivers, each
// with a reason, an owner and an end, or in an earlier report that serves as baseline.
//
// A waiver hides nothing: the finding remains, and the endpoint remains non-conformant. The package
// knows no endpoint.
package waiver

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Waiver is one known departure of a target from the contract.
type Waiver struct {
	Target       string `yaml:"target"`
	Clause       string `yaml:"clause,omitempty"`       // the violated clause, or
	Scenario     string `yaml:"scenario,omitempty"`     // the failing scenario or outline
	Fingerprint  string `yaml:"fingerprint"`            // of the finding, as in reports; a finding with another cause is not waived
	Intermittent bool   `yaml:"intermittent,omitempty"` // the finding does not occur in every run
	Reason       string `yaml:"reason"`
	Owner        string `yaml:"owner"`
	Expires      string `yaml:"expires"` // the last day on which it holds, in UTC, such as 2026-12-31

	end time.Time // the time from which it no longer holds
}

// Known says which clauses and scenarios exist. An outline counts as a scenario.
type Known struct {
	Clause   func(id string) bool
	Scenario func(id string) bool
}

// check completes a waiver and validates it.
func (w *Waiver) check(known Known) error {
	for _, must := range []struct{ key, value string }{
		{"target", w.Target}, {"fingerprint", w.Fingerprint}, {"reason", w.Reason}, {"owner", w.Owner}, {"expires", w.Expires},
	} {
		if strings.TrimSpace(must.value) == "" {
			return fmt.Errorf("a waiver without %s: add it", must.key)
		}
	}
	switch {
	case (w.Clause == "") == (w.Scenario == ""):
		return errors.New("a waiver is of a clause or of a scenario: name one of the two")
	case w.Clause != "" && !known.Clause(w.Clause):
		return fmt.Errorf("the contract has no clause %q", w.Clause)
	case w.Scenario != "" && !known.Scenario(w.Scenario):
		return fmt.Errorf("the features have no scenario %q", w.Scenario)
	}
	end, err := time.Parse(time.DateOnly, w.Expires)
	if err != nil {
		return fmt.Errorf("expires %q is no day: write it as 2026-12-31", w.Expires)
	}
	w.end = end.AddDate(0, 0, 1)
	return nil
}

// covers reports whether the waiver is about a finding of a scenario.
func (w *Waiver) covers(s *verdict.Scenario, f verdict.Finding) bool {
	if w.Clause != "" {
		return w.Clause == f.Clause
	}
	return Names(w.Scenario, s.ID)
}

// Names reports whether an id names a scenario, or the outline that it is a row of.
func Names(id, scenario string) bool {
	return id == scenario || strings.HasPrefix(scenario, id+"[")
}
