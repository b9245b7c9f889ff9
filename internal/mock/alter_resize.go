package mock

import (
	"cmp"
	"slices"
	"time"
)

// answering gives the rules that give one refusal another one.
func answering(old, now refusal) plant {
	return answeringWhen(old, now, func(target) bool { return true })
}

// answeringWhen does so for some of what the rules apply to.
func answeringWhen(old, now refusal, when func(t target) bool) plant {
	return func(m *Mock) {
		i := slices.IndexFunc(m.behaviour.rules, func(r rule) bool { return r.refusal.code == old.code })
		applies := m.behaviour.rules[i].applies
		m.behaviour.rules = slices.Insert(m.behaviour.rules, i, rule{
			func(t target) bool { return applies(t) && when(t) }, now,
		})
	}
}

// overlooking has a rule not apply to some of what it is for.
func overlooking(of refusal, when func(t target) bool) plant {
	return func(m *Mock) {
		i := slices.IndexFunc(m.behaviour.rules, func(r rule) bool { return r.refusal.code == of.code })
		applies := m.behaviour.rules[i].applies
		m.behaviour.rules[i].applies = func(t target) bool { return applies(t) && !when(t) }
	}
}

// inStatus picks what is asked of instances in one of these statuses.
func inStatus(statuses ...string) func(t target) bool {
	return func(t target) bool { return t.found && slices.Contains(statuses, t.instance.Status) }
}

// observing changes what an instance is, and looks like, from its resize on.
func observing(change func(in *Instance, r *record, now time.Time)) plant {
	return func(m *Mock) {
		displaying(change)(m)
		m.behaviour.state = m.behaviour.observe
	}
}

// displaying changes what an instance looks like from its resize on, and not what it is.
func displaying(change func(in *Instance, r *record, now time.Time)) plant {
	return func(m *Mock) {
		next := m.behaviour.observe
		m.behaviour.observe = func(r *record, now time.Time) Instance {
			in := next(r, now)
			if r.resize != nil {
				change(&in, r, now)
			}
			return in
		}
	}
}

// during gives instances another status while their resize is between two shares of its
// time: see [resize.share].
func during(from, to float64, status string) func(in *Instance, r *record, now time.Time) {
	return func(in *Instance, r *record, now time.Time) {
		if share := r.resize.share(now); share >= from && share < to {
			in.Status = status
		}
	}
}

// share tells how far a resize is: 0 at its start, 1 at its end, and more afterwards. A
// read that came in before the resize and looks after it finds it at its start.
func (r *resize) share(now time.Time) float64 {
	return max(0, float64(now.Sub(r.start))/float64(r.end.Sub(r.start)))
}

// adding refuses further resizes, when no other rule does.
func adding(refusal refusal, applies func(t target) bool) plant {
	return func(m *Mock) { m.behaviour.rules = append(m.behaviour.rules, rule{applies, refusal}) }
}

// afterwards does something once a resize has been answered with a refusal.
func afterwards(of refusal, do func(m *Mock, c *call, p params)) plant {
	return performing(modifyType, func(_ *Mock, next perform) perform {
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
func (m *Mock) replace(id string, now time.Time, change func(in Instance, r *record) *record) {
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

// begin starts a resize that no rule was asked about.
func (m *Mock) begin(id, to string, now time.Time) {
	m.replace(id, now, func(in Instance, _ *record) *record {
		return &record{instance: in, resize: &resize{
			start: now, end: now.Add(m.resizeTime), to: cmp.Or(to, in.Type), gives: m.catalogue.specs[cmp.Or(to, in.Type)],
		}}
	})
}

// retype gives an instance another type at once.
func (m *Mock) retype(id, to string, now time.Time) {
	m.replace(id, now, func(in Instance, _ *record) *record {
		in.Type = to
		in.CPU, in.Memory = m.catalogue.specs[to].cpu, m.catalogue.specs[to].memory
		return &record{instance: in}
	})
}

// starting changes a resize before it begins.
func starting(change func(m *Mock, asked, resized *record)) plant {
	return func(m *Mock) {
		next := m.behaviour.start
		m.behaviour.start = func(e *entry, asked, resized *record) bool {
			change(m, asked, resized)
			return next(e, asked, resized)
		}
	}
}
