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

// Definition is what a changing operation does to its subjects, and where that can be
// read. A list of states holds every state that is right at that point.
type Definition struct {
	Operation wire.Operation // the operation that begins the work
	Kind      string         // what the subject is, such as instance
	Subject   string         // the request parameter that names the subject
	Batch     bool           // Subject is an array: several subjects in one request
	Failed    string         // the response member that lists the subjects not carried out; "" if there is none
	Observed  Reading        // reads the status
	Also      []Reading      // further reads that show the same status
	Start     []string       // statuses from which the operation is carried out
	Tolerated []string       // statuses from which it may be carried out or refused
	Transient []string       // statuses while the work runs
	End       []string       // statuses that prove success
	Failure   []string       // statuses that prove failure
	Wanted    string         // the request parameter that asks for a value; "" if the operation changes the status alone
	Number    bool           // Wanted is a number, else a string
	Changed   Reading        // reads that value; the zero Reading if Wanted is ""
	Besides   map[string]any // a right value for each further parameter that is required
	Inverse   string         // the action that undoes the work; "" if there is none
	Denied    Denied
	States    []string // every documented status
	Passing   []string // the documented statuses that a subject leaves by itself
	Recycled  []string // the documented statuses of a subject in the recycle bin
}

// Denied holds the error responses for requests that cannot be carried out. A zero Pair
// means that the documents state none.
type Denied struct {
	Absent verdict.Pair // the subject does not exist
	Start  verdict.Pair // the subject is in no start status
}

// Reading is a value of a subject, as a read operation shows it: the member Field of
// the row whose member Key is the subject's id.
type Reading struct {
	Operation wire.Operation
	Filter    string // the request parameter that takes a list of ids
	Most      int    // how many ids Filter takes; 0 if no document limits them
	Size      string // the request parameter that says how many rows a page has; "" if there is none
	Page      int    // how many rows a page has whose size is not asked for; 0 if no document says
	Number    string // the request parameter that says which page; "" if there is none
	Rows      string // the response member that is the array of rows
	Total     string // the response member that counts the rows that match; "" if there is none
	Key       string
	Field     string
	Clause    string // the clause that documents Field; "" if none does
	Numeric   bool   // Field is a number, else a string
}

// idsPerRead is how many ids one read names: as many rows as a page mostly holds when its
// size is not named.
const idsPerRead = 20

// Together returns how many ids one read names: no more than the documents allow, or show on a page.
func (r Reading) Together() int {
	most := idsPerRead
	for _, limit := range []int{r.Most, r.Page} {
		if limit > 0 {
			most = min(most, limit)
		}
	}
	return most
}

// Wants says what Field is to be.
func (r Reading) Wants() string {
	if r.Numeric {
		return "a number"
	}
	return "a string"
}

// Valued reports whether the operation asks for a value, which changes besides the status.
func (d Definition) Valued() bool { return d.Wanted != "" }

// Asked returns a value as a request asks for it.
func (d Definition) Asked(value string) any {
	if d.Number && json.Valid([]byte(value)) {
		return json.Number(value)
	}
	return value
}

// AskedIn returns the value that the body of a request asks for; "" where it asks for none.
func (d Definition) AskedIn(body []byte) string {
	var members map[string]json.RawMessage
	if !d.Valued() || json.Unmarshal(body, &members) != nil { // a body typed by hand may be anything
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

// Restored is where that of a subject is read which has to be restored: the value that the operation asks
// for, else the status.
func (d Definition) Restored() Reading {
	if d.Valued() {
		return d.Changed
	}
	return d.Observed
}

// ValueName is what people call that which has to be restored: its field, without the kind of the subject
// before it (the size of a disk for diskSize).
func (d Definition) ValueName() string {
	name := d.Restored().Field
	rest, found := strings.CutPrefix(name, d.Kind)
	if first, width := utf8.DecodeRuneInString(rest); found && unicode.IsUpper(first) {
		name = string(unicode.ToLower(first)) + rest[width:]
	}
	return name
}

// Returns reports whether the work leaves its subject as it was, so that nothing has
// to be undone: it ends in the status in which it began and changes no other value.
func (d Definition) Returns() bool {
	return d.Wanted == "" && len(d.Start) == 1 && slices.Equal(d.Start, d.End)
}

// Reversible reports whether the harness can undo the work.
func (d Definition) Reversible() bool { return d.Inverse != "" || d.Returns() }

// Repeats reports whether the operation can be carried out again on its subject: it ends where it may
// begin, or another one leads back.
func (d Definition) Repeats() bool {
	return d.Inverse != "" || !slices.ContainsFunc(d.End, func(s string) bool { return !slices.Contains(d.Start, s) })
}

// StatusAt returns how an operation shows the status, and whether it does.
func (d Definition) StatusAt(op wire.Operation) (Reading, bool) {
	for _, r := range append([]Reading{d.Observed}, d.Also...) {
		if r.Operation == op {
			return r, true
		}
	}
	return Reading{}, false
}

// Lists reports whether a place in an answer, as a JSON pointer, is the list of rows of one of the readings.
func (d Definition) Lists(place string) bool {
	for _, r := range append([]Reading{d.Observed, d.Changed}, d.Also...) {
		if r.Rows != "" && place == "/response/"+r.Rows {
			return true
		}
	}
	return false
}

// ReadingAt returns how an operation shows a subject: its status, else the changed value, and whether it shows either.
func (d Definition) ReadingAt(op wire.Operation) (Reading, bool) {
	if r, shows := d.StatusAt(op); shows {
		return r, true
	}
	if d.Wanted != "" && d.Changed.Operation == op {
		return d.Changed, true
	}
	return Reading{}, false
}

// Unended reports whether a subject in a status has not come to an end yet: the work runs, or the status passes by
// itself, as one does of which no document says otherwise.
func (d Definition) Unended(status string) bool {
	return slices.Contains(d.Transient, status) || len(d.States) > 0 && !slices.Contains(d.States, status) ||
		slices.Contains(d.Passing, status) && !slices.Contains(d.Start, status) && !slices.Contains(d.End, status)
}

// ValueCounts reports whether the changed value that a row shows counts: a row that shows the status
// besides must show the end of the operation.
func (d Definition) ValueCounts(row map[string]string) bool {
	status, known := d.StatusAt(d.Changed.Operation)
	return !known || slices.Contains(d.End, row[status.Field])
}

// Rules returns what a trajectory of the operation is judged by.
func (d Definition) Rules(settle time.Duration) Rules {
	return Rules{Start: d.Start, Transient: d.Transient, End: d.End, Failure: d.Failure, Passing: d.Passing, Known: d.States, Settle: settle}
}
