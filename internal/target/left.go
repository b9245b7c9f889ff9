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

// oldTypes returns the types that a journal's subjects had, or their statuses where no action asks for a value.
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

// know tells the journal how instances are before anything is changed.
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

// Left returns the types that the journal says instances have to get back.
func (r *Remote) Left() map[string]string { return r.restorer.oldTypes(r.Journal.Open()) }

// Cleanup gives the instances that the journal names their old types and statuses. It returns
// how each that has them again is shown, and those that it could not give them to. trouble is
// told what stands in the way of an instance whenever that has changed.
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

// WatchRestoring has watch told what each instance that is being restored shows, nothing
// when that is over. It is called from several goroutines.
func (r *Remote) WatchRestoring(watch func(instance, status string)) { r.restorer.watch = watch }

// Changing reports whether anything was called, or is about to be, that could change an
// instance: until then there is nothing to restore.
func (r *Remote) Changing() bool { return r.restorer.called() || len(r.Journal.Open()) > 0 }

// Words returns what messages call the things that the target lists, and the value by which each is restored.
func (r *Remote) Words() (kind, value string) {
	calls := r.restorer.changer.words()
	return calls.kind, calls.value
}

// Look reads status and type of an instance, once. It has no type where no action asks for a value.
func (r *Remote) Look(ctx context.Context, id string) (status, kind string, err error) {
	one, err := r.restorer.one(id)
	if err != nil {
		return "", "", err
	}
	now, err := one.look(ctx)
	return now.status, now.kind, err
}

// Unrestored returns the instances that did not get their old type back.
func (r *Remote) Unrestored() []verdict.Unrestored {
	list := r.pool.unrestored()
	for i := range list {
		list[i].Journal, list[i].Cleanup = r.Journal.Path(), r.cleanup
	}
	return list
}

// unrestored returns the instances that did not get their old type back.
func (p *pool) unrestored() []verdict.Unrestored {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []verdict.Unrestored
	calls := p.restorer.changer.words()
	named := func(u verdict.Unrestored, reason language.Phrase) {
		u.Reason, u.ReasonZh = reason.In(language.English), reason.In(language.Chinese)
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

// Ready is an error when an earlier run has left one of the target's instances to be
// restored, in this journal or in another of the same endpoint.
func (r *Remote) Ready() error {
	if damaged := r.Journal.Damaged(); len(damaged) > 0 {
		return fmt.Errorf("%s", strings.Join(damaged, "\n"))
	}
	elsewhere, err := r.Journal.Elsewhere()
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

// LeftBehind is the error of Ready: the journals that leave something to do.
type LeftBehind struct{ Journals []journal.Left }

// Error implements error.
func (l *LeftBehind) Error() string { return l.Said().In(language.English) }

// Said is the error in every language.
func (l *LeftBehind) Said() language.Phrase {
	var places []language.Phrase
	for _, j := range l.Journals {
		places = append(places, language.Said("{0} ({1})", strings.Join(j.Open, ", "), j.Journal))
	}
	return language.Said("an earlier run did not restore {0}", language.List(places))
}
