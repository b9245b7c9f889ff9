package target

import (
	"context"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
)

// look is the state of an instance as read at one time, by the two operations that show its status
// and its type.
type look struct {
	status string // "" if the row shows none
	kind   string // the type, "" if the row shows none or no action sets a value
	row    string // the status in the row that shows the type, "" if that row shows none
}

// look reads the status and the type of the instance.
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

// unshown returns the reading whose row shows the instance without the requested field, if there is
// one.
func (o *restoring) unshown(now look) (contract.Reading, bool) {
	switch {
	case now.status == "":
		return o.lifecycle.Observed, true
	case o.lifecycle.Valued() && now.kind == "":
		return o.lifecycle.Changed, true
	}
	return contract.Reading{}, false
}

// passing reports whether an instance has the status only during a change.
func (o *restoring) passing(status string) bool {
	return o.ways.running(status) || slices.Contains(o.lifecycle.Transient, status)
}

// underWay reports whether a status shows a running change, unless it is the original or listed
// status of the instance.
func (o *restoring) underWay(status string) bool {
	return o.passing(status) && o.oldStatus != status && o.listed[o.id] != status
}

// altered reports whether the type of the instance differs from the one to restore. During a
// change, no document says which type is shown (protocol 9), so the type does not count then. That
// also applies to an instance that is listed as being changed.
func (o *restoring) altered(now look) bool {
	return o.lifecycle.Valued() && o.lost == nil && now.kind != o.wanted && !slices.Contains(o.lifecycle.Transient, now.status)
}

// lags reports whether the row with the type shows a running change. Its type may be from before or
// after the change (protocol 9).
func (o *restoring) lags(seen look) bool { return o.underWay(seen.row) }

// compare records that the type has changed since a call that does not set it. No read can show
// whether the call caused that, but the note tells people where to look.
func (o *restoring) compare(now look) {
	if o.plain == "" || now.kind == "" || now.kind == o.before || o.underWay(now.status) || o.lags(now) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unasked[o.id] = language.Said("its {0} was {1} until {2} was called, which asks for none", language.Word(wordsOf(o.lifecycle).value), o.before, o.plain)
}

// unaskedOf returns the note of compare about an instance, from this attempt or an earlier one.
func (r *restorer) unaskedOf(id string) language.Phrase {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unasked[id]
}

// plainCalls returns the actions that were called on an instance since it last had the type to
// restore, or "" if any of them sets a type.
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
