package mock

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/tidwall/gjson"
)

// plant alters the behaviour of a mock that nobody uses yet. What it counts belongs to
// that mock alone and may be counted by many calls at once.
type plant func(m *Mock)

// together plants several alterations, which make one defect.
func together(plants ...plant) plant {
	return func(m *Mock) {
		for _, p := range plants {
			p(m)
		}
	}
}

// counted makes an alteration anew for each mock, with a counter of its own.
func counted(make func(count *atomic.Int64) plant) plant {
	return func(m *Mock) { make(new(atomic.Int64))(m) }
}

// each reports one call in n: the nth, the 2nth, ….
func each(n int64, count *atomic.Int64) bool { return count.Add(1)%n == 0 }

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

// answers picks the answers that an alteration is for.
type answers func(c *call, a *answer) bool

func everyAnswer(*call, *answer) bool { return true }

func everyFailure(_ *call, a *answer) bool { return a.status != 200 }

// successes picks what went well: of these actions, or of all when none is named.
func successes(actions ...string) answers {
	return func(c *call, a *answer) bool {
		return a.status == 200 && (len(actions) == 0 || slices.Contains(actions, c.action()))
	}
}

// failures picks the refusals with one of these codes.
func failures(of ...refusal) answers {
	return func(_ *call, a *answer) bool {
		code := gjson.GetBytes(a.body, "code").Str
		return slices.ContainsFunc(of, func(r refusal) bool { return r.code == code && r.status == a.status })
	}
}

// redelivering changes answers right before they go out.
func redelivering(pick answers, change func(c *call, a *answer)) plant {
	return func(m *Mock) {
		next := m.behaviour.deliver
		m.behaviour.deliver = func(w http.ResponseWriter, c *call, a answer) {
			if pick(c, &a) {
				change(c, &a)
			}
			next(w, c, a)
		}
	}
}

// object is a JSON object.
type object = map[string]any

// rewriting changes the bodies of answers.
func rewriting(pick answers, change func(body object)) plant {
	return redelivering(pick, func(_ *call, a *answer) { rewrite(a, change) })
}

// rewrite changes the body of an answer, if it still is an object.
func rewrite(a *answer, change func(body object)) {
	body := object{}
	if json.Unmarshal(a.body, &body) == nil {
		change(body)
		a.body = encoded(body)
	}
}

// encoded returns a value as JSON. The values here can all be encoded.
func encoded(value any) []byte {
	text, _ := json.Marshal(value)
	return text
}

// member returns an object in an object, or an empty one.
func member(of object, name string) object {
	inner, _ := of[name].(object)
	if inner == nil {
		inner = object{}
	}
	return inner
}

// rerowing changes the rows of a listing as they are shown.
func rerowing(action string, change func(row object)) plant {
	return responding(action, func(response object) {
		for _, row := range rowsOf(response) {
			change(row)
		}
	})
}

// performing puts something around what an action does.
func performing(action string, around func(m *Mock, next perform) perform) plant {
	return func(m *Mock) {
		a := m.behaviour.actions[action]
		a.perform = around(m, a.perform)
		m.behaviour.actions[action] = a
	}
}

// showing changes what an action shows of an instance, and nothing of the instance.
func showing(action string, change func(in *Instance)) plant {
	return selecting(action, func(o *outcome, _ params) {
		next := o.row
		o.row = func(dst []byte, in *Instance) []byte {
			shown := *in
			change(&shown)
			return next(dst, &shown)
		}
	})
}

// selecting changes what a read action has found.
func selecting(action string, change func(o *outcome, p params)) plant {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			o := next(m, c, p)
			if o.listing {
				change(&o, p)
			}
			return o
		}
	})
}

// asking changes the parameters of a call once they are found right.
func asking(action string, change func(p *params)) plant {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			change(&p)
			return next(m, c, p)
		}
	})
}

// taking changes what an action says of one of its parameters.
func taking(action, name string, change func(t *parameter)) plant {
	return func(m *Mock) {
		list := m.behaviour.actions[action].parameters
		change(&list[slices.IndexFunc(list, func(t parameter) bool { return t.name == name })])
	}
}

// holding changes how an action answers bodies without parameters.
func holding(action string, change func(t *content)) plant {
	return func(m *Mock) {
		a := m.behaviour.actions[action]
		change(&a.content)
		m.behaviour.actions[action] = a
	}
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

// share tells how far a resize is: 0 at its start, 1 at its end, and more afterwards.
func (r *resize) share(now time.Time) float64 {
	return float64(now.Sub(r.start)) / float64(r.end.Sub(r.start))
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

// authenticating looks at what authentication has found, and may find otherwise.
func authenticating(change func(known Credentials, c *call, r refusal) refusal) plant {
	return func(m *Mock) {
		next := m.behaviour.authenticate
		m.behaviour.authenticate = func(known Credentials, c *call) refusal {
			return change(known, c, next(known, c))
		}
	}
}
