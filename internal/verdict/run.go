package verdict

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// SchemaVersion is the version of the report's shape, reports/report.schema.json. Reports
// of version 1.0 are still read: they lack the verdict "selected passed" and fingerprints.
const SchemaVersion = "2.0"

// Readable returns an error when this program does not understand reports of a schema version.
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

// Run is what one run found. Scenarios stand in the order of the features,
// whatever order they ran in.
type Run struct {
	SchemaVersion string    `json:"schemaVersion"`
	Verdict       Verdict   `json:"verdict"`
	Fault         Origin    `json:"fault,omitempty"` // whose, when the verdict is broken
	Summary       Summary   `json:"summary"`
	Tool          Tool      `json:"tool"`
	Contract      Document  `json:"contract"`
	Features      Document  `json:"features,omitzero"`
	Target        Target    `json:"target"`
	Selection     Selection `json:"selection"`
	// Unrestored are the instances that did not get their type back: nothing in a
	// report matters more.
	Unrestored []Unrestored   `json:"unrestored,omitempty"`
	Waivers    []WaiverResult `json:"waivers,omitempty"` // of this target, with what became of them
	Clauses    []ClauseResult `json:"clauses"`
	Scenarios  []Scenario     `json:"scenarios"`
	Fixture    *Fixture       `json:"fixture,omitempty"`   // of a run at an endpoint
	Recording  *Recording     `json:"recording,omitempty"` // what was judged, where it was recorded traffic and no run
	Call       string         `json:"call,omitempty"`      // how the command begins that sends one request to the target by hand; none for the built-in mock
	Repeat     string         `json:"repeat,omitempty"`    // the command that makes the run again; none makes a run that was joined
	Volatile   Volatile       `json:"volatile"`
}

// Summary is the run in numbers.
type Summary struct {
	Scenarios Counts       `json:"scenarios"`
	Clauses   ClauseCounts `json:"clauses"`
	Exchanges int          `json:"exchanges"`
	Findings  int          `json:"findings"`
}

// Tool is the program that made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
}

// Document identifies a text the run was based on.
type Document struct {
	Title   string `json:"title"`
	Version string `json:"version,omitempty"`
	SHA256  string `json:"sha256"`
	Folder  string `json:"folder,omitempty"` // where feature files lie that are not built in, as the command named it

	Sources []SourceDocument `json:"sources,omitempty"` // of a contract: the public documents that it is made from
	Pages   string           `json:"pages,omitempty"`   // of a contract: the https address of its pages for readers, a README.md or an index.html; "": none is known
}

// SourceDocument is a public document that clauses come from, or several of one kind.
type SourceDocument struct {
	Mark      Source   `json:"mark"`
	Title     string   `json:"title"`
	TitleZh   string   `json:"titleZh,omitempty"`
	Read      string   `json:"read,omitempty"`      // when it was read, an ISO 8601 interval; "" when it was not
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
	Judged     int            `json:"judged"`               // those that say something
	Others     int            `json:"others"`               // of other paths, actions and versions, not judged
	Duplicates int            `json:"duplicates"`           // recorded before, in another file or twice
	NoEvidence map[string]int `json:"noEvidence"`           // those that say nothing, by cause
	Unreadable []string       `json:"unreadable,omitempty"` // the first entries that cannot be read, with their place
	Unshown    []string       `json:"unshown,omitempty"`    // findings of the run that was recorded which the recording does not show, with their place
}

// Fixture are the calls that prepared instances and restored them outside of the scenarios.
type Fixture struct {
	Complete  bool            `json:"complete"` // with those of the scenarios they are all that may have changed an instance
	Exchanges []wire.Exchange `json:"exchanges"`
}

// Unrestored is an instance that a run has changed, or may have changed, and could not
// restored.
type Unrestored struct {
	Instance string `json:"instance"`
	Type     string `json:"type"`              // the one it is to have again
	Kind     string `json:"kind,omitempty"`    // what the contract calls it; "": an instance
	Value    string `json:"value,omitempty"`   // what Type is of it, such as its size; "": its type
	Reason   string `json:"reason"`            // what it is instead, as far as that is known
	ReasonZh string `json:"-"`                 // the same in Chinese, for who watches the run; reports quote it in English
	Journal  string `json:"journal,omitempty"` // the file that keeps what has to be restored
	Cleanup  string `json:"cleanup,omitempty"` // the command that restores it
}

// Selection is what was asked to run, and in which order.
type Selection struct {
	Tags      string   `json:"tags,omitempty"`
	Scenarios []string `json:"scenarios,omitempty"`
	Selected  int      `json:"selected"`  // scenarios that ran
	Available int      `json:"available"` // scenarios in the features
	Seed      int64    `json:"seed"`
	Parallel  int      `json:"parallel"`
	Shard     *Shard   `json:"shard,omitempty"`   // which part of what was asked for ran; nil: all of it
	Resumed   int      `json:"resumed,omitempty"` // scenarios that ended in an earlier run, which was interrupted
	Ended     string   `json:"ended,omitempty"`   // why scenarios were not started, as "at its first finding"; "": all were
}

// Shard is one of the equal parts that a selection was split into.
type Shard struct {
	Index int `json:"index"` // from 1 to Total
	Total int `json:"total"`
}

// Volatile is what differs between two runs that are otherwise the same.
type Volatile struct {
	Started  time.Time     `json:"started"` // UTC
	Duration time.Duration `json:"durationNs"`
}

// Scenario is one case of a feature and how it ended.
type Scenario struct {
	ID       string   `json:"id"` // the fixed tag; of an outline: tag[first cell]
	Name     string   `json:"name"`
	Feature  string   `json:"feature"`
	File     string   `json:"file"` // relative to the features folder
	Line     int      `json:"line"`
	Rule     string   `json:"rule,omitempty"`
	Clauses  []string `json:"clauses"`
	Tags     []string `json:"tags"`
	Language string   `json:"language,omitempty"` // of the feature file

	Shared *Shared `json:"shared,omitempty"` // whose evidence it was judged by; nil: its own

	Outcome  Outcome    `json:"outcome"`
	Reason   string     `json:"reason,omitempty"` // why skipped, inconclusive or broken
	Cause    wire.Cause `json:"cause,omitempty"`  // why inconclusive
	Fault    Origin     `json:"fault,omitempty"`  // whose, when broken
	Findings []Finding  `json:"findings,omitempty"`

	Steps        []Step          `json:"steps"`
	Trajectories []Trajectory    `json:"trajectories,omitempty"`
	Choices      []Choice        `json:"choices,omitempty"`
	Start        time.Time       `json:"start"`
	Duration     time.Duration   `json:"durationNs"`
	Repeat       string          `json:"repeat"` // the command that runs it again
	Exchanges    []wire.Exchange `json:"exchanges,omitempty"`
}

// Shared says whose evidence a scenario was judged by besides its own, where changes and
// requests cost something.
type Shared struct {
	Scenario string     `json:"scenario"` // the id of the one that made it
	How      SharedKind `json:"how"`
}

// SharedKind is what two scenarios share.
type SharedKind string

// What scenarios share.
const (
	SharedChanges SharedKind = "changes" // its steps were performed on what the other one has read of its changes
	SharedState   SharedKind = "state"   // the other one has read last how its instances were before
	SharedSteps   SharedKind = "steps"   // the other one has all of its steps, in whatever language
)

// Step is one sentence of a scenario and how it ended.
type Step struct {
	Keyword   string        `json:"keyword"`
	Text      string        `json:"text"`
	Line      int           `json:"line"`
	Outcome   Outcome       `json:"outcome"`
	Message   string        `json:"message,omitempty"`
	Exchanges int           `json:"exchanges"` // how many exchanges the scenario had when the step was over
	Duration  time.Duration `json:"durationNs"`
}

// Choice is which of several answers the documents allow the endpoint chose.
type Choice struct {
	Clause string `json:"clause"`
	Answer string `json:"answer"`
}

// ClauseStatus is what a run shows of a clause.
type ClauseStatus string

// The statuses of a clause.
const (
	Proved     ClauseStatus = "proved"     // every scenario of it that ran passed, at least one
	Violated   ClauseStatus = "broken"     // a finding names it
	Unproved   ClauseStatus = "unproved"   // no scenario of it was passed
	Untestable ClauseStatus = "untestable" // cannot be seen from outside
)

// ClauseStatuses returns the statuses of a clause.
func ClauseStatuses() []ClauseStatus { return []ClauseStatus{Proved, Violated, Unproved, Untestable} }

// String returns the status as people read it. Files have kept the word "broken" for a
// violated clause since schema version 1.
func (s ClauseStatus) String() string {
	if s == Violated {
		return "violated"
	}
	return string(s)
}

// ClauseResult is a clause with what the run shows of it.
type ClauseResult struct {
	Clause
	Status    ClauseStatus `json:"status"`
	Scenarios []string     `json:"scenarios,omitempty"` // the ids of the scenarios that bear it
	Exchanges int          `json:"exchanges,omitempty"` // how many exchanges were judged by it
}

// ClauseCounts is how many clauses have which status.
type ClauseCounts struct {
	Total      int `json:"total"`
	Proved     int `json:"proved"`
	Broken     int `json:"broken"`
	Unproved   int `json:"unproved"`
	Untestable int `json:"untestable"`
}

// Add counts one clause's status.
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
