// Package waiver keeps a run going over findings that are known: by a file of waivers,
// each with a reason, an owner and an end, or by an earlier report taken as baseline.
//
// A waiver hides nothing: what it waives stays a finding and the endpoint stays
// non-conformant. It knows no endpoint and writes nothing.
package waiver

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Waiver is one known departure of a target from the contract.
type Waiver struct {
	Target      string `yaml:"target"`
	Clause      string `yaml:"clause"`      // the clause that is broken, or
	Scenario    string `yaml:"scenario"`    // the scenario that fails
	Fingerprint string `yaml:"fingerprint"` // of the finding, as the report shows it: another cause is not waived
	Reason      string `yaml:"reason"`
	Owner       string `yaml:"owner"`
	Expires     string `yaml:"expires"` // the last day it holds, as 2026-12-31

	line int
	end  time.Time
}

// Known tells which clauses and scenarios there are.
type Known struct {
	Clause   func(id string) bool
	Scenario func(id string) bool
}

// Read reads a file of waivers. What is wrong with it is an error of one line, with file
// and line: an unknown key or id, a missing reason, owner or end.
func Read(file string, known Known) ([]Waiver, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the waivers: %w", err)
	}
	var document struct {
		Waivers []Waiver `yaml:"waivers"`
	}
	if err := yaml.Load(data, &document, yaml.WithKnownFields()); err != nil {
		return nil, located(file, err)
	}
	lines := linesOf(data)
	for i := range document.Waivers {
		w := &document.Waivers[i]
		w.line = 1
		if i < len(lines) {
			w.line = lines[i]
		}
		if err := w.check(known); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, w.line, err)
		}
	}
	return document.Waivers, nil
}

func (w *Waiver) check(known Known) error {
	for key, value := range map[string]string{"target": w.Target, "reason": w.Reason, "owner": w.Owner, "expires": w.Expires, "fingerprint": w.Fingerprint} {
		if strings.TrimSpace(value) == "" {
			return fmt.Errorf("a waiver without %s: say it", key)
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

// linesOf returns the line of each waiver.
func linesOf(data []byte) []int {
	var document struct {
		Waivers []yaml.Node `yaml:"waivers"`
	}
	_ = yaml.Load(data, &document) // it was read before
	var lines []int
	for _, node := range document.Waivers {
		lines = append(lines, node.Line)
	}
	return lines
}

func located(file string, err error) error {
	var several *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &several) && len(several.Errors) > 0:
		one = several.Errors[0]
	case !errors.As(err, &one):
		return fmt.Errorf("%s: %w", file, err)
	}
	return fmt.Errorf("%s:%d: %s", file, one.Mark.Line, one.Message)
}

// Ledger applies waivers to the scenarios of one run. It is safe for concurrent use.
type Ledger struct {
	mu      sync.Mutex
	waivers []Waiver
	states  []verdict.WaiverState
	applied []int
	old     map[string]bool // scenario and fingerprint of the baseline's findings
	met     map[string]bool
}

// NewLedger takes the waivers that are for the target. today decides which have expired.
func NewLedger(waivers []Waiver, target string, today time.Time) *Ledger {
	l := &Ledger{old: map[string]bool{}, met: map[string]bool{}}
	for _, w := range waivers {
		if w.Target != target {
			continue
		}
		state := verdict.WaiverUnmatched
		if today.After(w.end) {
			state = verdict.WaiverExpired
		}
		l.waivers = append(l.waivers, w)
		l.states = append(l.states, state)
		l.applied = append(l.applied, 0)
	}
	return l
}

// Baseline takes a finding of an earlier report for known.
func (l *Ledger) Baseline(scenario string, f verdict.Finding) {
	l.old[key(scenario, f)] = true
}

func key(scenario string, f verdict.Finding) string { return scenario + "|" + f.Fingerprint() }

// Apply marks the findings of a scenario that are waived.
func (l *Ledger) Apply(s *verdict.Scenario) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range s.Findings {
		f := &s.Findings[i]
		if k := key(s.ID, *f); l.old[k] {
			l.met[k] = true
			f.Waived = "known from the baseline"
			continue
		}
		for j, w := range l.waivers {
			if w.Clause != f.Clause && w.Scenario != s.ID {
				continue
			}
			switch {
			case l.states[j] == verdict.WaiverExpired:
			case w.Fingerprint != f.Fingerprint():
				if l.states[j] == verdict.WaiverUnmatched {
					l.states[j] = verdict.WaiverChanged
				}
			default:
				l.states[j] = verdict.WaiverApplied
				l.applied[j]++
				f.Waived = fmt.Sprintf("%s (%s, until %s)", w.Reason, w.Owner, w.Expires)
			}
		}
	}
}

// Results says what became of each waiver.
func (l *Ledger) Results() []verdict.WaiverResult {
	l.mu.Lock()
	defer l.mu.Unlock()
	var results []verdict.WaiverResult
	for i, w := range l.waivers {
		results = append(results, verdict.WaiverResult{
			Clause: w.Clause, Scenario: w.Scenario, Fingerprint: w.Fingerprint, Reason: w.Reason, Owner: w.Owner,
			Expires: w.Expires, State: l.states[i], Findings: l.applied[i],
		})
	}
	return results
}

// Fixed lists the scenarios of the baseline's findings that were not met again.
func (l *Ledger) Fixed() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fixed []string
	for k := range l.old {
		if scenario, _, _ := strings.Cut(k, "|"); !l.met[k] && !slices.Contains(fixed, scenario) {
			fixed = append(fixed, scenario)
		}
	}
	slices.Sort(fixed)
	return fixed
}
