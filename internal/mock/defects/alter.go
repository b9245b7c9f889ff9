package defects

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// injection alters the behaviour of a mock before its first use. Its counters belong to that mock
// alone, and concurrent calls may use them.
type injection func(m *mock.Mock)

func (i injection) alter(m *mock.Mock) { i(m) }

// alteration is an injection, possibly one that only the calls of one action show.
type alteration interface{ alter(m *mock.Mock) }

type ofAction struct {
	alteration
	action string
}

// together combines several injections into one defect.
func together(injections ...injection) injection {
	return func(m *mock.Mock) {
		for _, p := range injections {
			p(m)
		}
	}
}

// counted returns an injection that creates a new counter for each mock.
func counted(make func(count *atomic.Int64) injection) injection {
	return func(m *mock.Mock) { make(new(atomic.Int64))(m) }
}

// each reports whether this call is a multiple of the nth: the nth, the 2nth, ….
func each(n int64, count *atomic.Int64) bool { return count.Add(1)%n == 0 }

// answers selects the answers that an injection alters.
type answers func(c *mock.Call, a *mock.Answer) bool

func everyAnswer(*mock.Call, *mock.Answer) bool { return true }

func everyFailure(_ *mock.Call, a *mock.Answer) bool { return a.Status != 200 }

// successes selects successes of the given actions, or of all actions.
func successes(actions ...string) answers {
	return func(c *mock.Call, a *mock.Answer) bool {
		return a.Status == 200 && (len(actions) == 0 || slices.Contains(actions, c.Action()))
	}
}

// failures selects refusals with one of the given codes.
func failures(of ...mock.Refusal) answers {
	return func(_ *mock.Call, a *mock.Answer) bool {
		code := gjson.GetBytes(a.Body, "code").Str
		return slices.ContainsFunc(of, func(r mock.Refusal) bool { return r.Code == code && r.Status == a.Status })
	}
}

// redelivering alters answers immediately before they are sent.
func redelivering(pick answers, change func(c *mock.Call, a *mock.Answer)) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Deliver
		m.Behaviour.Deliver = func(w http.ResponseWriter, c *mock.Call, a mock.Answer) {
			if pick(c, &a) {
				change(c, &a)
			}
			next(w, c, a)
		}
	}
}

// object is a JSON object.
type object = map[string]any

// rewriting alters the bodies of answers.
func rewriting(pick answers, change func(body object)) injection {
	return redelivering(pick, func(_ *mock.Call, a *mock.Answer) { rewrite(a, change) })
}

// rewrite alters the body of an answer if it is an object.
func rewrite(a *mock.Answer, change func(body object)) {
	body := object{}
	if json.Unmarshal(a.Body, &body) == nil {
		change(body)
		a.Body = encoded(body)
	}
}

// encoded returns a value as JSON. It is used only with values that can be encoded.
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

// rerowing alters the rows of a listing.
func rerowing(action string, change func(row object)) injection {
	return responding(action, func(response object) {
		for _, row := range rowsOf(response) {
			change(row)
		}
	})
}

// performing wraps the function of an action.
func performing(action string, around func(m *mock.Mock, next mock.Perform) mock.Perform) injection {
	return func(m *mock.Mock) {
		a := m.Behaviour.Actions[action]
		a.Perform = around(m, a.Perform)
		m.Behaviour.Actions[action] = a
	}
}

// showing alters what an action shows of an instance, but not the instance.
func showing(action string, change func(in *mock.Instance)) injection {
	return selecting(action, func(o *mock.Outcome, _ mock.Params) {
		next := o.Row
		o.Row = func(dst []byte, in *mock.Instance) []byte {
			shown := *in
			change(&shown)
			return next(dst, &shown)
		}
	})
}

// selecting alters the result of a read action.
func selecting(action string, change func(o *mock.Outcome, p mock.Params)) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			if o.Listing {
				change(&o, p)
			}
			return o
		}
	})
}

// asking alters the parameters of a call after they were checked.
func asking(action string, change func(p *mock.Params)) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			change(&p)
			return next(m, c, p)
		}
	})
}

// taking alters the definition of one of an action's parameters.
func taking(action, name string, change func(t *mock.Parameter)) injection {
	return func(m *mock.Mock) {
		list := m.Behaviour.Actions[action].Parameters
		change(&list[slices.IndexFunc(list, func(t mock.Parameter) bool { return t.Name == name })])
	}
}

// holding alters how an action answers bodies without parameters.
func holding(action string, change func(t *mock.Content)) injection {
	return func(m *mock.Mock) {
		a := m.Behaviour.Actions[action]
		change(&a.Content)
		m.Behaviour.Actions[action] = a
	}
}

// authenticating alters the result of the authentication.
func authenticating(change func(known mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Authenticate
		m.Behaviour.Authenticate = func(known mock.Credentials, c *mock.Call) mock.Refusal {
			return change(known, c, next(known, c))
		}
	}
}

// copied returns a copy of a call that can be altered.
func copied(c *mock.Call) *mock.Call {
	other := *c
	other.Request = c.Request.Clone(c.Request.Context())
	return &other
}

// with returns a copy of a call with another value of a header; "" removes the header.
func with(c *mock.Call, header, value string) *mock.Call {
	other := copied(c)
	if value == "" {
		other.Request.Header.Del(header)
	} else {
		other.Request.Header.Set(header, value)
	}
	return other
}
