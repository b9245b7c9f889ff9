package verdict

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// SchemaVersion is the version of the report format, reports/report.schema.json. Reports of version
// 1.0 are still read; they lack the verdict "selected passed" and fingerprints.
const SchemaVersion = "2.0"

// Readable returns an error if this program does not understand reports of a schema version.
func Readable(version string) error {
	major := func(v string) string {
		whole, _, _ := strings.Cut(v, ".")
		return whole
	}
	if slices.Contains([]string{"1", major(SchemaVersion)}, major(version)) {
		return nil
	}
	return fmt.Errorf("schema version %q, this program reads %s and older: use the release that wrote it", version, SchemaVersion)
}

// Run is the result of one run. Its scenarios are in the order of the features, whatever order they
// ran in.
type Run struct {
	SchemaVersion string    `json:"schemaVersion"`
	Verdict       Verdict   `json:"verdict"`
	Fault         Origin    `json:"fault,omitempty"` // who caused it, if the verdict is broken
	Summary       Summary   `json:"summary"`
	Tool          Tool      `json:"tool"`
	Contract      Document  `json:"contract"`
	Features      Document  `json:"features,omitzero"`
	Target        Target    `json:"target"`
	Selection     Selection `json:"selection"`
	// Unrestored are the instances that the run could not restore. Nothing in a report is more
	// important.
	Unrestored []Unrestored   `json:"unrestored,omitempty"`
	Waivers    []WaiverResult `json:"waivers,omitempty"` // the waivers for this target, with their states
	Clauses    []ClauseResult `json:"clauses"`
	Scenarios  []Scenario     `json:"scenarios"`
	Fixture    *Fixture       `json:"fixture,omitempty"`   // set for a run at an endpoint
	Recording  *Recording     `json:"recording,omitempty"` // the traffic that was judged, set only for recordings
	Call       string         `json:"call,omitempty"`      // the start of the command that sends a single request to the target; "" for the built-in mock
	Repeat     string         `json:"repeat,omitempty"`    // the command that repeats the run; "" for merged runs
	Volatile   Volatile       `json:"volatile"`
}

// Summary is the run in numbers.
type Summary struct {
	Scenarios Counts       `json:"scenarios"`
	Clauses   ClauseCounts `json:"clauses"`
	Exchanges int          `json:"exchanges"`
	Findings  int          `json:"findings"`
}

// Tool is the program that wrote the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
}

// Document identifies a document that the run was based on.
type Document struct {
	Title   string `json:"title"`
	Version string `json:"version,omitempty"`
	SHA256  string `json:"sha256"`
	Folder  string `json:"folder,omitempty"` // the folder of feature files that are not built in, as given on the command line

	Sources []SourceDocument `json:"sources,omitempty"` // for a contract: the public documents that it is made from
	Pages   string           `json:"pages,omitempty"`   // for a contract: the https address of its pages for readers, a README.md or an index.html; "" if unknown
}

// SourceDocument is a public document that clauses come from, or several of one kind.
type SourceDocument struct {
	Mark      Source   `json:"mark"`
	Title     string   `json:"title"`
	TitleZh   string   `json:"titleZh,omitempty"`
	Read      string   `json:"read,omitempty"`      // when it was read, an ISO 8601 interval; "" if it was not
	Addresses []string `json:"addresses,omitempty"` // https URLs
}

// Target is the endpoint under test.
type Target struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"` // "mock", "endpoint" or "recording"
	Endpoint string `json:"endpoint"`
}

// Recording is the traffic that was judged.
type Recording struct {
	Endpoints  []string       `json:"endpoints"`            // scheme and host of each
	Entries    int            `json:"entries"`              // all that were read
	Judged     int            `json:"judged"`               // those that say something about conformance
	Others     int            `json:"others"`               // those with other paths, actions or versions, which are not judged
	Duplicates int            `json:"duplicates"`           // those recorded before, in another file or twice in one
	NoEvidence map[string]int `json:"noEvidence"`           // those that say nothing, by cause
	Unreadable []string       `json:"unreadable,omitempty"` // the first unreadable entries, with their place
	Unshown    []string       `json:"unshown,omitempty"`    // findings of the recorded run that the recording does not show, with their place
}

// Fixture holds the calls outside of scenarios that prepared and restored instances.
type Fixture struct {
	Complete  bool            `json:"complete"` // together with the scenarios' calls, these are all that may have changed an instance
	Exchanges []wire.Exchange `json:"exchanges"`
}

// Unrestored is an instance that a run has changed, or may have changed, and could not restore.
type Unrestored struct {
	Instance string `json:"instance"`
	Type     string `json:"type"`              // the value to restore
	Kind     string `json:"kind,omitempty"`    // the contract's word for the subject; "" means instance
	Value    string `json:"value,omitempty"`   // the property that Type is a value of, such as size; "" means type
	Reason   string `json:"reason"`            // the current value, as far as it is known
	Journal  string `json:"journal,omitempty"` // the file that records what must be restored
	Cleanup  string `json:"cleanup,omitempty"` // the command that restores it
}

// Selection is what the run was asked to run, and in which order.
type Selection struct {
	Tags      string   `json:"tags,omitempty"`
	Scenarios []string `json:"scenarios,omitempty"`
	Selected  int      `json:"selected"`  // the number of scenarios that ran
	Available int      `json:"available"` // the number of scenarios in the features
	Seed      int64    `json:"seed"`
	Parallel  int      `json:"parallel"`
	Shard     *Shard   `json:"shard,omitempty"`   // the part of the selection that ran; nil means all of it
	Resumed   int      `json:"resumed,omitempty"` // the number of scenarios taken over from an interrupted run
	Ended     string   `json:"ended,omitempty"`   // why some scenarios were not started, such as "at its first finding"; "" if all were
}

// Shard is one of the equal parts that a selection is split into.
type Shard struct {
	Index int `json:"index"` // from 1 to Total
	Total int `json:"total"`
}

// Volatile holds what differs between two otherwise equal runs.
type Volatile struct {
	Started  time.Time     `json:"started"` // UTC
	Duration time.Duration `json:"durationNs"`
}

// Scenario is one case of a feature and how it ended.
type Scenario struct {
	ID       string   `json:"id"` // the fixed tag; for an outline: tag[first cell]
	Name     string   `json:"name"`
	Feature  string   `json:"feature"`
	File     string   `json:"file"` // relative to the features folder
	Line     int      `json:"line"`
	Rule     string   `json:"rule,omitempty"`
	Clauses  []string `json:"clauses"`
	Tags     []string `json:"tags"`
	Language string   `json:"language,omitempty"` // of the feature file

	Shared *Shared `json:"shared,omitempty"` // whose evidence it was judged by; nil means its own

	Outcome  Outcome    `json:"outcome"`
	Reason   string     `json:"reason,omitempty"` // why it was skipped, inconclusive or broken
	Cause    wire.Cause `json:"cause,omitempty"`  // why it was inconclusive
	Fault    Origin     `json:"fault,omitempty"`  // who caused it, if it was broken
	Findings []Finding  `json:"findings,omitempty"`

	Steps        []Step          `json:"steps"`
	Trajectories []Trajectory    `json:"trajectories,omitempty"`
	Choices      []Choice        `json:"choices,omitempty"`
	Start        time.Time       `json:"start"`
	Duration     time.Duration   `json:"durationNs"`
	Repeat       string          `json:"repeat"` // the command that runs the scenario again
	Exchanges    []wire.Exchange `json:"exchanges,omitempty"`
}

// Shared names another scenario whose evidence a scenario was judged by, in order to save changes
// and requests.
type Shared struct {
	Scenario string     `json:"scenario"` // the id of the other scenario
	How      SharedKind `json:"how"`
}

// SharedKind says what two scenarios share.
type SharedKind string

// What scenarios share.
const (
	SharedChanges SharedKind = "changes" // the steps ran on what the other scenario read of its changes
	SharedState   SharedKind = "state"   // the other scenario was the last to read the initial state of the instances
	SharedSteps   SharedKind = "steps"   // the other scenario has the same steps, in either language
)

// Step is one sentence of a scenario and how it ended.
type Step struct {
	Keyword   string        `json:"keyword"`
	Text      string        `json:"text"`
	Line      int           `json:"line"`
	Outcome   Outcome       `json:"outcome"`
	Message   string        `json:"message,omitempty"`
	Exchanges int           `json:"exchanges"` // the number of exchanges that the scenario had when the step ended
	Duration  time.Duration `json:"durationNs"`
}

// Choice is the answer that an endpoint chose where the documents allow several.
type Choice struct {
	Clause string `json:"clause"`
	Answer string `json:"answer"`
}

// ClauseStatus is the result of a run for a clause.
type ClauseStatus string

// The statuses of a clause.
const (
	Proved     ClauseStatus = "proved"     // every scenario of the clause that ran has passed, at least one
	Violated   ClauseStatus = "broken"     // a finding names it
	Unproved   ClauseStatus = "unproved"   // no scenario of the clause has passed
	Untestable ClauseStatus = "untestable" // it cannot be observed from outside
)

// ClauseStatuses returns the statuses of a clause.
func ClauseStatuses() []ClauseStatus { return []ClauseStatus{Proved, Violated, Unproved, Untestable} }

// String returns the status for display. Since schema version 1, files contain the word "broken"
// for a violated clause.
func (s ClauseStatus) String() string {
	if s == Violated {
		return "violated"
	}
	return string(s)
}

// ClauseResult is a clause with its result.
type ClauseResult struct {
	Clause
	Status    ClauseStatus `json:"status"`
	Scenarios []string     `json:"scenarios,omitempty"` // the ids of the scenarios for the clause
	Exchanges int          `json:"exchanges,omitempty"` // the number of exchanges that were judged by it
}

// ClauseCounts holds the number of clauses with each status.
type ClauseCounts struct {
	Total      int `json:"total"`
	Proved     int `json:"proved"`
	Broken     int `json:"broken"`
	Unproved   int `json:"unproved"`
	Untestable int `json:"untestable"`
}

// Add counts the status of one clause.
func (c *ClauseCounts) Add(s ClauseStatus) {
	c.Total++
	switch s {
	case Proved:
		c.Proved++
	case Violated:
		c.Broken++
	case Unproved:
		c.Unproved++
	case Untestable:
		c.Untestable++
	}
}
