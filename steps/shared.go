package steps

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/lifecycle"
)

// Several scenarios can judge the same change. The scenario that calls it also reads what the
// others need, and their steps then run on those readings.

// inSeries sets the number of changes that a sentence calls in a row.
func inSeries(n int) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) { s.Series = n }
}

// observes marks a sentence that reads and judges, and calls no change.
func observes(s *Metadata, _ []string) { s.Observes = true }

// Key identifies what a step does, whatever language it is written in.
func (m Match) Key() string {
	types := parameterTypes()
	args := slices.Clone(m.Args)
	for i, name := range m.Sentence.En.argumentTypes() {
		args[i] = types[name].canonical(name, args[i])
	}
	return m.Sentence.En.String() + "\x00" + strings.Join(args, "\x00")
}

// Perform runs the step on the state of a scenario, as godog does.
func (m Match) Perform(ctx context.Context, w *World) error {
	call := reflect.ValueOf(m.Sentence.bind(w))
	in, args := []reflect.Value{}, m.Args
	for i := range call.Type().NumIn() {
		kind := call.Type().In(i)
		switch {
		case kind == reflect.TypeFor[context.Context]():
			in = append(in, reflect.ValueOf(ctx))
			continue
		case len(args) == 0:
			return &SuiteError{Reason: fmt.Sprintf("the sentence %q captures too few arguments", m.Form)}
		case kind.Kind() == reflect.Int:
			n, err := strconv.Atoi(args[0])
			if err != nil {
				return &SuiteError{Reason: fmt.Sprintf("%q is no number", args[0])}
			}
			in = append(in, reflect.ValueOf(n))
		default:
			in = append(in, reflect.ValueOf(args[0]))
		}
		args = args[1:]
	}
	if err, failed := call.Call(in)[0].Interface().(error); failed {
		return err
	}
	return nil
}

// observeFully returns a function that reads, while a change runs, what the scenarios that share
// the change need. Errors in these readings are left to those scenarios to report.
func (re *responses) observeFully(c *change) func(ctx context.Context, status map[string]string) {
	var looks []func(ctx context.Context, status map[string]string) error
	if re.fixture.Shared {
		for _, also := range c.definition.Also {
			looks = append(looks, re.readAlso(c, also, &consistency{}))
		}
	}
	return func(ctx context.Context, status map[string]string) {
		for _, look := range looks {
			_ = look(ctx, status) // the scenario that needs the reading reports the error
		}
	}
}

// readAlso returns a function that reads a second read operation after each read of the status,
// until that operation has shown the change.
func (re *responses) readAlso(c *change, also lifecycle.Reading, met *consistency) func(ctx context.Context, status map[string]string) error {
	running := func(status string) bool { return slices.Contains(c.definition.Transient, status) }
	pending, subject := "", c.subject()
	return func(ctx context.Context, status map[string]string) error {
		now := running(status[subject.ID])
		if pending != "" && now {
			met.between, met.status = met.between+1, pending
		}
		pending = ""
		if met.shown || subject.Watch.Phase() > lifecycle.Running {
			return nil
		}
		rows, a, err := re.rows(ctx, also, []string{subject.ID})
		if err != nil {
			return err
		}
		met.retried = met.retried || a.Retried != ""
		if met.shown = running(rows[subject.ID][also.Field]); now {
			pending = rows[subject.ID][also.Field]
		}
		return nil
	}
}

// ReadForOthers reads every instance once more, so that the scenarios that share the changes see
// the state in which the first of them left the other instances. It then releases the bystanders,
// so that scenarios waiting for them need not wait for further changes.
func (re *responses) ReadForOthers(ctx context.Context) error {
	if len(re.fixture.Bystanders) == 0 {
		return nil
	}
	if _, err := re.look(ctx); err != nil {
		return err
	}
	re.fixture.Bystanders = nil
	if re.fixture.Free != nil {
		re.fixture.Free(len(re.fixture.Instances))
	}
	return nil
}
