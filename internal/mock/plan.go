package mock

import (
	"slices"
	"sync"
	"time"
)

// Plan says how a change goes that a test wants to go otherwise than usual.
type Plan struct {
	Fails bool          // the instance returns to the status that it had, with the type that it had
	Takes time.Duration // from the answer to the end; 0: as long as any other
}

// plans are the plans for the next changes, by action, first come, first served.
type plans struct {
	mu   sync.Mutex
	next map[string][]Plan
}

// Plan has the next change that this action begins go as planned. Plans queue up: each is
// used once, by a call that is accepted.
func (m *Mock) Plan(action string, p Plan) {
	m.plans.mu.Lock()
	defer m.plans.mu.Unlock()
	if m.plans.next == nil {
		m.plans.next = map[string][]Plan{}
	}
	m.plans.next[action] = append(m.plans.next[action], p)
}

func (q *plans) take(action string) (Plan, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := q.next[action]
	if len(waiting) == 0 {
		return Plan{}, false
	}
	q.next[action] = waiting[1:]
	return waiting[0], true
}

// giveBack returns the plan of a change that another call came before.
func (q *plans) giveBack(action string, p Plan) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.next[action] = slices.Insert(q.next[action], 0, p)
}

func (q *plans) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.next = nil
}

// follow has a transition go as planned; was is the status that the instance comes from.
func (t *Transition) follow(p Plan, was string) {
	if p.Takes > 0 {
		t.End = t.Start.Add(p.Takes)
	}
	if p.Fails {
		t.Ends, t.To = was, ""
	}
}
