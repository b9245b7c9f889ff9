// Package account judges traffic by what each request deserved. It keeps a model of the
// account, from the traffic and only from it: which subjects were seen, in which status, with
// which value, and which changes run on them.
//
// What the traffic leaves open stays open: an answer is a finding only if none of the answers
// that the contract allows in any order of the events is the one that came. Requests that
// overlap have no order. It sends nothing, knows no scenario, and knows operations, statuses
// and clauses only as the contract gives them. An answer by itself (its envelope, its schema,
// its request id) is judged elsewhere.
package account

import (
	"container/heap"
	"net/http"
	"time"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Options say what is known of the traffic beside itself.
type Options struct {
	// Exclusive says that nobody but this traffic changed the subjects while it was recorded.
	// Without it any status may have been changed by somebody else at any time.
	Exclusive bool
	// Others says that the account has subjects besides those that the requests name, which come, go
	// and change whatever Exclusive says.
	Others bool
	// Single says that only what single answers show is judged, where it is known what they violate: not what
	// is a matter of how often or how long (that the work was over before the answer, never began, or must
	// still have run), of two readers that differ, of a value that nothing explains, or of one that may not exist.
	Single bool
	// Within is how long a change may take at most; zero: as long as it likes.
	Within time.Duration
	// Credentials let signatures and tokens be checked; nil: they are not judged.
	Credentials *Credentials
	// Redacted says that the recorder put secret.Redacted in the place of what was right, and
	// nothing in the place of what was not.
	Redacted bool
	// Moved is told of each status of a subject that differs from the last; may be nil.
	Moved func(id, from, to string)
}

// Credentials are what the traffic was authenticated with.
type Credentials struct {
	KeyID           string
	Password, Token secret.Value
}

// Finding is a finding about one of the exchanges.
type Finding struct {
	verdict.Finding
	Exchange wire.Exchange
	Number   int // of the exchange, in the order in which they were added; from 1
}

// Judge judges one session of traffic. It is used by one goroutine.
type Judge struct {
	*Rules
	options Options

	added        int
	pending      pending
	changes      []*change // changing calls that may still overlap an exchange to come
	subjects     map[string]*subject
	signed       bool // some request had an Authorization header: the recorder keeps them
	failures     map[string]int
	pages        map[string]*pages // of listings of subjects that are named
	orders       orders
	findings     []Finding
	proved       map[string]int
	answered     map[wire.Operation]*answered
	right        map[wire.Operation]*rightCalls
	trajectories []verdict.Trajectory

	changed    int                    // changes that were accepted
	lastChange map[wire.Operation]int // the number of the last one of each operation
	lasting    map[wire.Operation]*lasting
	young      []young

	showsRunning map[watching]bool
	early        map[watching]*early
}

// New returns the judge of a session.
func New(r *Rules, o Options) *Judge {
	return &Judge{
		Rules: r, options: o,
		subjects: map[string]*subject{}, failures: map[string]int{}, proved: map[string]int{}, answered: map[wire.Operation]*answered{},
		right: map[wire.Operation]*rightCalls{}, lastChange: map[wire.Operation]int{}, pages: map[string]*pages{}, orders: newOrders(), lasting: map[wire.Operation]*lasting{},
		showsRunning: map[watching]bool{}, early: map[watching]*early{},
	}
}

// event is one exchange, with what is read from it once.
type event struct {
	place  string
	number int
	x      wire.Exchange
	op     wire.Operation
	faulty bool          // the exchange by itself breaks a clause
	other  bool          // it is not judged: see Other
	blamed bool          // its acceptance has its finding
	took   time.Duration // a change of it took no longer, after the answer; 0: none was seen to end
	ask    request
	answer wire.Answer
	rows   []string // the ids that the answer lists, once they were asked for
}

// key tells requests that ask the same.
func (e *event) key() string      { return e.op.Action + "\x00" + string(e.x.Sent.Body) }
func (e *event) start() time.Time { return e.x.Timing.Start }
func (e *event) end() time.Time   { return e.x.Timing.Finished() }

// Add takes the next exchange in the order in which they began, and returns the findings
// about exchanges that nothing to come can overlap. Faulty says that the exchange by itself
// breaks a clause: what it misses besides is no second finding. Place says for people where
// the exchange stands.
func (j *Judge) Add(place string, x wire.Exchange, faulty bool) []Finding {
	j.added++
	j.judgeUntil(x.Timing.Start)
	if sent(x, "Authorization") != "" {
		j.signed = true
	}
	if op, known := j.contract.Operation(x.Operation.Action); known && op == x.Operation && x.Sent.Method == http.MethodPost {
		e := &event{place: place, number: j.added, x: x, op: op, faulty: faulty}
		e.ask = j.read(e)
		if x.Received != nil {
			e.answer = wire.ReadAnswer(*x.Received)
		}
		j.begin(e)
		heap.Push(&j.pending, e)
	}
	return j.take()
}

// End judges what is left and returns the findings about it.
func (j *Judge) End() []Finding {
	for j.pending.Len() > 0 {
		j.judge(heap.Pop(&j.pending).(*event))
	}
	j.finish()
	return j.take()
}

// Trajectories returns the statuses of each subject that a change was called on.
func (j *Judge) Trajectories() []verdict.Trajectory { return j.trajectories }

// Proved returns how many answers were held against each clause and kept it.
func (j *Judge) Proved() map[string]int { return j.proved }

// prove counts an answer that keeps the clause of an operation in a role.
func (j *Judge) prove(role verdict.Role, op wire.Operation) {
	if id := j.clause(role, op); id != "" {
		j.proved[id]++
	}
}

func (j *Judge) judgeUntil(start time.Time) {
	for j.pending.Len() > 0 && j.pending[0].end().Before(start) {
		j.judge(heap.Pop(&j.pending).(*event))
	}
	if len(j.changes) > 0 {
		j.forget(start)
	}
}

func (j *Judge) take() []Finding {
	found := j.findings
	j.findings = nil
	return found
}

// find makes a finding. A clause that the contract does not have is none.
func (j *Judge) find(e *event, clause, where, want, got string) {
	c, known := j.contract.Clause(clause)
	if !known {
		return
	}
	j.findings = append(j.findings, Finding{Exchange: e.x, Number: e.number, Finding: verdict.Finding{
		Clause: c.ID, Source: c.Source, Level: c.Level, Where: where, Want: want, Got: got, RequestID: e.answer.RequestID, Place: e.place,
		Rows: j.contract.Lists(where),
	}})
}

// clause returns the id of the clause of an operation in a role, "" if there is none.
func (j *Judge) clause(role verdict.Role, op wire.Operation) string {
	c, _ := j.contract.ByRole(role, op)
	return c.ID
}

// pending are exchanges by their end.
type pending []*event

func (p pending) Len() int           { return len(p) }
func (p pending) Less(a, b int) bool { return p[a].end().Before(p[b].end()) }
func (p pending) Swap(a, b int)      { p[a], p[b] = p[b], p[a] }
func (p *pending) Push(e any)        { *p = append(*p, e.(*event)) }
func (p *pending) Pop() any {
	last := (*p)[len(*p)-1]
	(*p)[len(*p)-1] = nil
	*p = (*p)[:len(*p)-1]
	return last
}
