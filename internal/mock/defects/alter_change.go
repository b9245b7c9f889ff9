package defects

import (
	"cmp"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// anyTarget selects every target.
func anyTarget(mock.Target) bool { return true }

// answering replaces a refusal in the rules of an action.
func answering(action string, old, now mock.Refusal) injection {
	return answeringWhen(action, old, now, anyTarget)
}

// answeringWhen replaces a refusal in the rules of an action for some targets.
func answeringWhen(action string, old, now mock.Refusal, when func(t mock.Target) bool) injection {
	return func(m *mock.Mock) {
		what := m.Behaviour.Changes[action]
		i := ruleOf(what, old)
		applies := what.Rules[i].Applies
		what.Rules = slices.Insert(what.Rules, i, mock.Rule{
			Applies: func(t mock.Target) bool { return applies(t) && when(t) }, Refusal: now,
		})
	}
}

// exempting makes an action accept some targets that one of its rules refuses.
func exempting(action string, of mock.Refusal, when func(t mock.Target) bool) injection {
	return func(m *mock.Mock) {
		what := m.Behaviour.Changes[action]
		i := ruleOf(what, of)
		applies := what.Rules[i].Applies
		what.Rules[i].Applies = func(t mock.Target) bool { return applies(t) && !when(t) }
	}
}

// ruleOf returns the index of the rule with a refusal.
func ruleOf(c *mock.Work, refusal mock.Refusal) int {
	return slices.IndexFunc(c.Rules, func(r mock.Rule) bool { return r.Refusal.Code == refusal.Code })
}

// inStatus selects targets in one of the statuses.
func inStatus(statuses ...string) func(t mock.Target) bool {
	return func(t mock.Target) bool { return t.Found && slices.Contains(statuses, t.Instance.Status) }
}

// observing alters both the state of an instance and what reads show of it, starting with an
// action's change.
func observing(action string, alter func(in *mock.Instance, r *mock.Record, now time.Time)) injection {
	return func(m *mock.Mock) {
		displaying(action, alter)(m)
		m.Behaviour.State = m.Behaviour.Observe
	}
}

// displaying alters only what reads show of an instance, starting with an action's change.
func displaying(action string, alter func(in *mock.Instance, r *mock.Record, now time.Time)) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Observe
		m.Behaviour.Observe = func(r *mock.Record, now time.Time) mock.Instance {
			in := next(r, now)
			if r.By(action) {
				alter(&in, r, now)
			}
			return in
		}
	}
}

// during shows another status of instances while their transition is between two shares of its
// time: see [transition.share].
func during(from, to float64, status string) func(in *mock.Instance, r *mock.Record, now time.Time) {
	return func(in *mock.Instance, r *mock.Record, now time.Time) {
		if share := r.Transition.Share(now); share >= from && share < to {
			in.Status = status
		}
	}
}

// adding adds a rule that refuses further changes.
func adding(action string, refusal mock.Refusal, applies func(t mock.Target) bool) injection {
	return func(m *mock.Mock) {
		what := m.Behaviour.Changes[action]
		what.Rules = append(what.Rules, mock.Rule{Applies: applies, Refusal: refusal})
	}
}

// afterwards runs a function after a change was answered with a refusal.
func afterwards(action string, of mock.Refusal, do func(m *mock.Mock, c *mock.Call, p mock.Params)) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			if o.Refusal.Code == of.Code {
				do(m, c, p)
			}
			return o
		}
	})
}

// replace gives an instance a new record that begins from its current state. If change returns nil,
// the instance is left alone.
func replace(m *mock.Mock, id string, now time.Time, change func(in mock.Instance, r *mock.Record) *mock.Record) {
	e := m.Store.Find(id)
	for e != nil {
		r := e.Record.Load()
		if r == nil {
			return
		}
		changed := change(m.Behaviour.State(r, now), r)
		if changed == nil || e.Record.CompareAndSwap(r, changed) {
			return
		}
	}
}

// begin starts a change without checking the rules. A resize without a type keeps the instance's
// type.
func begin(m *mock.Mock, action, id, to string, now time.Time) {
	replace(m, id, now, func(in mock.Instance, _ *mock.Record) *mock.Record {
		if action == mock.ModifyType {
			to = cmp.Or(to, in.Type)
		}
		return &mock.Record{Instance: in, Transition: m.Toward(action, to, now)}
	})
}

// retype changes the type of an instance at once.
func retype(m *mock.Mock, id, to string, now time.Time) {
	replace(m, id, now, func(in mock.Instance, _ *mock.Record) *mock.Record {
		in.Type = to
		in.CPU, in.Memory = m.Specifications.Specs[to].CPU, m.Specifications.Specs[to].Memory
		return &mock.Record{Instance: in}
	})
}

// starting alters the transition that an action begins.
func starting(action string, alter func(m *mock.Mock, asked, next *mock.Record)) injection {
	return func(m *mock.Mock) {
		start := m.Behaviour.Start
		m.Behaviour.Start = func(e *mock.Entry, asked, next *mock.Record) bool {
			if next.By(action) {
				alter(m, asked, next)
			}
			return start(e, asked, next)
		}
	}
}
