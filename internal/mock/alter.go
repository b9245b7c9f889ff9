package mock

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/tidwall/gjson"
)

// injection alters the behaviour of a mock that nobody uses yet. What it counts belongs to
// that mock alone and may be counted by many calls at once.
type injection func(m *Mock)

func (i injection) alter(m *Mock) { i(m) }

// alteration is an injection, perhaps one that the calls of one action alone show.
type alteration interface{ alter(m *Mock) }

type ofAction struct {
	alteration
	action string
}

// together injections several alterations, which make one defect.
func together(injections ...injection) injection {
	return func(m *Mock) {
		for _, p := range injections {
			p(m)
		}
	}
}

// counted makes an alteration anew for each mock, with a counter of its own.
func counted(make func(count *atomic.Int64) injection) injection {
	return func(m *Mock) { make(new(atomic.Int64))(m) }
}

// each reports one call in n: the nth, the 2nth, ….
func each(n int64, count *atomic.Int64) bool { return count.Add(1)%n == 0 }

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
func redelivering(pick answers, change func(c *call, a *answer)) injection {
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
func rewriting(pick answers, change func(body object)) injection {
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

// responseOf returns the member response of a success, or an empty object.
func responseOf(body object) object {
	inner, _ := body["response"].(object)
	if inner == nil {
		inner = object{}
	}
	return inner
}

// rerowing changes the rows of a listing as they are shown.
func rerowing(action string, change func(row object)) injection {
	return responding(action, func(response object) {
		for _, row := range rowsOf(response) {
			change(row)
		}
	})
}

// performing puts something around what an action does.
func performing(action string, around func(m *Mock, next perform) perform) injection {
	return func(m *Mock) {
		a := m.behaviour.actions[action]
		a.perform = around(m, a.perform)
		m.behaviour.actions[action] = a
	}
}

// showing changes what an action shows of an instance, and nothing of the instance.
func showing(action string, change func(in *Instance)) injection {
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
func selecting(action string, change func(o *outcome, p params)) injection {
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
func asking(action string, change func(p *params)) injection {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			change(&p)
			return next(m, c, p)
		}
	})
}

// taking changes what an action says of one of its parameters.
func taking(action, name string, change func(t *parameter)) injection {
	return func(m *Mock) {
		list := m.behaviour.actions[action].parameters
		change(&list[slices.IndexFunc(list, func(t parameter) bool { return t.name == name })])
	}
}

// holding changes how an action answers bodies without parameters.
func holding(action string, change func(t *content)) injection {
	return func(m *Mock) {
		a := m.behaviour.actions[action]
		change(&a.content)
		m.behaviour.actions[action] = a
	}
}

// authenticating looks at what authentication has found, and may find otherwise.
func authenticating(change func(known Credentials, c *call, r refusal) refusal) injection {
	return func(m *Mock) {
		next := m.behaviour.authenticate
		m.behaviour.authenticate = func(known Credentials, c *call) refusal {
			return change(known, c, next(known, c))
		}
	}
}

// copied returns a call that can be altered without altering this one.
func copied(c *call) *call {
	other := *c
	other.request = c.request.Clone(c.request.Context())
	return &other
}

// with returns the call as it would be with another value of a header; "" leaves it out.
func with(c *call, header, value string) *call {
	other := copied(c)
	if value == "" {
		other.request.Header.Del(header)
	} else {
		other.request.Header.Set(header, value)
	}
	return other
}
