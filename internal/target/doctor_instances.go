package target

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// instances compares each listed instance with what the endpoint says of it.
func (d *doctor) instances(ctx context.Context) error {
	ids := make([]string, len(d.Config.Instances))
	for i, in := range d.Config.Instances {
		ids[i] = in.ID
	}
	if len(ids) == 0 {
		d.tolerate("instances", "no "+d.Config.calls.kind+" is listed", "under instances, list those that a run may use")
		return errEnough
	}
	statuses, err := d.column(ctx, d.lifecycle.Observed, ids)
	if err != nil {
		return err
	}
	contradicted, err := d.contradicted(ctx, statuses)
	if err != nil {
		return err
	}
	d.there = map[string]bool{}
	for id, s := range statuses {
		d.there[id] = s.listed
		d.blind = d.blind || !s.listed && slices.Contains(d.first, id)
	}
	for _, in := range d.Config.Instances {
		if contradicted[in.ID] != "" {
			d.doubt(d.Config.calls.kind+" "+in.ID, "%s", contradicted[in.ID])
			continue
		}
		d.statusOf(in, statuses[in.ID])
	}
	return nil
}

// statusOf compares the status of an instance with the one that it is listed in. What no
// right endpoint shows says nothing about the list.
func (d *doctor) statusOf(in Listed, s row) {
	what, observed := d.Config.calls.kind+" "+in.ID, d.lifecycle.Observed
	switch {
	case s.odd != "":
		d.doubt(what, "%s", s.odd)
	case s.denied != "" && !d.showsAny():
		d.doubt(what, "is asked for alone, and %s is answered with %s", observed.Operation, s.denied)
	case !s.listed && d.blind:
		d.doubt(what, "is not found by %s, which does not find by id what it lists without a filter", observed.Operation)
	case !s.listed:
		d.fail(what, "does not exist", d.absence(in.ID))
	case s.value == "":
		d.doubt(what, "is shown by %s without its %s", observed.Operation, observed.Field)
	case s.value != in.Status:
		d.fail(what, fmt.Sprintf("is %s, listed as %s", s.value, in.Status), "bring it into the listed status, or list its current one")
	default:
		d.ok(what, "is %s", s.value)
	}
}

// showsAny reports whether any of the listed instances is there.
func (d *doctor) showsAny() bool { return slices.Contains(slices.Collect(maps.Values(d.there)), true) }

// contradicted looks at the instances that are not as listed by the other reads, too: where
// they show something else, the endpoint contradicts itself, and the list may be right.
func (d *doctor) contradicted(ctx context.Context, statuses map[string]row) (map[string]string, error) {
	var doubtful []string
	for _, in := range d.Config.Instances {
		if statuses[in.ID].value != in.Status {
			doubtful = append(doubtful, in.ID)
		}
	}
	found := map[string]string{}
	for _, other := range d.lifecycle.Also {
		if len(doubtful) == 0 {
			break
		}
		others, err := d.column(ctx, other, doubtful)
		if err != nil {
			return nil, err
		}
		for _, id := range doubtful {
			if others[id].value != statuses[id].value {
				found[id] = fmt.Sprintf("is %q by %s, %q by %s", statuses[id].value, d.lifecycle.Observed.Operation, others[id].value, other.Operation)
			}
		}
	}
	return found, nil
}

// types looks whether what can be resized could be restored.
func (d *doctor) types(ctx context.Context) error {
	known, calls := d.Config.InstanceTypes, d.Config.calls
	switch {
	case len(d.Config.Allow) == 0:
		d.ok(calls.values(), "allow names no action, so no scenario changes a listed %s", calls.kind)
	case len(known.Resizable) < 2:
		d.tolerate(calls.values(), fmt.Sprintf("instanceTypes.resizable lists %d %s", len(known.Resizable), calls.values()),
			fmt.Sprintf("list at least two %s that the %s can change between", calls.values(), calls.kinds()))
	default:
		d.ok(calls.values(), "%d are listed as resizable", len(known.Resizable))
	}
	for _, name := range known.Unsupported {
		if slices.Contains(known.Resizable, name) {
			d.fail(calls.value+" "+name, "is listed as resizable and as unsupported", "remove it from one of the lists")
		}
	}
	var there []Listed
	var ids []string
	for _, in := range d.Config.Instances {
		if d.there[in.ID] {
			there, ids = append(there, in), append(ids, in.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	types, err := d.column(ctx, d.lifecycle.Changed, ids)
	if err != nil {
		return err
	}
	for _, in := range there {
		d.typeOf(in, types[in.ID])
	}
	return nil
}

// typeOf compares the type of an instance with the lists. A GPU instance may show none (K),
// but has a place for it.
func (d *doctor) typeOf(in Listed, s row) {
	known, changed, name, calls := d.Config.InstanceTypes, d.lifecycle.Changed, s.value, d.Config.calls
	what := calls.value + " of " + in.ID
	report := d.fail
	if len(d.Config.Allow) == 0 {
		report = d.tolerate // nothing is changed, so nothing has to be changed back
	}
	switch {
	case !s.listed:
		d.doubt(what, "is not shown by %s, though the %s is there by %s", changed.Operation, calls.kind, d.lifecycle.Observed.Operation)
	case !s.has:
		d.doubt(what, "is not shown by %s: its row has no %s that is %s or null", changed.Operation, changed.Field, changed.Wants())
	case in.GPU && slices.Contains(known.Resizable, name):
		report(what, fmt.Sprintf("is %s, a %s of instanceTypes.resizable, and it is listed with gpu: true", name, calls.value), "remove gpu: true, or the "+calls.value+" from the list")
	case in.GPU:
		d.ok(what, "is %q, of a GPU instance", name)
	case name == "" || slices.Contains(known.GPU, name):
		report(what, fmt.Sprintf("is %q, as of a GPU instance", name), "list the instance with gpu: true, or use another one")
	case !slices.Contains(d.lifecycle.Start, in.Status):
		d.ok(what, "is %s", name)
	case !slices.Contains(known.Resizable, name):
		report(what, fmt.Sprintf("is %s, which instanceTypes.resizable does not list", name),
			fmt.Sprintf("if the %[1]s can be changed back to it, list it there; if it is a GPU %[2]s, list the %[1]s with gpu: true; or use another %[1]s", calls.kind, calls.value))
	default:
		d.ok(what, "is %s", name)
	}
}

// absence says what to do about an instance that does not exist.
func (d *doctor) absence(id string) string {
	if _, open := d.Left()[id]; open {
		return fmt.Sprintf("an earlier run changed it: if it was released since, run %s --forget %s, then remove it from instances", d.cleanup, id)
	}
	return "correct its id, or remove it from instances"
}

// journal looks for what earlier runs have left. What cleanup cannot restore, because it
// does not exist, absence has told about.
func (d *doctor) journal() {
	err := d.Ready()
	if err == nil {
		return
	}
	for id := range d.Left() {
		if there, looked := d.there[id]; !looked || there {
			d.fail("journal", err.Error(), "run "+d.cleanup)
			return
		}
	}
	if behind := (*LeftBehind)(nil); errors.As(err, &behind) && behind.Journals[0].Journal == d.Journal.Path() && len(behind.Journals) == 1 {
		return // every instance in it was told about
	}
	d.fail("journal", err.Error(), "run "+d.cleanup)
}
