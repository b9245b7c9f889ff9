package steps

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// state is what can be read of one instance.
type state struct{ status, kind string }

// snapshot is the state of instances by id.
type snapshot map[string]state

// passing are the statuses an instance leaves by itself (C): one that was in such a
// status may be in another one at the next look, and nobody has touched it.
var passing = []string{"DEPLOYING", "REBUILDING", "REBOOT", "BOOTING", "RELEASING", "STOPPING", "RECYCLING", "IMAGING", "RESIZING"}

// hopeless are the statuses from which no instance comes to STOPPED any more (C).
var hopeless = []string{"CREATE_FAILED", "RELEASING", "RECYCLE", "RECYCLING"}

// remember reads every instance the scenario holds, just before a request that could
// change one. An instance that has moved on by itself cannot prove anything.
func (w *World) remember(ctx context.Context) error {
	shot, err := w.lookAtRest(ctx)
	if err != nil {
		return err
	}
	for _, inst := range w.held() {
		if got := shot[inst.ID].status; got != inst.Status {
			if !w.lease.Certain && !strings.EqualFold(got, inst.Status) {
				return lacking("instance %s is %s, not %s as the configuration lists it", inst.ID, got, inst.Status)
			}
			return w.law.Finding("C-STATUS-TRUE", "instance "+inst.ID, inst.Status, got)
		}
		if got := shot[inst.ID].kind; w.lease.Certain && w.before == nil && got != inst.Type && !inst.typeUnknown(got) {
			return w.law.Finding("C-INSTANCES-TYPE", "instance "+inst.ID, inst.Type, got)
		}
	}
	w.before = shot
	return nil
}

// lookAtRest looks at the instances, and once more after a settle time if one of them is
// on its way elsewhere: what came over it may pass.
func (w *World) lookAtRest(ctx context.Context) (snapshot, error) {
	shot, err := w.look(ctx)
	if err != nil || w.lease.Certain {
		return shot, err
	}
	away := func(inst Instance) bool {
		got := shot[inst.ID].status
		return got != inst.Status && slices.Contains(passing, got)
	}
	if !slices.ContainsFunc(w.held(), away) {
		return shot, nil
	}
	if err := await(ctx, w.timing.Settle); err != nil {
		return nil, err
	}
	return w.look(ctx)
}

// held returns the instances the scenario names that exist.
func (w *World) held() []Instance {
	var held []Instance
	for _, inst := range w.subjects {
		if !inst.Absent {
			held = append(held, inst)
		}
	}
	return held
}

// look reads status and type of every instance the scenario holds.
func (w *World) look(ctx context.Context) (snapshot, error) {
	shot := snapshot{}
	held := w.held()
	if len(held) == 0 {
		return shot, nil
	}
	byStatus, timing, err := w.statusOf(ctx, held)
	if err != nil {
		return nil, err
	}
	byType, err := w.typeOf(ctx, held)
	if err != nil {
		return nil, err
	}
	w.looked = timing
	for _, inst := range held {
		shot[inst.ID] = state{status: byStatus[inst.ID], kind: byType[inst.ID]}
	}
	return shot, nil
}

// statusOf reads the statuses of instances, and when they were read.
func (w *World) statusOf(ctx context.Context, of []Instance) (map[string]string, wire.Timing, error) {
	return w.column(ctx, statuses, of, "instanceStatus")
}

// typeOf reads the types of instances.
func (w *World) typeOf(ctx context.Context, of []Instance) (map[string]string, error) {
	values, _, err := w.column(ctx, listing, of, "instanceType")
	return values, err
}

// column reads one member of the instances through a read operation that filters by id.
func (w *World) column(ctx context.Context, action string, of []Instance, member string) (map[string]string, wire.Timing, error) {
	a, err := w.session.Send(ctx, w.reading(action, map[string]any{"instanceIds": ids(of)}))
	if err != nil {
		return nil, a.Timing, err
	}
	filter := readClause(action, "FILTER")
	if !a.Succeeded() {
		return nil, a.Timing, w.missed(&a, filter, "status", "the instances asked for", describe(&a))
	}
	values := map[string]string{}
	for _, row := range a.Rows("dataSet") {
		at := slices.IndexFunc(of, func(inst Instance) bool { return inst.ID == row["instanceId"] })
		if at < 0 {
			continue // an unrelated instance, whatever its row holds
		}
		value, has := row[member]
		if !has && (member != "instanceType" || !of[at].typeUnknown(value)) {
			clause := filter
			if member == "instanceType" {
				clause = readClause(action, "TYPE")
			}
			return nil, a.Timing, w.missed(&a, clause, "/response/dataSet of "+row["instanceId"], "a string "+member, "none")
		}
		values[row["instanceId"]] = value
	}
	for _, inst := range of {
		if _, there := values[inst.ID]; !there {
			got := fmt.Sprint(slices.Sorted(maps.Keys(values)))
			return nil, a.Timing, w.missed(&a, filter, "/response/dataSet", "a row of "+inst.ID, got)
		}
	}
	return values, a.Timing, nil
}

// readClause returns the id of a clause that both read operations have.
func readClause(action, name string) string {
	if action == statuses {
		return "C-STATUS-" + name
	}
	return "C-INSTANCES-" + name
}

// reading forms a request that only asks.
func (w *World) reading(action string, parameters map[string]any) wire.Request {
	return wire.Request{Operation: w.law.Operation(action), Body: encode(parameters), Effect: wire.Reads}
}

func ids(of []Instance) []string {
	list := make([]string, len(of))
	for i, inst := range of {
		list[i] = inst.ID
	}
	return list
}

// unchanged compares instances with how they were before the last request.
func (w *World) unchanged(ctx context.Context, clause string, of []Instance) error {
	if w.before == nil {
		return &SuiteFault{Reason: "nothing was read before the request: this step follows a request that could change something"}
	}
	w.judged = w.judged || w.change != nil
	now, err := w.look(ctx)
	if err != nil {
		return err
	}
	for _, inst := range of {
		was, is := w.before[inst.ID], now[inst.ID]
		if was.kind != is.kind {
			return w.law.Finding(clause, "type of instance "+inst.ID, was.kind, is.kind)
		}
		if w.moved(was.status, is.status) {
			return w.law.Finding(clause, "status of instance "+inst.ID, was.status, is.status)
		}
	}
	return nil
}

// moved reports whether an instance has left a status otherwise than by itself.
func (w *World) moved(was, is string) bool {
	byItself := !w.lease.Certain && slices.Contains(passing, was) && is != w.law.Lifecycle.Transient
	return was != is && !byItself
}

// theInstanceIsUnchanged compares every instance the scenario holds.
func (w *World) theInstanceIsUnchanged(ctx context.Context) error {
	clause := "R-REFUSED-UNCHANGED"
	if w.answer != nil && w.answer.Succeeded() {
		clause = w.rule() // then it was no refusal that changed it
	}
	return w.unchanged(ctx, clause, w.held())
}

// theInstanceStaysUnchanged compares them for a settle time: what a refused call has begun
// all the same may show late.
func (w *World) theInstanceStaysUnchanged(ctx context.Context) error {
	var start time.Time
	for {
		if err := w.theInstanceIsUnchanged(ctx); err != nil {
			return err
		}
		if start.IsZero() {
			start = w.looked.Start
		}
		if w.looked.Finished().Sub(start) > w.timing.Settle {
			return nil
		}
		if err := await(ctx, min(w.timing.Settle/4, w.timing.PollInterval)); err != nil {
			return err
		}
	}
}

// theOtherIsUnchanged compares the instances that the request did not name.
func (w *World) theOtherIsUnchanged(ctx context.Context) error {
	return w.unchanged(ctx, "M-RESIZE-ONLY-NAMED", w.held()[1:])
}
