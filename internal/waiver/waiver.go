// Package waiver keeps a run going over findings that are known: by files of waivers,
// each with a reason, an owner and an end, or by an earlier report taken as baseline.
//
// A waiver hides nothing: what it waives stays a finding and the endpoint stays
// non-conformant. It knows no endpoint.
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
	Clause       string `yaml:"clause,omitempty"`       // the clause that is violated, or
	Scenario     string `yaml:"scenario,omitempty"`     // the scenario, or the outline, that fails
	Fingerprint  string `yaml:"fingerprint"`            // of the finding, as reports show it: another cause is not waived
	Intermittent bool   `yaml:"intermittent,omitempty"` // the finding is not met in every run
	Reason       string `yaml:"reason"`
	Owner        string `yaml:"owner"`
	Expires      string `yaml:"expires"` // the last day it holds, in UTC, as 2026-12-31

	end time.Time // the first moment at which it no longer holds
}

// Known tells which clauses and scenarios there are. An outline counts as a scenario.
type Known struct {
	Clause   func(id string) bool
	Scenario func(id string) bool
}

// check completes a waiver. An error says what is wrong with it.
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

// covers reports whether a finding of a scenario is what the waiver is about.
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
