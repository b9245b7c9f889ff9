package account

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// watching is one reader through which the changes of an operation are observed.
type watching struct{ op, by wire.Operation }

// early counts the changes that one reader showed as over while another showed them running.
type early struct {
	read      *event // the first such read of the other reader
	id        string
	want, got string
	last      *work
	count     int
}

// behind returns the change for which another reader has already shown more than this observation,
// or nil. Either this reader lags behind, or the other one is wrong.
func (s *subject) behind(seen observation) *work {
	if w := s.work; w != nil && (w.stillRuns(seen) || w.stillWaits(seen)) {
		return w
	}
	if w := s.previous; w != nil && w.stillRuns(seen) { // the start of the earlier change may be the end of the later one
		return w
	}
	if s.previous != nil && seen.by != s.previous.endedBy.by {
		s.previous = nil // this reader has shown the end since
	}
	s.lagging = false
	return nil
}

// lagged reports whether only one reader has shown the end of a change so far.
func (w *work) lagged() bool {
	return w.phase == ended && !w.confirmed && w.endedBy.by != (wire.Operation{})
}

// stillRuns reports whether a reader shows a change running that another reader has shown as over.
func (w *work) stillRuns(seen observation) bool {
	return w.lagged() && seen.by != w.endedBy.by && !seen.asked.Before(w.endedBy.asked) && slices.Contains(w.l.Transient, seen.status)
}

// stillWaits reports whether a reader shows a change as not begun of which another reader has shown
// more.
func (w *work) stillWaits(seen observation) bool {
	return len(w.began) > 0 && !w.began[seen.by] && slices.Contains(w.l.Start, seen.status) && !slices.Contains(w.l.End, seen.status)
}

// lags records an observation of a reader that may lag behind. The reader is wrong if it lags for
// longer than a change may take. Otherwise the other reader may be hiding changes. Nothing else
// follows from the observation.
func (j *Judge) lags(e *event, s *subject, w *work, seen observation) {
	j.note(w, seen)
	s.lagging = true
	if w != s.work && slices.Contains(s.work.l.Transient, seen.status) {
		s.work.known = false // the later change may be the one that runs
		return
	}
	switch {
	case j.options.Within > 0 && w.lagged() && seen.asked.Sub(w.endedBy.shown) >= j.options.Within:
		j.departsOf(e, s, w, j.clause(verdict.RoleTruthful, seen.by), w.endedBy.status+", as "+w.endedBy.by.Action+" shows", seen.status+" still")
	case w.stillRuns(seen):
		j.mayHide(e, s, w, seen)
	}
}

// mayHide records a change that one reader showed as over early in the time in which another reader
// showed it running. As long as the second reader may lag, either may be right.
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

// neverShowsRunning judges readers that repeatedly show changes as over too early, and never show
// one running.
func (j *Judge) neverShowsRunning() {
	for _, op := range j.contract.Operations() {
		for _, by := range j.contract.Operations() {
			of := watching{op, by}
			if noted := j.early[of]; noted != nil && noted.count >= repetitionsNeeded && !j.showsRunning[of] {
				j.find(noted.read, j.clause(verdict.RoleTruthful, by), "trajectory of "+noted.id, noted.want+", as "+noted.read.op.Action+" shows",
					fmt.Sprintf("%s, in %d changes", noted.got, noted.count))
			}
		}
	}
}
