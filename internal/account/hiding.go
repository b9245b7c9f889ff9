package account

import (
	"fmt"

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

// mayHide notes a change that one reader showed to be over early in the time that the other one
// shows it to run. Either may be right, as long as the other one may lag.
func (j *Judge) mayHide(e *event, s *subject, seen observation) {
	w := s.work
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
