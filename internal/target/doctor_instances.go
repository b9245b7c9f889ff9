package target

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// named returns the name of a listed instance in a check.
func (d *doctor) named(id string) language.Phrase {
	return language.Said("{0} {1}", d.Config.calls.one(), id)
}

// instances compares each listed instance with what the endpoint shows.
func (d *doctor) instances(ctx context.Context) error {
	ids := make([]string, len(d.Config.Instances))
	for i, in := range d.Config.Instances {
		ids[i] = in.ID
	}
	if len(ids) == 0 {
		d.tolerate(instancesCheck(), language.Said("no {0} is listed", d.Config.calls.one()), language.Said("under instances, list those that a run may use"))
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
		if contradiction, is := contradicted[in.ID]; is {
			d.odd(d.named(in.ID), contradiction)
			continue
		}
		d.statusOf(in, statuses[in.ID])
	}
	return nil
}

// statusOf compares the status of an instance with the listed one. A status that no correct
// endpoint shows says nothing about the list.
func (d *doctor) statusOf(in Listed, s row) {
	what, observed := d.named(in.ID), d.lifecycle.Observed
	switch {
	case s.odd != language.Phrase{}:
		d.odd(what, s.odd)
	case s.denied != language.Phrase{} && !d.showsAny():
		d.doubt(what, "is asked for alone, and {0} is answered with {1}", observed.Operation, s.denied)
	case !s.listed && d.blind:
		d.doubt(what, "is not found by {0}, which does not find by id what it lists without a filter", observed.Operation)
	case !s.listed:
		d.fail(what, language.Said("does not exist"), d.absence(in.ID))
	case s.value == "":
		d.doubt(what, "is shown by {0} without its {1}", observed.Operation, observed.Field)
	case s.value != in.Status:
		d.fail(what, language.Said("is {0}, listed as {1}", s.value, in.Status), language.Said("bring it into the listed status, or list its current one"))
	default:
		d.ok(what, "is {0}", s.value)
	}
}

// showsAny reports whether any listed instance exists.
func (d *doctor) showsAny() bool { return slices.Contains(slices.Collect(maps.Values(d.there)), true) }

// contradicted reads the instances that differ from the list with the other read operations, too.
// If these show something else, the endpoint contradicts itself, and the list may be right.
func (d *doctor) contradicted(ctx context.Context, statuses map[string]row) (map[string]language.Phrase, error) {
	var doubtful []string
	for _, in := range d.Config.Instances {
		if statuses[in.ID].value != in.Status {
			doubtful = append(doubtful, in.ID)
		}
	}
	found := map[string]language.Phrase{}
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
				found[id] = language.Said("is {0} by {1}, {2} by {3}", strconv.Quote(statuses[id].value), d.lifecycle.Observed.Operation, strconv.Quote(others[id].value), other.Operation)
			}
		}
	}
	return found, nil
}

// types checks that everything that can be resized could also be restored.
func (d *doctor) types(ctx context.Context) error {
	known, calls := d.Config.InstanceTypes, d.Config.calls
	values := language.Word(calls.values())
	if len(d.Config.Allow) > 0 && !d.lifecycle.Valued() {
		d.ok(values, "no action asks for a value, so the {0} is all that is restored", language.Word(calls.value))
		return nil
	}
	switch {
	case len(d.Config.Allow) == 0:
		d.ok(values, "allow names no action, so no scenario changes a listed {0}", calls.one())
	case !d.valued():
		d.ok(values, "allow names no action that asks for a value, so no scenario changes the {0} of a listed {1}", language.Word(calls.value), calls.one())
	case len(known.Resizable) < 2:
		d.tolerate(values, language.Said("instanceTypes.resizable lists {0} {1}", len(known.Resizable), values),
			language.Said("list at least two {0} that the {1} can change between", values, language.Word(calls.kinds())))
	default:
		d.ok(values, "{0} are listed as resizable", len(known.Resizable))
	}
	for _, name := range known.Unsupported {
		if slices.Contains(known.Resizable, name) {
			d.fail(language.Said("{0} {1}", language.Word(calls.value), name), language.Said("is listed as resizable and as unsupported"), language.Said("remove it from one of the lists"))
		}
	}
	var there []Listed
	var ids []string
	for _, in := range d.Config.Instances {
		if d.there[in.ID] {
			there, ids = append(there, in), append(ids, in.ID)
		}
	}
	if len(ids) == 0 || !d.lifecycle.Valued() {
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

// valued reports whether an allowed action changes the value of a listed instance.
func (d *doctor) valued() bool {
	_, is := d.restorer.ways.valued()
	return is
}

// typeOf compares the type of an instance with the lists. A GPU instance may show no type (K), but
// must have the member. An instance that is listed as being changed may show any type.
func (d *doctor) typeOf(in Listed, s row) {
	known, changed, name, calls := d.Config.InstanceTypes, d.lifecycle.Changed, s.value, d.Config.calls
	value := language.Word(calls.value)
	what := language.Said("{1} of {0}", in.ID, value)
	report := d.fail
	if !d.valued() {
		report = d.tolerate // no value is changed, so none has to be restored
	}
	switch {
	case !s.listed:
		d.doubt(what, "is not shown by {0}, though the {1} is there by {2}", changed.Operation, calls.one(), d.lifecycle.Observed.Operation)
	case !s.has:
		d.doubt(what, "is not shown by {0}: its row has no {1} that is {2} or null", changed.Operation, changed.Field, language.Word(changed.Wants()))
	case slices.Contains(d.lifecycle.Transient, in.Status): // any type may be shown (protocol 9)
		d.ok(what, "is {0}", verdict.Shown(name))
	case in.GPU && slices.Contains(known.Resizable, name):
		report(what, language.Said("is {0}, a {1} of instanceTypes.resizable, and it is listed with gpu: true", name, value), language.Said("remove gpu: true, or the {0} from the list", value))
	case in.GPU:
		d.ok(what, "is {0}, of a GPU instance", strconv.Quote(name))
	case name == "" || slices.Contains(known.GPU, name):
		report(what, language.Said("is {0}, as of a GPU instance", strconv.Quote(name)), language.Said("list the {0} with gpu: true, or use another one", calls.one()))
	case !d.valued(), !slices.Contains(d.lifecycle.Start, in.Status):
		d.ok(what, "is {0}", name)
	case !slices.Contains(known.Resizable, name):
		report(what, language.Said("is {0}, which instanceTypes.resizable does not list", name),
			d.unlisted(in, value))
	default:
		d.ok(what, "is {0}", name)
	}
}

// unlisted says what to do about a value that no change could restore.
func (d *doctor) unlisted(in Listed, value language.Phrase) language.Phrase {
	if in.Kind != "" {
		return language.Said("if the {0} can be changed back to it, list it there; or use another {0}", d.Config.calls.one())
	}
	return language.Said("if the {0} can be changed back to it, list it there; if it is a GPU {1}, list the {0} with gpu: true; or use another {0}", d.Config.calls.one(), value)
}

// absence says what to do about an instance that does not exist.
func (d *doctor) absence(id string) language.Phrase {
	if _, open := d.Left()[id]; open {
		return language.Said("an earlier run changed it: if it was released since, run {0} --forget {1}, then remove it from instances", d.cleanup, id)
	}
	return language.Said("correct its id, or remove it from instances")
}

// journal looks for what earlier runs have left. It leaves out instances that cleanup cannot
// restore because they do not exist; absence reports these.
func (d *doctor) journal() {
	err := d.Ready()
	if err == nil {
		return
	}
	name, found, fix := language.Said("journal"), language.OfError(err), language.Said("run {0}", d.cleanup)
	for id := range d.Left() {
		if there, looked := d.there[id]; !looked || there {
			d.fail(name, found, fix)
			return
		}
	}
	if behind := (*LeftBehind)(nil); errors.As(err, &behind) && behind.Journals[0].Journal == d.Journal.Path() && len(behind.Journals) == 1 {
		return // every instance in it was reported
	}
	d.fail(name, found, fix)
}
