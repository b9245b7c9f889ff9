package account

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// watching is one of the readers through which changes of an operation are watched.
type watching struct{ op, by wire.Operation }

// early are the changes that one reader showed to be over when the other one showed them to run.
type early struct {
	read      *event // the first time, by the other one
	id        string
	want, got string
	last      *work
	count     int
}

// behind returns the change of which one reader has shown more than the reader of an observation shows still;
// nil: there is none. That one lags behind, or the first one is wrong.
func (s *subject) behind(seen observation) *work {
	if w := s.work; w != nil && (w.stillRuns(seen) || w.stillWaits(seen)) {
		return w
	}
	if w := s.previous; w != nil && w.stillRuns(seen) { // the start of that one may be the end of the next
		return w
	}
	if s.previous != nil && seen.by != s.previous.endedBy.by {
		s.previous = nil // it has shown more since
	}
	s.lagging = false
	return nil
}

// lagged reports whether a change has ended for one reader, and for no other yet.
func (w *work) lagged() bool {
	return w.phase == ended && !w.confirmed && w.endedBy.by != (wire.Operation{})
}

// stillRuns reports whether a reader shows a change to run that another one has shown to be over.
func (w *work) stillRuns(seen observation) bool {
	return w.lagged() && seen.by != w.endedBy.by && !seen.asked.Before(w.endedBy.asked) && slices.Contains(w.l.Transient, seen.status)
}

// stillWaits reports whether a reader shows that a change has not begun, of which another one has shown more.
func (w *work) stillWaits(seen observation) bool {
	return len(w.began) > 0 && !w.began[seen.by] && slices.Contains(w.l.Start, seen.status) && !slices.Contains(w.l.End, seen.status)
}

// lags takes in what a reader shows that may lag behind. It is wrong once it does so for as long as a change may
// take; else the other one may be one that hides changes. Nothing else follows from it.
func (j *Judge) lags(e *event, s *subject, w *work, seen observation) {
	j.note(w, seen)
	s.lagging = true
	if w != s.work && slices.Contains(s.work.l.Transient, seen.status) {
		s.work.known = false // it may be this one that runs
		return
	}
	switch {
	case j.options.Within > 0 && w.lagged() && seen.asked.Sub(w.endedBy.shown) >= j.options.Within:
		j.departsOf(e, s, w, j.clause(verdict.RoleTruthful, seen.by), w.endedBy.status+", as "+w.endedBy.by.Action+" shows", seen.status+" still")
	case w.stillRuns(seen):
		j.mayHide(e, s, w, seen)
	}
}

// mayHide notes a change that one reader showed to be over early in the time that the other one
// shows it to run. Either may be right, as long as the other one may lag.
func (j *Judge) mayHide(e *event, s *subject, w *work, seen observation) {
	took, runs := w.endedBy.shown.Sub(w.event.end()), seen.asked.Sub(w.event.end())
	if !j.options.Exclusive || w.shared || w.blamed || w.event.blamed || 2*took > runs {
		return
	}
	of := watching{w.event.op, w.endedBy.by}
	if j.early[of] == nil {
		j.early[of] = &early{read: e, id: s.id, want: seen.status, got: w.endedBy.status}
	}
	if noted := j.early[of]; noted.last != w {
		noted.last = w
		noted.count++
	}
}

// neverShowsRunning judges readers that show changes to be over early, again and again, and never
// one to run.
func (j *Judge) neverShowsRunning() {
	for _, op := range j.contract.Operations() {
		for _, by := range j.contract.Operations() {
			of := watching{op, by}
			if noted := j.early[of]; noted != nil && noted.count >= againAndAgain && !j.showsRunning[of] {
				j.find(noted.read, j.clause(verdict.RoleTruthful, by), "trajectory of "+noted.id, noted.want+", as "+noted.read.op.Action+" shows",
					fmt.Sprintf("%s, in %d changes", noted.got, noted.count))
			}
		}
	}
}
