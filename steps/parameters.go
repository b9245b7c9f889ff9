package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// proper returns parameters by which the action would succeed: what a refused call
// must not do is then something that would be seen.
func (w *World) proper(action string) (map[string]any, error) {
	d, changes := w.contract.Lifecycles[action]
	if !changes {
		subjects := w.subjects
		if _, known := w.contract.Operations[action]; !known {
			subjects = w.standIns()
		}
		return w.filterBy(action, subjects), nil
	}
	inst, err := w.subject()
	if err != nil {
		return nil, err
	}
	return w.parametersOf(d, w.named(d), w.anotherValue(inst)), nil
}

// filterBy returns the parameters by which a read shows the instances alone.
func (w *World) filterBy(action string, subjects []Instance) map[string]any {
	parameters := map[string]any{}
	if len(subjects) > 0 {
		parameters[w.reader(action).Filter] = ids(subjects)
	}
	return parameters
}

// standIns returns the instances to name in a request of which nobody knows what an endpoint
// would take it for. The mock's instances are the run's own; at a real target one that does
// not exist stands for each of them.
func (w *World) standIns() []Instance {
	if w.fixture.Certain {
		return w.subjects
	}
	list := make([]Instance, len(w.subjects))
	for i := range list {
		list[i] = Instance{ID: w.fixture.AbsentID(), Absent: true}
	}
	return list
}

// nameStandIns puts them into the parameters of an action.
func (w *World) nameStandIns(action string, parameters map[string]any) {
	if len(w.subjects) == 0 {
		return
	}
	d, changes := w.contract.Lifecycles[action]
	if !changes {
		maps.Copy(parameters, w.filterBy(action, w.standIns()))
		return
	}
	named := w.standIns()
	parameters[d.Subject] = ids(named)
	if !d.Batch {
		parameters[d.Subject] = named[0].ID
	}
}

// callWith reads the instances, then calls the action with proper parameters as
// altered, in a request as altered.
func (w *World) callWith(ctx context.Context, action string, alter func(map[string]any), mutate func(*wire.Request)) error {
	if w.contract.Lifecycles[action].Subject != "" {
		w.acting = action
	}
	if err := w.remember(ctx); err != nil {
		return err
	}
	parameters, err := w.proper(action)
	if err != nil {
		return err
	}
	if alter != nil {
		alter(parameters)
	}
	req := wire.Request{Operation: w.contract.Operation(action), Body: encode(parameters), Effect: w.contract.Effect(action)}
	if mutate != nil {
		mutate(&req)
	}
	return w.send(ctx, req)
}

func (w *World) calledWithout(ctx context.Context, action, parameter string) error {
	return w.callWith(ctx, action, func(p map[string]any) { delete(p, parameter) }, nil)
}

func (w *World) calledWithNone(ctx context.Context, action string) error {
	return w.callWith(ctx, action, func(p map[string]any) { clear(p) }, nil)
}

// calledWithValue calls the action with one parameter as the JSON in the sentence.
func (w *World) calledWithValue(ctx context.Context, action, parameter, value string) error {
	value, err := w.spelledOut(value)
	if err != nil {
		return err
	}
	w.altered = parameter
	return w.callWith(ctx, action, func(p map[string]any) { p[parameter] = json.RawMessage(value) }, nil)
}

// spelledOut puts real values for the words by which a scenario speaks of them.
func (w *World) spelledOut(value string) (string, error) {
	value = w.spelt(value)
	if !json.Valid([]byte(value)) {
		return "", &SuiteError{Reason: fmt.Sprintf("%s is no JSON: write the parameter's value as JSON", value)}
	}
	return value, nil
}

// spelt puts real values into a text, where the scenario has any.
func (w *World) spelt(text string) string {
	inst, err := w.subject()
	if err != nil {
		return text
	}
	kind := "another type"
	if n := len(w.fixture.Resizable); n > 0 {
		kind = w.fixture.Resizable[n-1]
	}
	return SpellOut(text, inst.ID, kind)
}

// SpellOut puts the id of an instance and a type for the words by which a scenario speaks
// of them.
func SpellOut(value, id, kind string) string {
	return strings.NewReplacer("its own id", id, "another type", kind).Replace(value)
}

// withParametersOf adds the parameters of another action, and names it elsewhere: only the
// header may decide which operation is called.
func (w *World) withParametersOf(ctx context.Context, action, other string, body map[string]any, query string) error {
	return w.callWith(ctx, action, func(p map[string]any) {
		parameters, err := w.proper(other)
		if err != nil {
			return // no instance was named: there is nothing to change
		}
		maps.Copy(p, parameters)
		maps.Copy(p, body)
	}, func(r *wire.Request) { r.Query, r.Effect = query, wire.Refused }) // it may be taken for the change
}

// calledWithBodyOf calls an action with exactly the body by which another one would succeed.
func (w *World) calledWithBodyOf(ctx context.Context, action, other string) error {
	if err := w.remember(ctx); err != nil {
		return err
	}
	parameters, err := w.proper(other)
	if err != nil {
		return err
	}
	_, known := w.contract.Operations[action]
	if _, changes := w.contract.Lifecycles[other]; !known && !changes {
		w.nameStandIns(other, parameters) // another action may take the same body
	}
	return w.send(ctx, wire.Request{Operation: w.contract.Operation(action), Body: encode(parameters), Effect: wire.Refused})
}

func (w *World) calledWithParametersOf(ctx context.Context, action, other string) error {
	return w.withParametersOf(ctx, action, other, nil, "")
}

func (w *World) calledWithNameInBody(ctx context.Context, action, other string) error {
	return w.withParametersOf(ctx, action, other, map[string]any{"Action": other, "action": other}, "")
}

func (w *World) calledWithNameInURL(ctx context.Context, action, other string) error {
	return w.withParametersOf(ctx, action, other, nil, "Action="+other)
}

func (w *World) calledWithBody(ctx context.Context, action, body string) error {
	return w.callWith(ctx, action, nil, func(r *wire.Request) { r.Body = []byte(w.spelt(body)) })
}

func (w *World) calledWithEmptyBody(ctx context.Context, action string) error {
	w.altered = w.reader(action).Filter // with everything else
	return w.calledWithBody(ctx, action, "")
}

// calledWithMadeUpIDs asks for instances that do not exist, so many that a limit is met.
func (w *World) calledWithMadeUpIDs(ctx context.Context, action string, count int) error {
	w.madeUp = true
	made := make([]string, count)
	for i := range made {
		made[i] = w.fixture.AbsentID()
	}
	return w.callWith(ctx, action, func(p map[string]any) { p[w.manyOf(action)] = made }, nil)
}

// manyOf returns the parameter of an action that takes many ids.
func (w *World) manyOf(action string) string {
	if d, changes := w.contract.Lifecycles[action]; changes {
		return d.Subject
	}
	return w.reader(action).Filter
}

// bothAreAsked sends the same body to two read operations.
func (w *World) bothAreAsked(ctx context.Context, first, second string) error {
	for _, action := range []string{first, second} {
		if err := w.theyAreListed(ctx, action); err != nil {
			return err
		}
		w.answers = append(w.answers, *w.answer)
	}
	return nil
}

// eachGivesItsOwn wants the rows of each read operation to have its own member for the status.
func (w *World) eachGivesItsOwn(context.Context) error {
	for i := range w.answers {
		w.answer = &w.answers[i]
		a, err := w.rowsOf()
		if err != nil {
			return err
		}
		r := w.reader(a.Operation.Action)
		for _, row := range a.Rows(r.Rows) {
			if _, has := row[r.Field]; !has {
				return w.missed(a, w.contract.Role(verdict.RoleDispatch, ""), "/response/"+r.Rows, "rows with "+r.Field, "rows without it")
			}
		}
	}
	return nil
}

// noMoreRowsThan wants a page to keep to its size.
func (w *World) noMoreRowsThan(_ context.Context, size int) error {
	a, err := w.rowsOf()
	if err != nil {
		return err
	}
	if rows := a.Length("dataSet"); rows > size {
		return w.missed(a, w.rule(), "/response/dataSet", "at most "+strconv.Itoa(size)+" rows", strconv.Itoa(rows)+" rows")
	}
	return nil
}
