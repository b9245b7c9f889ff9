package waiver

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Ledger applies waivers to the scenarios of one run. It is safe for concurrent use.
type Ledger struct {
	mu      sync.Mutex
	waivers []Waiver
	results []verdict.WaiverResult // of each waiver
	old     map[string]bool        // scenario and fingerprint of the baseline's findings
	met     map[string]bool        // those that occurred again
	passed  map[string]bool        // the scenarios that passed
}

// NewLedger returns a ledger of the waivers for the target. now decides which have expired.
func NewLedger(waivers []Waiver, target string, now time.Time) *Ledger {
	l := &Ledger{old: map[string]bool{}, met: map[string]bool{}, passed: map[string]bool{}}
	for _, w := range waivers {
		if w.Target != target {
			continue
		}
		r := verdict.WaiverResult{
			Clause: w.Clause, Scenario: w.Scenario, Fingerprint: w.Fingerprint,
			Reason: w.Reason, Owner: w.Owner, Expires: w.Expires, State: verdict.WaiverUnmatched,
		}
		switch {
		case !now.Before(w.end):
			r.State = verdict.WaiverExpired
		case w.Intermittent:
			r.State = verdict.WaiverNotMet
		}
		l.waivers, l.results = append(l.waivers, w), append(l.results, r)
	}
	return l
}

// Baseline adds a finding of an earlier report as known.
func (l *Ledger) Baseline(scenario string, f verdict.Finding) {
	l.old[key(scenario, f)] = true
}

func key(scenario string, f verdict.Finding) string { return scenario + "|" + f.Fingerprint() }

// Apply marks the findings of a scenario that are waived.
func (l *Ledger) Apply(s *verdict.Scenario) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.Outcome == verdict.Passed {
		l.passed[s.ID] = true
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		if k := key(s.ID, *f); l.old[k] {
			l.met[k] = true
			f.Waived = "known from the baseline"
			continue
		}
		l.apply(s, f)
	}
}

// apply compares a finding with the waivers that cover it.
func (l *Ledger) apply(s *verdict.Scenario, f *verdict.Finding) {
	var others []int // covering waivers with another fingerprint
	print := f.Fingerprint()
	for j := range l.waivers {
		w, r := &l.waivers[j], &l.results[j]
		switch {
		case r.State == verdict.WaiverExpired || !w.covers(s, *f):
		case w.Fingerprint == print || w.Fingerprint == f.Digest(): // the digest was the fingerprint in earlier versions
			if r.State != verdict.WaiverApplied {
				r.State, r.Now = verdict.WaiverApplied, nil
			}
			if w.Fingerprint != print {
				r.Now = append(r.Now, print)
			}
			r.Findings++
			f.Waived = fmt.Sprintf("%s (%s, until %s UTC)", w.Reason, w.Owner, w.Expires)
		default:
			others = append(others, j)
		}
	}
	if f.Waived != "" {
		return
	}
	for _, j := range others {
		r := &l.results[j]
		if r.State == verdict.WaiverUnmatched {
			r.State = verdict.WaiverChanged
		}
		if r.State != verdict.WaiverApplied {
			r.Now = append(r.Now, print)
		}
	}
}

// Results returns the state of each waiver.
func (l *Ledger) Results() []verdict.WaiverResult {
	l.mu.Lock()
	defer l.mu.Unlock()
	results := slices.Clone(l.results)
	for i := range results {
		r := &results[i]
		slices.Sort(r.Now)
		r.Now = slices.Compact(slices.Clone(r.Now))
	}
	return results
}

// Fixed lists the scenarios of the baseline's findings that passed in this run. Scenarios that did
// not run or could not be judged are not included.
func (l *Ledger) Fixed() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fixed []string
	for k := range l.old {
		if scenario, _, _ := strings.Cut(k, "|"); l.passed[scenario] && !slices.Contains(fixed, scenario) {
			fixed = append(fixed, scenario)
		}
	}
	slices.Sort(fixed)
	return fixed
}
