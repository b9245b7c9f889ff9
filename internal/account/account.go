// Package account judges traffic by what each request deserved. It keeps a model of the account,
// built from the traffic alone: which subjects were seen, in which status, with which value, and
// which changes run on them.
//
// What the traffic leaves open stays open. An answer is a finding only if it is none of the answers
// that the contract allows for any possible order of the events; requests that overlap have no
// order. The package sends nothing and knows no scenarios. It takes operations, statuses and
// clauses from the contract. What can be judged from a single answer (its envelope, its schema, its
// request id) is judged elsewhere.
package account

import (
	"container/heap"
	"net/http"
	"time"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Options describe what is known about the traffic from other sources.
type Options struct {
	// Exclusive means that nobody else changed the subjects during the recording. Without it,
	// somebody else may have changed any status at any time.
	Exclusive bool
	// Others means that the account has subjects that the requests do not name. They come, go and
	// change even if Exclusive is set.
	Others bool
	// Single limits judging to what single answers show, where the violated clause is known. It
	// leaves out what depends on repetition or duration (the work was over before the answer, never
	// began, or must still have been running), contradictions between two readers, and values that
	// nothing explains or that may not exist.
	Single bool
	// Within is the longest time that a change may take; zero means no limit.
	Within time.Duration
	// Credentials make it possible to check signatures and tokens; if nil, these are not judged.
	Credentials *Credentials
	// Redacted means that the recorder replaced correct credentials, and only those, with
	// secret.Redacted.
	Redacted bool
	// Moved is called for each status of a subject that differs from the previous one; it may be
	// nil.
	Moved func(id, from, to string)
}

// Credentials are the credentials that the traffic was authenticated with.
type Credentials struct {
	KeyID           string
	Password, Token secret.Value
}

// Finding is a finding about one exchange.
type Finding struct {
	verdict.Finding
	Exchange wire.Exchange
	Number   int // the position of the exchange in the order of Add, starting at 1
}

// Judge judges one session of traffic. It must not be used by several goroutines.
type Judge struct {
	*Rules
	options Options

	added        int
	pending      pending
	changes      []*change // changing calls that a later exchange may still overlap
	subjects     map[string]*subject
	signed       bool // a request had an Authorization header, so the recorder does not remove them
	failures     map[string]int
	pages        map[string]*pages // the pages of listings of named subjects
	orders       orders
	findings     []Finding
	proved       map[string]int
	answered     map[wire.Operation]*answered
	right        map[wire.Operation]*rightCalls
	trajectories []verdict.Trajectory

	changed    int                    // the number of accepted changes
	lastChange map[wire.Operation]int // the number of the last change of each operation
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

// event is one exchange with the parts that are read from it once.
type event struct {
	place  string
	number int
	x      wire.Exchange
	op     wire.Operation
	faulty bool          // the exchange by itself violates a clause
	other  bool          // it is not judged: see Other
	blamed bool          // a finding about its acceptance has been made
	took   time.Duration // an upper bound for the duration of its change after the answer; 0 if none was seen to end
	ask    request
	answer wire.Answer
	rows   []string // the ids that the answer lists, read on first use
}

// key is equal for requests that ask for the same.
func (e *event) key() string      { return e.op.Action + "\x00" + string(e.x.Sent.Body) }
func (e *event) start() time.Time { return e.x.Timing.Start }
func (e *event) end() time.Time   { return e.x.Timing.Finished() }

// Add takes the next exchange, in the order in which the exchanges began. It returns the findings
// about exchanges that no later exchange can overlap. faulty means that the exchange by itself
// violates a clause, so that its other faults are no further finding. place tells people where the
// exchange is recorded.
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

// End judges the remaining exchanges and returns the findings about them.
func (j *Judge) End() []Finding {
	for j.pending.Len() > 0 {
		j.judge(heap.Pop(&j.pending).(*event))
	}
	j.finish()
	return j.take()
}

// Trajectories returns the statuses of every subject that a change was called on.
func (j *Judge) Trajectories() []verdict.Trajectory { return j.trajectories }

// Proved returns, for each clause, how many answers were checked against it and kept it.
func (j *Judge) Proved() map[string]int { return j.proved }

// prove counts an answer that keeps the clause with a role.
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

// find makes a finding, unless the contract does not have the clause.
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

// clause returns the id of the clause with a role for an operation, "" if there is none.
func (j *Judge) clause(role verdict.Role, op wire.Operation) string {
	c, _ := j.contract.ByRole(role, op)
	return c.ID
}

// pending is a heap of exchanges, ordered by when they ended.
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
