package mock

import (
	"slices"
	"sync"
	"time"
)

// Plan changes the course of a single change, for tests.
type Plan struct {
	Fails bool          // the instance returns to its previous status and type
	Takes time.Duration // from the answer to the end; 0 means the usual time
}

// plans are queues of plans for the next changes, by action.
type plans struct {
	mu   sync.Mutex
	next map[string][]Plan
}

// Plan applies a plan to the next change that this action begins. Plans queue up, and each is used
// once, by an accepted call.
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

// giveBack returns the plan of a change that a concurrent call has prevented.
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

// follow applies a plan to a transition. was is the status before it.
func (t *Transition) follow(p Plan, was string) {
	if p.Takes > 0 {
		t.End = t.Start.Add(p.Takes)
	}
	if p.Fails {
		t.Ends, t.To = was, ""
	}
}
