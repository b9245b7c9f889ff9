package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// The sentences that call an action with a varied request. Everything that a sentence does not
// mention is valid.
func requestSentences() []Sentence {
	return ofAny(
		say(`{action} is called`, `调用 {action}`, func(w *World) any { return w.called }, onInstance),
		say(`{action} is called {variation}`, `调用 {action} 时 ?{variation}`, func(w *World) any { return w.calledWithVariation }, varied),
		say(`{action} is called as {media type}`, `调用 {action} 时媒体类型为 {media type}`, func(w *World) any { return w.calledAs }, onInstance),
		say(`{action} is called by {method}`, `调用 {action} 时使用 {method}`, func(w *World) any { return w.calledBy }, byMethod),
		say(`{action} is called without {parameter}`, `调用 {action} 时不带参数 {parameter}`,
			func(w *World) any { return w.calledWithout }, onInstance).describing(sendsAllBut),
		say(`{action} is called with no parameters`, `调用 {action} 时不带任何参数`,
			func(w *World) any { return w.calledWithNone }, onInstance).describing(sendsNothing),
		say(`{action} is called with {parameter} as {value}`, `调用 {action} 时参数 {parameter} 为 {value}`,
			func(w *World) any { return w.calledWithValue }, onInstance).describing(sendsValue),
		say(`{action} is called with {number} made-up ids`, `调用 {action} 时提供 {number} 个虚构的 ID`,
			func(w *World) any { return w.calledWithMadeUpIDs }, onInstance).describing(sendsMadeUpIDs),
		say(`{action} is called with an empty body`, `调用 {action} 时请求体为空`,
			func(w *World) any { return w.calledWithEmptyBody }, onInstance).describing(sendsNothing),
		say(`{action} is called with the body {value}`, `调用 {action} 时请求体为 {value}`,
			func(w *World) any { return w.calledWithBody }, onInstance).describing(sendsBody),
	)
}

// requests call an action with a varied request.
type requests struct{ *changes }

// onInstance adds the needs of a sentence that calls the action in its first argument.
func onInstance(n *Needs, args []string) {
	n.call(args[0])
	n.value(2)
}

// onInstanceBoth adds the needs of a sentence that calls or names a second action, too.
func onInstanceBoth(n *Needs, args []string) {
	onInstance(n, args)
	onInstance(n, args[1:])
}

// varied adds the needs of the variation.
func varied(n *Needs, args []string) {
	onInstance(n, args)
	if needs := variationOf(args[1]).needs; needs != nil {
		needs(n)
	}
}

// byMethod adds the bearer token if the sentence mentions one.
func byMethod(n *Needs, args []string) {
	onInstance(n, args)
	if withToken(args[1]) {
		bearer(n)
	}
}

// The metadata of requests. args holds the action, the parameter and its value.

func sendsNothing(s *Metadata, _ []string) {
	s.Parameters = append(s.Parameters, Parameter{How: Absent})
}

func sendsAllBut(s *Metadata, args []string) {
	s.Parameters = append(s.Parameters, Parameter{Name: args[1], How: Absent})
}

func sendsValue(s *Metadata, args []string) {
	s.Parameters = append(s.Parameters, Parameter{Name: args[1], How: AsJSON, JSON: args[2]})
}

func sendsBody(s *Metadata, args []string) { s.Body = []byte(args[1]) }

func sendsMadeUpIDs(s *Metadata, args []string) {
	list, err := json.Marshal(make([]string, count(args[1])))
	if err != nil { // an array of strings is always JSON
		panic(err)
	}
	s.Parameters = append(s.Parameters, Parameter{Name: s.facts[args[0]].subject(), How: AsJSON, JSON: string(list)})
	namesNone(s, args)
}

func (q *requests) called(ctx context.Context, action string) error {
	return q.callWith(ctx, action, nil, nil)
}

func (q *requests) calledWithVariation(ctx context.Context, action, name string) error {
	return q.callWith(ctx, action, nil, variationOf(name).mutate)
}

func (q *requests) calledAs(ctx context.Context, action, mediaType string) error {
	return q.callWith(ctx, action, nil, func(r *wire.Request) { r.ContentType = mediaType })
}

// calledBy calls an action with another HTTP method, whose effect is unknown. A signature covers
// the method, so a wrong method already fails there. A bearer token does not, so that the endpoint
// must check the method itself.
func (q *requests) calledBy(ctx context.Context, action, how string) error {
	method := methodOf(how)
	return q.callWith(ctx, action, func(p map[string]any) {
		if method != http.MethodGet {
			q.nameStandIns(action, p) // the endpoint may ignore the method and change them
		}
	}, func(r *wire.Request) {
		r.Method, r.Effect = method, wire.Refused
		if withToken(how) {
			r.Auth.Scheme = wire.SchemeBearer
		}
	})
}

// methodOf returns the HTTP method at the start of an argument.
func methodOf(how string) string {
	method, _, _ := strings.Cut(how, " ")
	return method
}

func withToken(how string) bool {
	return strings.Contains(how, "bearer token") || strings.Contains(how, "Bearer 令牌")
}

func (q *requests) calledWithout(ctx context.Context, action, parameter string) error {
	return q.callWith(ctx, action, func(p map[string]any) { delete(p, parameter) }, nil)
}

func (q *requests) calledWithNone(ctx context.Context, action string) error {
	return q.callWith(ctx, action, func(p map[string]any) { clear(p) }, nil)
}

// calledWithValue calls an action with one parameter set to the JSON in the sentence.
func (q *requests) calledWithValue(ctx context.Context, action, parameter, value string) error {
	value, err := q.spelledOut(value)
	if err != nil {
		return err
	}
	q.altered = parameter
	return q.callWith(ctx, action, func(p map[string]any) { p[parameter] = json.RawMessage(value) }, nil)
}

// calledWithMadeUpIDs calls an action with a number of unknown ids.
func (q *requests) calledWithMadeUpIDs(ctx context.Context, action string, count int) error {
	q.madeUp = true
	made := make([]string, count)
	for i := range made {
		made[i] = q.fixture.AbsentID()
	}
	return q.callWith(ctx, action, func(p map[string]any) { p[q.manyOf(action)] = made }, nil)
}

// manyOf returns the parameter of an action that takes many ids.
func (sc *scenario) manyOf(action string) string {
	if d, changes := sc.contract.Lifecycles[action]; changes {
		return d.Subject
	}
	return sc.reader(action).Filter
}

func (q *requests) calledWithBody(ctx context.Context, action, body string) error {
	return q.callWith(ctx, action, nil, func(r *wire.Request) { r.Body = []byte(q.fillPlaceholders(body)) })
}

func (q *requests) calledWithEmptyBody(ctx context.Context, action string) error {
	q.altered = q.reader(action).Filter // an empty body leaves out this parameter and all others
	return q.calledWithBody(ctx, action, "")
}

// callWith calls an action with valid parameters. It reads the instances first if the call or a
// step needs their state. alter changes the parameters and mutate the request; either may be nil.
func (q *requests) callWith(ctx context.Context, action string, alter func(map[string]any), mutate func(*wire.Request)) error {
	if q.contract.Lifecycles[action].Subject != "" {
		q.acting = action
	}
	effect := q.contract.Effect(action)
	if q.compares || effect != wire.Reads {
		if err := q.remember(ctx); err != nil {
			return err
		}
	}
	parameters, err := q.proper(action)
	if err != nil {
		return err
	}
	if alter != nil {
		alter(parameters)
	}
	req := wire.Request{Operation: q.contract.Operation(action), Body: encode(parameters), Effect: effect}
	if mutate != nil {
		mutate(&req)
	}
	return q.send(ctx, req)
}

// spelledOut fills the placeholders "its own id", "its own id and more" and "another type" in a
// value, and checks that the result is JSON.
func (ins *instances) spelledOut(value string) (string, error) {
	value = ins.fillPlaceholders(value)
	if !json.Valid([]byte(value)) {
		return "", &SuiteError{Reason: fmt.Sprintf("%s is no JSON: write the parameter's value as JSON", value)}
	}
	return value, nil
}

// fillPlaceholders fills the placeholders if the scenario has an instance.
func (ins *instances) fillPlaceholders(text string) string {
	inst, err := ins.subject()
	if err != nil {
		return text
	}
	another := "another type"
	if n := len(ins.fixture.Resizable); n > 0 {
		another = ins.fixture.Resizable[n-1]
	}
	if strings.Contains(text, andMore) {
		ins.fixture.MakeUp(Longer(inst.ID))
	}
	return SpellOut(text, inst.ID, another)
}

// more is appended to an id to make an unknown one. It uses characters that ids already contain,
// because no document says which others are allowed.
const (
	more    = "0000"
	andMore = "its own id and more"
)

// Longer returns the id for "its own id and more".
func Longer(id string) string { return id + more }

// SpellOut fills the placeholders with the id of an instance, a longer id that begins with it, and
// another type.
func SpellOut(value, id, another string) string {
	return strings.NewReplacer(andMore, Longer(id), "its own id", id, "another type", another).Replace(value)
}

// encode writes parameters as a JSON object with the members in alphabetical order.
func encode(parameters map[string]any) []byte {
	body, err := json.Marshal(parameters)
	if err != nil { // the values are built by steps: strings, numbers, and raw JSON that has been checked
		panic(err)
	}
	return body
}
