package target

import (
	"context"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
)

// look is what was read of an instance at one time, by the two operations that show its
// status and its type.
type look struct {
	status string // "" where its row shows none
	kind   string // its type; "" where its row shows none, or no action asks for a value
	row    string // the status in the row that shows the type; "" where that shows none
}

// look reads status and type of the instance.
func (o *restoring) look(ctx context.Context) (look, error) {
	ids, l := []string{o.id}, o.lifecycle
	statuses, err := o.changer.rowsOf(ctx, l.Observed, ids)
	if err != nil {
		return look{}, err
	}
	status := statuses[o.id][l.Observed.Field]
	if !l.Valued() {
		return look{status: status}, nil
	}
	rows, err := o.changer.rowsOf(ctx, l.Changed, ids)
	if err != nil {
		return look{}, err
	}
	seen := look{status: status, kind: rows[o.id][l.Changed.Field]}
	if at, shows := l.StatusAt(l.Changed.Operation); shows {
		seen.row = rows[o.id][at.Field]
	}
	return seen, nil
}

// unshown returns the reading whose row shows the instance without what it is read for, if there is one.
func (o *restoring) unshown(now look) (contract.Reading, bool) {
	switch {
	case now.status == "":
		return o.lifecycle.Observed, true
	case o.lifecycle.Valued() && now.kind == "":
		return o.lifecycle.Changed, true
	}
	return contract.Reading{}, false
}

// passing reports whether an instance has the status only while a change runs.
func (o *restoring) passing(status string) bool {
	return o.ways.running(status) || slices.Contains(o.lifecycle.Transient, status)
}

// underWay reports whether a status is one of work under way, and not the one in which the
// instance was before, or is listed.
func (o *restoring) underWay(status string) bool {
	return o.passing(status) && o.oldStatus != status && o.listed[o.id] != status
}

// altered reports whether the instance has another type than it is to have. Which one is shown while a change of
// it runs, as of an instance that is listed so, no document says (protocol 9).
func (o *restoring) altered(now look) bool {
	return o.lifecycle.Valued() && now.kind != o.wanted && !slices.Contains(o.lifecycle.Transient, now.status)
}

// lags reports whether the row with the type shows work under way. The type in it may be the
// one before or after that work (protocol 9).
func (o *restoring) lags(seen look) bool { return o.underWay(seen.row) }

// compare notes that the type has changed since a call that asks for none. Whether the call
// has changed it no read can show, but who reads of it knows where to look.
func (o *restoring) compare(now look) {
	if o.plain == "" || now.kind == "" || now.kind == o.before || o.underWay(now.status) || o.lags(now) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unasked[o.id] = language.Said("; its {0} was {1} until {2} was called, which asks for none", language.Word(wordsOf(o.lifecycle).value), o.before, o.plain)
}

// unaskedOf returns what compare has noted of an instance, in this attempt or an earlier one.
func (r *restorer) unaskedOf(id string) language.Phrase {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unasked[id]
}

// plainCalls returns the actions that were called on an instance since its type was seen to be
// the one that it is to have again, if none of them asks for a type; else "".
func (r *restorer) plainCalls(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	for _, action := range r.actions[id] {
		i := slices.IndexFunc(r.ways, func(d lifecycle.Definition) bool { return d.Operation.Action == action })
		if i < 0 || r.ways[i].Wanted != "" {
			return ""
		}
		if !slices.Contains(names, action) {
			names = append(names, action)
		}
	}
	return strings.Join(names, " or ")
}
