package merge

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// Part is a report and its source.
type Part struct {
	Path   string
	Reader *report.Reader
}

// Groups groups parts by target, in the order of their first occurrence.
func Groups(parts []Part) [][]Part {
	var groups [][]Part
	place := map[verdict.Target]int{}
	for _, p := range parts {
		target := identity(p.Reader.Head.Target)
		i, known := place[target]
		if !known {
			i = len(groups)
			place[target] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return groups
}

// identity returns the part of a target that is the same in every run. The built-in mock has a
// different address each time.
func identity(t verdict.Target) verdict.Target {
	if t.Kind == "mock" {
		t.Endpoint = ""
	}
	return t
}

// Head returns the run made of the parts of one target, without its scenarios. A single part that
// is not a shard is returned as it is. It is an error if a shard is missing or occurs twice, or if
// the parts are from different runs.
func Head(parts []Part) (verdict.Run, error) {
	first := parts[0].Reader.Head
	if len(parts) == 1 && first.Selection.Shard == nil {
		return first, nil
	}
	for _, p := range parts {
		if err := sameRun(parts[0], p); err != nil {
			return verdict.Run{}, err
		}
	}
	if err := allThere(parts); err != nil {
		return verdict.Run{}, err
	}
	run := first
	run.Scenarios, run.Fault, run.Unrestored, run.Waivers, run.Repeat = nil, "", nil, nil, ""
	run.Summary, run.Selection.Selected, run.Selection.Shard = verdict.Summary{}, 0, nil
	end := first.Volatile.Started.Add(first.Volatile.Duration)
	for _, p := range parts {
		head := p.Reader.Head
		run.Selection.Selected += head.Selection.Selected
		run.Unrestored = append(run.Unrestored, head.Unrestored...)
		run.Waivers = joinWaivers(run.Waivers, head.Waivers)
		run.Summary.Exchanges += head.Summary.Exchanges
		run.Summary.Findings += head.Summary.Findings
		run.Summary.Scenarios = sum(run.Summary.Scenarios, head.Summary.Scenarios)
		if run.Fault != verdict.FaultHarness && head.Fault != "" {
			run.Fault = head.Fault
		}
		if head.Volatile.Started.Before(run.Volatile.Started) {
			run.Volatile.Started = head.Volatile.Started
		}
		if ended := head.Volatile.Started.Add(head.Volatile.Duration); ended.After(end) {
			end = ended
		}
	}
	run.Volatile.Duration = end.Sub(run.Volatile.Started)
	run.Clauses = joinClauses(parts)
	for _, c := range run.Clauses {
		run.Summary.Clauses.Add(c.Status)
	}
	run.Verdict = run.Conclusion()
	if run.Verdict != verdict.BrokenVerdict {
		run.Fault = ""
	}
	return run, nil
}

// sameRun checks that two parts come from the same selection and were judged in the same way.
func sameRun(a, b Part) error {
	x, y := a.Reader.Head, b.Reader.Head
	for _, same := range []struct {
		what string
		ok   bool
	}{
		{"the contract", x.Contract.SHA256 == y.Contract.SHA256 && difference.SameClauses(x, y)},
		{"the features", x.Features.SHA256 == y.Features.SHA256},
		{"the program", x.Tool.Version == y.Tool.Version && x.Tool.Commit == y.Tool.Commit},
		{"the selection", x.Selection.Tags == y.Selection.Tags && slices.Equal(x.Selection.Scenarios, y.Selection.Scenarios)},
	} {
		if !same.ok {
			return fmt.Errorf("%s and %s are not of one run, they differ in %s: merge the shards of one run", a.Path, b.Path, same.what)
		}
	}
	return nil
}

// allThere checks that every shard is present exactly once.
func allThere(parts []Part) error {
	seen := map[int]string{}
	total := 0
	for _, p := range parts {
		shard := p.Reader.Head.Selection.Shard
		if shard == nil {
			return fmt.Errorf("%s is a whole run of %s, not a shard: merge it with runs of other targets, or compare runs of one target with diff",
				p.Path, p.Reader.Head.Target.Name)
		}
		if total == 0 {
			total = shard.Total
		}
		if shard.Total != total {
			return fmt.Errorf("%s is one of %d shards, %s one of %d: merge the shards of one run", parts[0].Path, total, p.Path, shard.Total)
		}
		if other, twice := seen[shard.Index]; twice {
			return fmt.Errorf("%s and %s are both shard %d of %d: give each once", other, p.Path, shard.Index, total)
		}
		seen[shard.Index] = p.Path
	}
	const few = 10 // the number of missing shards that are named
	var missing []string
	for i := 1; i <= total && len(missing) < few; i++ {
		if _, there := seen[i]; !there {
			missing = append(missing, strconv.Itoa(i)+"/"+strconv.Itoa(total))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%s: no report of shard %s: give the report of every shard", parts[0].Reader.Head.Target.Name, strings.Join(missing, ", "))
	}
	return nil
}

func sum(a, b verdict.Counts) verdict.Counts {
	return verdict.Counts{
		Total: a.Total + b.Total, Passed: a.Passed + b.Passed, Failed: a.Failed + b.Failed,
		Inconclusive: a.Inconclusive + b.Inconclusive, Skipped: a.Skipped + b.Skipped, Broken: a.Broken + b.Broken,
		Waived: a.Waived + b.Waived,
	}
}

// joinWaivers combines the results of each waiver. A waiver that waived a finding in one part is
// not stale just because another part has no such finding.
func joinWaivers(into, more []verdict.WaiverResult) []verdict.WaiverResult {
	rank := []verdict.WaiverState{verdict.WaiverApplied, verdict.WaiverExpired, verdict.WaiverChanged, verdict.WaiverNotMet, verdict.WaiverUnmatched}
	for _, w := range more {
		i := slices.IndexFunc(into, func(known verdict.WaiverResult) bool {
			return known.Clause == w.Clause && known.Scenario == w.Scenario && known.Fingerprint == w.Fingerprint
		})
		if i < 0 {
			into = append(into, w)
			continue
		}
		known := &into[i]
		known.Findings += w.Findings
		switch was, is := slices.Index(rank, known.State), slices.Index(rank, w.State); {
		case is < was:
			known.State, known.Now = w.State, w.Now
		case is == was:
			known.Now = slices.Compact(slices.Sorted(slices.Values(slices.Concat(known.Now, w.Now))))
		}
	}
	return into
}

// Excuse adds to a joined run the waivers for its target that no shard has listed, as a ledger
// without scenarios reports them. A shard omits waivers that waive nothing there; the whole run
// must not.
func Excuse(run *verdict.Run, all []verdict.WaiverResult) {
	run.Waivers = joinWaivers(run.Waivers, all)
}

// joinClauses combines the results of each clause: a finding in any part decides, otherwise a proof
// in any part.
func joinClauses(parts []Part) []verdict.ClauseResult {
	joined := slices.Clone(parts[0].Reader.Head.Clauses)
	for i := range joined {
		joined[i].Scenarios = slices.Clone(joined[i].Scenarios)
	}
	rank := []verdict.ClauseStatus{verdict.Violated, verdict.Proved, verdict.Untestable, verdict.Unproved}
	for _, p := range parts[1:] {
		for i, c := range p.Reader.Head.Clauses {
			into := &joined[i]
			into.Exchanges += c.Exchanges
			into.Scenarios = append(into.Scenarios, c.Scenarios...)
			if slices.Index(rank, c.Status) < slices.Index(rank, into.Status) {
				into.Status = c.Status
			}
		}
	}
	for i := range joined {
		slices.Sort(joined[i].Scenarios)
	}
	return joined
}

// Scenarios passes the scenarios of all parts to add, each with its position in the order of the
// features. It keeps none of them.
func Scenarios(parts []Part, add func(order int, s verdict.Scenario) error) error {
	type place struct {
		file string
		line int
		id   string
	}
	var places []place
	for _, p := range parts {
		for s, err := range p.Reader.Scenarios() {
			if err != nil {
				return fmt.Errorf("%s: %w", p.Path, err)
			}
			places = append(places, place{s.File, s.Line, s.ID})
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line)) })
	order := make(map[string]int, len(places))
	for i, p := range places {
		if _, twice := order[p.id]; twice {
			return fmt.Errorf("the scenario %s stands in two shards: merge the shards of one run", p.id)
		}
		order[p.id] = i
	}
	for _, p := range parts {
		for s, err := range p.Reader.Scenarios() {
			if err == nil {
				err = add(order[s.ID], s)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", p.Path, err)
			}
		}
	}
	return nil
}

// IDs returns the ids of the scenarios of all parts.
func IDs(parts []Part) ([]string, error) {
	var ids []string
	for _, p := range parts {
		for s, err := range p.Reader.Scenarios() {
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.Path, err)
			}
			ids = append(ids, s.ID)
		}
	}
	return ids, nil
}
