package mock

import (
	"cmp"
	"slices"
	"time"
)

// anyTarget picks whatever a change is asked for.
func anyTarget(target) bool { return true }

// answering gives the rules of an action that give one refusal another one.
func answering(action string, old, now refusal) injection {
	return answeringWhen(action, old, now, anyTarget)
}

// answeringWhen does so for some of what the rules apply to.
func answeringWhen(action string, old, now refusal, when func(t target) bool) injection {
	return func(m *Mock) {
		what := m.behaviour.changes[action]
		i := ruleOf(what, old)
		applies := what.rules[i].applies
		what.rules = slices.Insert(what.rules, i, rule{
			func(t target) bool { return applies(t) && when(t) }, now,
		})
	}
}

// exempting lets an action accept some targets that one of its rules refuses.
func exempting(action string, of refusal, when func(t target) bool) injection {
	return func(m *Mock) {
		what := m.behaviour.changes[action]
		i := ruleOf(what, of)
		applies := what.rules[i].applies
		what.rules[i].applies = func(t target) bool { return applies(t) && !when(t) }
	}
}

// ruleOf returns the index of the rule that gives a refusal.
func ruleOf(c *change, refusal refusal) int {
	return slices.IndexFunc(c.rules, func(r rule) bool { return r.refusal.code == refusal.code })
}

// inStatus picks what is asked of instances in one of these statuses.
func inStatus(statuses ...string) func(t target) bool {
	return func(t target) bool { return t.found && slices.Contains(statuses, t.instance.Status) }
}

// observing changes what an instance is, and looks like, from an action's change on.
func observing(action string, alter func(in *Instance, r *record, now time.Time)) injection {
	return func(m *Mock) {
		displaying(action, alter)(m)
		m.behaviour.state = m.behaviour.observe
	}
}

// displaying changes what an instance looks like from an action's change on, and not what it is.
func displaying(action string, alter func(in *Instance, r *record, now time.Time)) injection {
	return func(m *Mock) {
		next := m.behaviour.observe
		m.behaviour.observe = func(r *record, now time.Time) Instance {
			in := next(r, now)
			if r.by(action) {
				alter(&in, r, now)
			}
			return in
		}
	}
}

// during gives instances another status while their transition is between two shares of
// its time: see [transition.share].
func during(from, to float64, status string) func(in *Instance, r *record, now time.Time) {
	return func(in *Instance, r *record, now time.Time) {
		if share := r.transition.share(now); share >= from && share < to {
			in.Status = status
		}
	}
}

// adding refuses further changes, when no other rule does.
func adding(action string, refusal refusal, applies func(t target) bool) injection {
	return func(m *Mock) {
		what := m.behaviour.changes[action]
		what.rules = append(what.rules, rule{applies, refusal})
	}
}

// afterwards does something once a change has been answered with a refusal.
func afterwards(action string, of refusal, do func(m *Mock, c *call, p params)) injection {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			o := next(m, c, p)
			if o.refusal.code == of.code {
				do(m, c, p)
			}
			return o
		}
	})
}

// replace gives an instance another record, which begins from its state. A change that
// returns nil leaves it alone.
func replace(m *Mock, id string, now time.Time, change func(in Instance, r *record) *record) {
	e := m.store.find(id)
	for e != nil {
		r := e.record.Load()
		if r == nil {
			return
		}
		changed := change(m.behaviour.state(r, now), r)
		if changed == nil || e.record.CompareAndSwap(r, changed) {
			return
		}
	}
}

// begin starts a change that no rule was asked about. A resize to no type is one to the
// type that the instance has.
func begin(m *Mock, action, id, to string, now time.Time) {
	replace(m, id, now, func(in Instance, _ *record) *record {
		if action == modifyType {
			to = cmp.Or(to, in.Type)
		}
		return &record{instance: in, transition: m.toward(action, to, now)}
	})
}

// retype gives an instance another type at once.
func retype(m *Mock, id, to string, now time.Time) {
	replace(m, id, now, func(in Instance, _ *record) *record {
		in.Type = to
		in.CPU, in.Memory = m.catalogue.specs[to].cpu, m.catalogue.specs[to].memory
		return &record{instance: in}
	})
}

// starting alters the transition that an action begins.
func starting(action string, alter func(m *Mock, asked, next *record)) injection {
	return func(m *Mock) {
		start := m.behaviour.start
		m.behaviour.start = func(e *entry, asked, next *record) bool {
			if next.by(action) {
				alter(m, asked, next)
			}
			return start(e, asked, next)
		}
	}
}
