package target

import (
	"context"
	"maps"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/operation"
)

// Stray is an instance that was changed although no scenario held it. Nobody can tell whether the
// endpoint or somebody else has changed it.
type Stray struct {
	Type   string // as it was found, or the status if no action sets a type; "" if it had its own
	Status string // as it was found, if the type was its own
}

// Finish looks at every listed instance once more when a run is over. It restores instances that no
// scenario held and whose type or status has changed, and tries again those that could not be
// restored before, if that is now possible. It returns the former, by id.
func (r *Remote) Finish(ctx context.Context) map[string]Stray {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.restorer.gaveUp, cancel)()
	p := r.pool
	l, err := r.restorer.changer.lifecycle()
	if err != nil || !r.restorer.called() || r.restorer.gaveUp.Err() != nil {
		return nil
	}
	p.restoreOwed(ctx)
	rows, err := p.rowsShown(ctx, l.Restored())
	if err != nil {
		return nil // the journal contains what is known to be open
	}
	p.tryAgain(ctx, l, rows.Column(l.Restored().Field))
	return p.restoreStrays(ctx, l, rows)
}

// restoreStrays restores the instances whose type or status has changed although no scenario held
// them. If the row shows a running change, its type says nothing, so restoring waits for the end.
func (p *pool) restoreStrays(ctx context.Context, l contract.Lifecycle, rows operation.Rows) map[string]Stray {
	p.baseline.mu.Lock()
	was := maps.Clone(p.baseline.types)
	p.baseline.mu.Unlock()
	at, _ := l.StatusAt(l.Restored().Operation)
	found := map[string]Stray{}
	for id, kind := range was {
		now, status := rows[id][l.Restored().Field], rows[id][at.Field]
		changing := slices.Contains(l.Transient, status) && status != p.config.listed(id).Status
		moved := l.Valued() && p.restorer.strays(id, status)
		switch {
		case p.isWithdrawn(id), now == "", now == kind && !changing && !moved, !l.Valued() && !p.restorer.movable(now, kind):
			delete(was, id)
		case now != kind:
			found[id] = Stray{Type: now}
		case moved:
			found[id] = Stray{Status: status}
		}
	}
	if len(was) > 0 {
		_ = p.restoreAll(ctx, was) // failed ones are withdrawn and reported as unrestored
	}
	return found
}

// strays reports whether an instance on which nothing is open is in another status than it had
// before the run, and an allowed action leads back there. If so, restoring it restores the status.
func (r *restorer) strays(id, status string) bool {
	old := r.journal.Unrecorded(id).Status
	if old == "" || status == "" || status == old || old != r.listed[id] || !r.ways.leads(status, old) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.strayed[id] = old
	return true
}

// movable reports whether an allowed action leads an instance from one status to another, at once
// or after the change that is running.
func (r *restorer) movable(from, to string) bool {
	return r.ways.leads(from, to) || r.ways.running(from)
}

// tryAgain looks at the open entries of the journal. An instance that has its old type now, or is
// in a status that allows restoring it, gets one more attempt.
func (p *pool) tryAgain(ctx context.Context, l contract.Lifecycle, types map[string]string) {
	left := p.restorer.oldTypes(p.restorer.journal.Open())
	if len(left) == 0 {
		return
	}
	statuses, err := p.shown(ctx, l.Observed)
	if err != nil {
		return
	}
	for id, kind := range left {
		has, status := types[id], statuses[id]
		changeable := slices.Contains(l.Start, status) || slices.Contains(l.Transient, status)
		if !l.Valued() {
			changeable = p.restorer.movable(status, kind)
		}
		if has == "" || status == "" || has != kind && !changeable {
			delete(left, id)
		}
	}
	again := p.restorer.restore(ctx, left, lastEffort)
	for _, f := range again {
		delete(left, f.Instance)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range left {
		delete(p.withdrawn, id)
	}
	for _, f := range again {
		p.withdrawn[f.Instance] = f
	}
}

func (p *pool) isWithdrawn(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.withdrawn[id] != nil
}
