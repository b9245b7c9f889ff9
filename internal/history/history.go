// Package history summarises a folder of reports over time: the verdicts, when each clause was
// violated and kept again, how long changes took, and which scenarios are flaky.
//
// It judges nothing and knows no operation, and only compares the contents of the reports. It
// separates reports of different targets, and names files that cannot be read.
package history

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// History is the summary of a folder of reports.
type History struct {
	Targets []Target  `json:"targets"`
	LeftOut []LeftOut `json:"leftOut"` // files that are not a report, or damaged
}

// LeftOut is a JSON file of the folder that could not be read as a report.
type LeftOut struct {
	File   string `json:"file"`
	Reason string `json:"reason"` // with line and column if known: "3:14: …"
}

// String returns the file, the position in it and the error.
func (l LeftOut) String() string {
	if placed.MatchString(l.Reason) {
		return l.File + ":" + l.Reason
	}
	return l.File + ": " + l.Reason
}

// placed matches a reason that begins with line and column.
var placed = regexp.MustCompile(`^\d+:\d+: `)

// Target is the history of one target.
type Target struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"` // mock, endpoint or recording, as in the report
	Endpoint string   `json:"endpoint"`
	Runs     []Run    `json:"runs"`    // oldest first
	Clauses  []Clause `json:"clauses"` // those that were violated in any run
	Actions  []Action `json:"actions"` // those whose changes were seen to end
	Flaky    []Flaky  `json:"flaky"`
}

// Run is one report.
type Run struct {
	File      string               `json:"file"` // relative to the folder
	Started   time.Time            `json:"started"`
	Verdict   verdict.Verdict      `json:"verdict"`
	Endpoint  string               `json:"endpoint"`
	Contract  string               `json:"contract"` // SHA-256
	Features  string               `json:"features"` // SHA-256
	Scenarios verdict.Counts       `json:"scenarios"`
	Clauses   verdict.ClauseCounts `json:"clauses"`
	Duration  time.Duration        `json:"durationNs"`
}

// Clause says when a clause was violated.
type Clause struct {
	ID       string                 `json:"id"`
	Text     string                 `json:"text"`
	TextZh   string                 `json:"textZh,omitempty"`
	Statuses []verdict.ClauseStatus `json:"statuses"` // in each run; "" if the contract had no such clause
	Turns    []Turn                 `json:"turns"`
}

// Turn is a run in which a clause began to be violated, or was kept again. Runs that did not test
// it are ignored.
type Turn struct {
	Run     int       `json:"run"` // index into the runs
	Started time.Time `json:"started"`
	Kept    bool      `json:"kept"` // false if it was violated
}

// Action says how long the changes of an action took in scenarios that passed, from the answer to
// the first reading of the final status.
type Action struct {
	Name string `json:"name"`
	Took []Took `json:"took"` // for the runs with such changes
}

// Took is how long the changes of one run took.
type Took struct {
	Run    int           `json:"run"`
	Count  int           `json:"count"`
	Median time.Duration `json:"medianNs"`
	P95    time.Duration `json:"p95Ns"`
}

// Flaky is a scenario that passed, failed and passed again, or the reverse, with the same contract
// and features.
type Flaky struct {
	Scenario string            `json:"scenario"`
	Name     string            `json:"name"`
	Turns    int               `json:"turns"`
	Outcomes []verdict.Outcome `json:"outcomes"` // in each run; "" if it is not in the report
}

// Read reads every report below a folder. It returns an error if there is none.
func Read(dir string) (History, error) {
	h := History{Targets: []Target{}, LeftOut: []LeftOut{}}
	var records []record
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || filepath.Ext(path) != ".json" {
			return nil
		}
		name, _ := filepath.Rel(dir, path)
		r, err := read(path)
		if err != nil {
			h.LeftOut = append(h.LeftOut, LeftOut{File: name, Reason: reason(path, err)})
			return nil
		}
		r.run.File = name
		records = append(records, r)
		return nil
	})
	if err != nil {
		return h, fmt.Errorf("read the reports: %w", err)
	}
	if len(records) == 0 && len(h.LeftOut) > 0 {
		return h, fmt.Errorf("%s holds no report that can be read: %s", dir, h.LeftOut[0])
	}
	if len(records) == 0 {
		return h, fmt.Errorf("%s holds no report: keep the report.json of each run there, under a name or in a folder of its own", dir)
	}
	slices.SortStableFunc(records, func(a, b record) int {
		return cmp.Or(cmp.Compare(a.target.Name, b.target.Name), cmp.Compare(a.target.Kind, b.target.Kind), cmp.Compare(a.target.Endpoint, b.target.Endpoint), a.run.Started.Compare(b.run.Started), cmp.Compare(a.run.File, b.run.File))
	})
	for len(records) > 0 {
		n := 1
		for n < len(records) && records[n].target == records[0].target { // a name alone can be given to several endpoints
			n++
		}
		h.Targets = append(h.Targets, targetOf(records[:n]))
		records = records[n:]
	}
	return h, nil
}

// reason returns an error without the path, which is shown separately.
func reason(path string, err error) string {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return strings.TrimPrefix(err.Error(), path+":")
}

// record is what is kept of one report.
type record struct {
	target    place
	run       Run
	clauses   []verdict.ClauseResult
	scenarios []scenario
	took      map[string][]time.Duration // by action
}

// place tells one target from another.
type place struct{ Name, Kind, Endpoint string }

type scenario struct {
	id, name string
	outcome  verdict.Outcome
}

func read(path string) (r record, err error) {
	reader, err := report.Open(path)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	head := reader.Head
	r = record{target: place{head.Target.Name, head.Target.Kind, head.Target.Endpoint}, clauses: head.Clauses, took: map[string][]time.Duration{}, run: Run{
		Started: head.Volatile.Started, Verdict: head.Verdict, Endpoint: head.Target.Endpoint, Contract: head.Contract.SHA256, Features: head.Features.SHA256,
		Scenarios: head.Summary.Scenarios, Clauses: head.Summary.Clauses, Duration: head.Volatile.Duration,
	}}
	for s, err := range reader.Scenarios() {
		if err != nil {
			return r, err
		}
		r.scenarios = append(r.scenarios, scenario{s.ID, s.Name, s.Outcome})
		if s.Outcome != verdict.Passed { // a change that never ended has a last status, too
			continue
		}
		for _, t := range s.Trajectories {
			if took, ended := duration(t); ended {
				r.took[t.Action] = append(r.took[t.Action], took)
			}
		}
	}
	return r, nil
}

// duration returns how long a change took. ended is false if no other status was seen between its
// call and its end.
func duration(t verdict.Trajectory) (took time.Duration, ended bool) {
	last := len(t.Observations) - 1
	if last < 0 {
		return 0, false
	}
	first := last
	for first > 0 && t.Observations[first-1].Status == t.Observations[last].Status {
		first--
	}
	if first == 0 || t.Observations[first].Seen <= t.Answered || t.Observations[last].Seen-t.Observations[first].Seen < t.Settle {
		return 0, false
	}
	return t.Observations[first].Seen - t.Answered, true
}
