package lifecycle

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Definition describes what a changing operation does to its subjects, and where that can be read.
// A list of states contains every state that is allowed at that point.
type Definition struct {
	Operation wire.Operation // the operation that starts the change
	Kind      string         // what the subject is, such as instance
	Subject   string         // the request parameter that names the subject
	Batch     bool           // Subject is an array: several subjects in one request
	Failed    string         // the response member that lists the failed subjects; "" if there is none
	Observed  Reading        // reads the status
	Also      []Reading      // other readings that show the same status
	Start     []string       // statuses in which the operation is carried out
	Tolerated []string       // statuses in which it may be carried out or refused
	Transient []string       // statuses during the change
	End       []string       // statuses that prove success
	Failure   []string       // statuses that prove failure
	Wanted    string         // the request parameter for the new value; "" if the operation only changes the status
	Number    bool           // Wanted is a number rather than a string
	Changed   Reading        // reads the value; zero if Wanted is ""
	Besides   map[string]any // a valid value for each other required parameter
	Inverse   string         // the action that undoes the change; "" if there is none
	Denied    Denied
	States    []string // every documented status
	Passing   []string // the documented statuses that a subject leaves on its own
	Recycled  []string // the documented statuses of a subject in the recycle bin
}

// Denied holds the error responses to requests that cannot be carried out. A zero Pair means that
// the documents state none.
type Denied struct {
	Absent verdict.Pair // the subject does not exist
	Start  verdict.Pair // the subject is not in a start status
}

// Reading says where a read operation shows a value of a subject: in the member Field of the row
// whose member Key is the subject's id.
type Reading struct {
	Operation wire.Operation
	Filter    string // the request parameter that takes a list of ids
	Most      int    // the maximum number of ids in Filter; 0 if no document limits it
	Size      string // the request parameter for the page size; "" if there is none
	Page      int    // the default page size; 0 if no document states it
	Number    string // the request parameter for the page number; "" if there is none
	Rows      string // the response member with the array of rows
	Total     string // the response member with the number of matching rows; "" if there is none
	Key       string
	Field     string
	Clause    string // the clause that documents Field; "" if none does
	Numeric   bool   // Field is a number rather than a string
}

// idsPerRead is the number of ids in one read, a common default page size.
const idsPerRead = 20

// Together returns the number of ids in one read: no more than the documents allow, or fit on a
// page.
func (r Reading) Together() int {
	most := idsPerRead
	for _, limit := range []int{r.Most, r.Page} {
		if limit > 0 {
			most = min(most, limit)
		}
	}
	return most
}

// Wants describes the type that Field must have.
func (r Reading) Wants() string {
	if r.Numeric {
		return "a number"
	}
	return "a string"
}

// Valued reports whether the operation sets a value, in addition to the status.
func (d Definition) Valued() bool { return d.Wanted != "" }

// Asked returns a value in the form for a request.
func (d Definition) Asked(value string) any {
	if d.Number && json.Valid([]byte(value)) {
		return json.Number(value)
	}
	return value
}

// AskedIn returns the value that a request body asks for, "" if it asks for none.
func (d Definition) AskedIn(body []byte) string {
	var members map[string]json.RawMessage
	if !d.Valued() || json.Unmarshal(body, &members) != nil { // a body typed by hand may contain anything
		return ""
	}
	var value string
	if raw := members[d.Wanted]; json.Unmarshal(raw, &value) != nil && d.Number {
		var number json.Number
		_ = json.Unmarshal(raw, &number)
		value = number.String()
	}
	return value
}

// Restored returns the reading of what must be restored: the value that the operation sets,
// otherwise the status.
func (d Definition) Restored() Reading {
	if d.Valued() {
		return d.Changed
	}
	return d.Observed
}

// ValueName returns the display name of what must be restored: the field's name without the kind of
// the subject, so that diskSize of a disk becomes size.
func (d Definition) ValueName() string {
	name := d.Restored().Field
	rest, found := strings.CutPrefix(name, d.Kind)
	if first, width := utf8.DecodeRuneInString(rest); found && unicode.IsUpper(first) {
		name = string(unicode.ToLower(first)) + rest[width:]
	}
	return name
}

// Returns reports whether the change leaves its subject as it was, so that nothing must be undone:
// it ends in the status in which it began, and sets no value.
func (d Definition) Returns() bool {
	return d.Wanted == "" && len(d.Start) == 1 && slices.Equal(d.Start, d.End)
}

// Reversible reports whether the harness can undo the change.
func (d Definition) Reversible() bool { return d.Inverse != "" || d.Returns() }

// Repeats reports whether the operation can be carried out again on its subject: it ends in a start
// status, or another operation leads back.
func (d Definition) Repeats() bool {
	return d.Inverse != "" || !slices.ContainsFunc(d.End, func(s string) bool { return !slices.Contains(d.Start, s) })
}

// StatusAt returns where an operation shows the status, and whether it does.
func (d Definition) StatusAt(op wire.Operation) (Reading, bool) {
	for _, r := range append([]Reading{d.Observed}, d.Also...) {
		if r.Operation == op {
			return r, true
		}
	}
	return Reading{}, false
}

// Lists reports whether a JSON pointer into an answer leads to the rows of one of the readings.
func (d Definition) Lists(place string) bool {
	for _, r := range append([]Reading{d.Observed, d.Changed}, d.Also...) {
		if r.Rows != "" && place == "/response/"+r.Rows {
			return true
		}
	}
	return false
}

// ReadingAt returns what an operation shows of a subject: its status, otherwise the changed value.
// It reports whether it shows either.
func (d Definition) ReadingAt(op wire.Operation) (Reading, bool) {
	if r, shows := d.StatusAt(op); shows {
		return r, true
	}
	if d.Wanted != "" && d.Changed.Operation == op {
		return d.Changed, true
	}
	return Reading{}, false
}

// Unended reports whether a subject in a status is not at rest: a change is running, or the status
// is a passing one. A status counts as passing unless a document says otherwise.
func (d Definition) Unended(status string) bool {
	return slices.Contains(d.Transient, status) || len(d.States) > 0 && !slices.Contains(d.States, status) ||
		slices.Contains(d.Passing, status) && !slices.Contains(d.Start, status) && !slices.Contains(d.End, status)
}

// ValueCounts reports whether the changed value in a row counts. If the row also shows the status,
// it must show the end of the operation.
func (d Definition) ValueCounts(row map[string]string) bool {
	status, known := d.StatusAt(d.Changed.Operation)
	return !known || slices.Contains(d.End, row[status.Field])
}

// Rules returns the rules for trajectories of the operation.
func (d Definition) Rules(settle time.Duration) Rules {
	return Rules{Start: d.Start, Transient: d.Transient, End: d.End, Failure: d.Failure, Passing: d.Passing, Known: d.States, Settle: settle}
}
