package target

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/zec-tools/conformance/internal/journal"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// openJournal opens the journal of a target.
func openJournal(c Config, a Access) (*journal.Journal, error) {
	file := a.Journal
	if !strings.HasSuffix(file, ".jsonl") {
		file = journal.File(file, c.Name)
	}
	owner := journal.Owner{Target: c.Name, Endpoint: c.Endpoint, Kind: c.calls.kind}
	for _, in := range c.Instances {
		owner.Subjects = append(owner.Subjects, in.ID)
	}
	return journal.Open(file, a.State, owner)
}

// oldTypes returns the original types of a journal's subjects, or their statuses if no action sets
// a value.
func (r *restorer) oldTypes(open map[string]journal.State) map[string]string {
	types := map[string]string{}
	l, err := r.changer.lifecycle()
	if err != nil {
		return types
	}
	for id, state := range open {
		if types[id] = state.Status; l.Valued() {
			types[id] = state.Values[l.Changed.Field]
		}
	}
	return types
}

// know records the state of instances in the journal before anything is changed.
func (r *restorer) know(types, statuses map[string]string) error {
	l, err := r.changer.lifecycle()
	if err != nil {
		return err
	}
	states := map[string]journal.State{}
	for id, kind := range types {
		state := journal.State{Status: statuses[id]}
		if l.Valued() {
			state.Values = map[string]string{l.Changed.Field: kind}
		}
		states[id] = state
	}
	r.journal.Know(states)
	return nil
}

// Left returns the types that must be restored according to the journal.
func (r *Remote) Left() map[string]string { return r.restorer.oldTypes(r.Journal.Open()) }

// Cleanup restores the types and statuses of the instances in the journal. It returns the restored
// state of each instance, and the instances that it could not restore. trouble is called whenever
// the obstacle for an instance has changed.
func (r *Remote) Cleanup(ctx context.Context, trouble func(instance string, what language.Phrase)) (done map[string]language.Phrase, failed []*NotRestored) {
	var mu sync.Mutex
	last := map[string]language.Phrase{}
	r.restorer.trouble = func(instance string, what language.Phrase, back bool) {
		mu.Lock()
		last[instance] = what
		mu.Unlock()
		if !back {
			trouble(instance, what)
		}
	}
	failed = r.restorer.restore(ctx, r.Left(), fullEffort)
	for _, f := range failed {
		delete(last, f.Instance)
	}
	return last, failed
}

// WatchRestoring sets a function that is called with the status of each instance being restored,
// and with "" at the end. It is called from several goroutines.
func (r *Remote) WatchRestoring(watch func(instance, status string)) { r.restorer.watch = watch }

// Changing reports whether any call that could change an instance was made or is about to be made.
// Until then there is nothing to restore.
func (r *Remote) Changing() bool { return r.restorer.called() || len(r.Journal.Open()) > 0 }

// Words returns the words for the listed things in messages, and for the value that is restored.
func (r *Remote) Words() (kind, value string) {
	calls := r.restorer.changer.words()
	return calls.kind, calls.value
}

// Look reads the status and the type of an instance once. The type is "" if no action sets a value.
func (r *Remote) Look(ctx context.Context, id string) (status, kind string, err error) {
	one, err := r.restorer.one(id)
	if err != nil {
		return "", "", err
	}
	now, err := one.look(ctx)
	return now.status, now.kind, err
}

// Unrestored returns the instances that could not be restored.
func (r *Remote) Unrestored() []verdict.Unrestored {
	list := r.pool.unrestored()
	for i := range list {
		list[i].Journal, list[i].Cleanup = r.Journal.Path(), r.cleanup
	}
	return list
}

// unrestored returns the instances that could not be restored.
func (p *pool) unrestored() []verdict.Unrestored {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []verdict.Unrestored
	calls := p.restorer.changer.words()
	named := func(u verdict.Unrestored, reason language.Phrase) {
		u.Reason = reason.In(language.English)
		if u.Kind, u.Value = calls.kind, calls.value; calls.kind == instanceKind {
			u.Kind, u.Value = "", ""
		}
		list = append(list, u)
	}
	for id, kind := range p.restorer.oldTypes(p.restorer.journal.Open()) {
		if p.withdrawn[id] == nil {
			named(verdict.Unrestored{Instance: id, Type: kind}, language.Said("nobody has seen it with that {0} since it was changed", language.Word(calls.value)))
		}
	}
	for id, f := range p.withdrawn {
		named(verdict.Unrestored{Instance: id, Type: f.Type}, language.OfError(f.Err))
	}
	slices.SortFunc(list, func(a, b verdict.Unrestored) int { return cmp.Compare(a.Instance, b.Instance) })
	return list
}

// Ready returns an error if an earlier run has left an instance of the target to be restored, in
// this journal or in another one of the same endpoint.
func (r *Remote) Ready() error {
	damaged := r.Journal.Damaged()
	elsewhere, err := r.Journal.Elsewhere()
	for _, left := range elsewhere {
		damaged = append(damaged, left.Damaged...)
	}
	if len(damaged) > 0 {
		return fmt.Errorf("%s", strings.Join(damaged, "\n"))
	}
	if err != nil {
		return fmt.Errorf("look for what earlier runs have left: %w", err)
	}
	if own := r.Left(); len(own) > 0 {
		ids := make([]string, 0, len(own))
		for id := range own {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		elsewhere = append([]journal.Left{{Journal: r.Journal.Path(), Open: ids}}, elsewhere...)
	}
	if len(elsewhere) == 0 {
		return nil
	}
	return &LeftBehind{elsewhere}
}

// LeftBehind is the error of Ready. It lists the journals with open entries.
type LeftBehind struct{ Journals []journal.Left }

// Error implements error.
func (l *LeftBehind) Error() string { return l.Said().In(language.English) }

// Said returns the error in a form for every language.
func (l *LeftBehind) Said() language.Phrase {
	var places []language.Phrase
	for _, j := range l.Journals {
		places = append(places, language.Said("{0} ({1})", strings.Join(j.Open, ", "), j.Journal))
	}
	return language.Said("an earlier run did not restore {0}", language.List(places))
}
