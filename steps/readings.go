package steps

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// readings are the states of the instances as read.
type readings struct {
	*instances
	before  snapshot    // before the last request
	shot    snapshot    // the last snapshot
	looked  wire.Timing // when the statuses of a snapshot were last read
	sent    time.Time   // when the last request that could change something was answered
	acts    bool        // the endpoint should carry out the call, so its subjects are read with the observed operation
	KnownBy string      // the scenario that has read the state, "" for this one
}

// state is the status of an instance and the values that actions change, by member name.
type state struct {
	status string
	values map[string]string
}

func (s state) same(o state) bool { return s.status == o.status && maps.Equal(s.values, o.values) }

// snapshot is the state of instances by id.
type snapshot map[string]state

// remember reads every instance of the scenario before a request that could change one. An instance
// that left its status before the request proves nothing about it.
func (re *responses) remember(ctx context.Context) error {
	shot, is := re.known()
	if !is {
		var err error
		if shot, err = re.lookAtRest(ctx); err != nil {
			return err
		}
	}
	for _, inst := range re.held() {
		if got := shot[inst.ID].status; got != inst.Status {
			if !re.fixture.Certain && !strings.EqualFold(got, inst.Status) {
				return lacking("%s %s is %s, not %s as the configuration lists it", inst.noun(), inst.ID, verdict.Shown(got), inst.Status)
			}
			return re.contract.Violated(roleTruthful, re.definition().Observed.Operation.Action, inst.place("status"), inst.Status, got)
		}
		for _, r := range re.contract.Changed(re.definition()) {
			if got := shot[inst.ID].values[r.Field]; re.fixture.Certain && re.before == nil && inst.Type != "" && got != inst.Type && !inst.typeUnknown(got) && !re.contract.sets(r.Field, inst.Status) {
				return re.contract.Finding(r.Clause, inst.place(r.Field), inst.Type, got)
			}
		}
	}
	re.before = shot
	return nil
}

// lookAtRest reads the instances, and reads them again after a settle time if one is in a transient
// status.
func (re *responses) lookAtRest(ctx context.Context) (snapshot, error) {
	shot, err := re.look(ctx)
	if err != nil || re.fixture.Certain {
		return shot, err
	}
	away := func(inst Instance) bool {
		got := shot[inst.ID].status
		return got != inst.Status && slices.Contains(re.definition().Passing, got)
	}
	if !slices.ContainsFunc(re.held(), away) {
		return shot, nil
	}
	if err := await(ctx, re.timing.Settle); err != nil {
		return nil, err
	}
	return re.look(ctx)
}

// look reads the status and the values of every instance. If nothing should happen, a single read
// that shows both is enough, provided that every instance is in the expected status.
func (re *responses) look(ctx context.Context) (snapshot, error) {
	shot := snapshot{}
	held := re.held()
	if len(held) == 0 {
		return shot, nil
	}
	d := re.definition()
	changed := re.contract.Changed(d)
	if !re.acts && len(changed) == 1 {
		if at, shows := d.StatusAt(changed[0].Operation); shows && at.Operation != d.Observed.Operation {
			rows, a, err := re.rows(ctx, rowsOf(changed[0]), ids(held))
			if err != nil {
				return nil, err
			}
			if err := re.valuesInto(shot, changed[0], rows, a); err != nil {
				return nil, err
			}
			if re.asExpected(shot, rows, at.Field) {
				re.looked, re.shot = a.Timing, shot
				return shot, nil
			}
		}
	}
	statuses, a, err := re.rows(ctx, d.Observed, ids(held))
	if err != nil {
		return nil, err
	}
	re.looked = a.Timing
	for _, inst := range held {
		shot[inst.ID] = state{status: statuses[inst.ID][d.Observed.Field], values: map[string]string{}}
	}
	for _, r := range changed {
		rows, a, err := re.rows(ctx, rowsOf(r), ids(held))
		if err != nil {
			return nil, err
		}
		if err := re.valuesInto(shot, r, rows, a); err != nil {
			return nil, err
		}
	}
	re.shot = shot
	return shot, nil
}

// valuesInto adds the values found in rows to a snapshot.
func (re *responses) valuesInto(shot snapshot, r lifecycle.Reading, rows operation.Rows, a *Answer) error {
	for _, inst := range re.held() {
		value, has := rows[inst.ID][r.Field]
		if !has && !inst.typeUnknown(value) {
			return re.missed(a, r.Clause, "/response/"+r.Rows+" of "+inst.ID, r.Wants()+" "+r.Field, "none")
		}
		s := shot[inst.ID]
		if s.values == nil {
			s.values = map[string]string{}
		}
		s.values[r.Field] = value
		shot[inst.ID] = s
	}
	return nil
}

// asExpected takes the statuses from rows. It reports whether each is the previous status or,
// before the first call, the status in which the fixture was acquired.
func (rd *readings) asExpected(shot snapshot, rows operation.Rows, field string) bool {
	for _, inst := range rd.held() {
		s, want := shot[inst.ID], inst.Status
		if was, read := rd.before[inst.ID]; read {
			want = was.status
		}
		if s.status = rows[inst.ID][field]; s.status != want {
			return false
		}
		shot[inst.ID] = s
	}
	return true
}

// rowsOf returns a reading that requires no field of a row.
func rowsOf(r lifecycle.Reading) lifecycle.Reading {
	r.Field = r.Key
	return r
}

// reading builds a read request.
func (sc *scenario) reading(action string, parameters map[string]any) wire.Request {
	delete(parameters, "") // the action has no such parameter
	return wire.Request{Operation: sc.contract.Operation(action), Body: encode(parameters), Effect: wire.Reads}
}

// rows reads the rows of instances with a read operation. It returns the last answer.
func (re *responses) rows(ctx context.Context, r lifecycle.Reading, of []string) (operation.Rows, *Answer, error) {
	all := operation.Rows{}
	var last *Answer
	for some := range slices.Chunk(re.beside(of), r.Together()) {
		rows, a, err := re.rowsAtOnce(ctx, r, some, of)
		if err != nil {
			return nil, a, err
		}
		maps.Copy(all, rows)
		last = a
	}
	return all, last, nil
}

// rowsAtOnce asks for the rows of some instances in one request. The rows of the wanted ones must
// be present.
func (re *responses) rowsAtOnce(ctx context.Context, r lifecycle.Reading, some, wanted []string) (operation.Rows, *Answer, error) {
	a, err := re.session.Send(ctx, wire.Request{Operation: r.Operation, Body: encode(map[string]any{r.Filter: some}), Effect: wire.Reads})
	if err != nil {
		return nil, &a, err
	}
	filter := re.contract.Role(roleFilter, r.Operation.Action)
	if !a.Succeeded() {
		return nil, &a, re.missed(&a, filter, "status", "the "+re.contract.called(r.Operation.Action)+" asked for", describe(&a))
	}
	rows, err := operation.ReadRows(a.Answer, r, slices.DeleteFunc(slices.Clone(some), func(id string) bool { return !slices.Contains(wanted, id) }))
	if missing := (*operation.Missing)(nil); errors.As(err, &missing) {
		clause := filter
		if missing.Listed {
			clause = cmp.Or(r.Clause, filter)
		}
		return nil, &a, re.missed(&a, clause, missing.Where, missing.Want, missing.Got)
	}
	return rows, &a, err
}
