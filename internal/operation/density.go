package operation

import (
	"cmp"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// look is one read of a subject, in which the endpoint looked at it once, between the two
// moments from the start of its trajectory.
type look struct {
	asked, seen   time.Duration
	before, after bool // what was read is there only before the change, or only after it
}

const (
	// finest is the shortest time that a change is ever taken to last where nothing is known of it.
	finest = time.Millisecond
	// share is the part of a known time that reads have to be closer than: of the time from the
	// answer to the end of the change, and of the shortest change that was seen to run.
	share = 8
)

// noteStatus keeps when a status was read.
func (s *Subject) noteStatus(status string, t wire.Timing) {
	d := s.definition
	started, ended := slices.Contains(d.Start, status), slices.Contains(d.End, status)
	s.note(t, started && !ended, ended && !started)
}

// Row keeps when a row was read that shows both the status and the changed value.
func (s *Subject) Row(row map[string]string, t wire.Timing) {
	d := s.definition
	r, shows := d.StatusAt(d.Changed.Operation)
	if d.Wanted == "" || !shows || s.Trajectory.From == s.Trajectory.To {
		return
	}
	status, value := row[r.Field], row[d.Changed.Field]
	s.note(t, slices.Contains(d.Start, status) && value == s.Trajectory.From, slices.Contains(d.End, status) && value == s.Trajectory.To)
}

func (s *Subject) note(t wire.Timing, before, after bool) {
	s.looks = append(s.looks, look{t.Start.Sub(s.Trajectory.Start), t.Finished().Sub(s.Trajectory.Start), before, after})
}

// WouldHaveSeen reports whether the reads of so many of the subjects, each of which was changed in the same way and
// was not seen to run, were so close to each other that they would have met the change: one that lasts as long as
// finest, an eighth of the shortest that was seen to run (0: none was), and an eighth of the time from the answer to its end.
func WouldHaveSeen(subjects []*Subject, times int, shortest time.Duration) bool {
	enough, least := 0, max(finest, shortest/share)
	for _, s := range subjects {
		if !slices.ContainsFunc(s.looks, func(l look) bool { return l.after }) {
			return wouldHaveMet(subjects, times, least)
		}
		if s.wouldHaveSeen(least) {
			enough++
		}
	}
	return enough >= times
}

// wouldHaveSeen reports whether the reads between the last one that shows the subject as it was and the first one
// that shows it changed leave no room for the change.
func (s *Subject) wouldHaveSeen(least time.Duration) bool {
	begun, ended := s.within()
	if s.Trajectory.Answered == 0 || ended <= begun {
		return false
	}
	for from, to := range s.gaps(begun, ended) {
		if to-from >= max(least, (to-s.Trajectory.Answered)/share) {
			return false
		}
	}
	return true
}

// wouldHaveMet reports it of subjects that end as they began, which may have changed at any time while they were
// read: whenever after the call the change began, so many of them were read while it ran.
func wouldHaveMet(subjects []*Subject, times int, least time.Duration) bool {
	var begins []time.Duration // when a read began, from the answer
	ends := make([][]look, len(subjects))
	horizon := time.Duration(-1)
	for i, s := range subjects {
		last := time.Duration(0)
		for _, l := range s.looks {
			if l.asked < s.Trajectory.Answered {
				continue
			}
			ends[i] = append(ends[i], look{asked: l.asked - s.Trajectory.Answered, seen: l.seen - s.Trajectory.Called})
			begins = append(begins, l.asked-s.Trajectory.Answered)
			last = max(last, l.asked-s.Trajectory.Answered)
		}
		slices.SortFunc(ends[i], func(a, b look) int { return cmp.Compare(b.asked, a.asked) })
		if horizon < 0 || last < horizon {
			horizon = last
		}
	}
	slices.Sort(begins)
	slices.Reverse(begins)
	soonest := make([]time.Duration, len(subjects)) // the first end of the reads of each that begin later
	for i := range soonest {
		soonest[i] = horizon
	}
	for _, from := range append(begins, 0) {
		for i := range ends {
			for len(ends[i]) > 0 && (ends[i][0].asked > from || from == 0) {
				soonest[i] = min(soonest[i], ends[i][0].seen)
				ends[i] = ends[i][1:]
			}
		}
		sorted := slices.Sorted(slices.Values(soonest))
		if to := sorted[min(times, len(sorted))-1]; from < to && to-from >= max(least, to/share) {
			return false
		}
	}
	return len(subjects) >= times && horizon > 0
}

// within returns the moments between which the subject must have changed.
func (s *Subject) within() (begun, ended time.Duration) {
	begun = s.Trajectory.Called
	for _, l := range s.looks {
		ended = max(ended, l.seen)
	}
	for _, l := range s.looks {
		if l.before {
			begun = max(begun, l.asked)
		}
		if l.after && l.asked >= s.Trajectory.Called {
			ended = min(ended, l.seen)
		}
	}
	return begun, ended
}

// gaps yields the longest stretches between two moments within which no read lies as a whole.
func (s *Subject) gaps(begun, ended time.Duration) func(yield func(from, to time.Duration) bool) {
	within := slices.DeleteFunc(slices.Clone(s.looks), func(l look) bool { return l.asked < begun })
	slices.SortFunc(within, func(a, b look) int { return cmp.Compare(a.asked, b.asked) })
	return func(yield func(from, to time.Duration) bool) {
		to := ended // the first end of the reads that begin later
		for i := len(within) - 1; i >= 0; i-- {
			if from := within[i].asked; from < to && !yield(from, to) {
				return
			}
			to = min(to, within[i].seen)
		}
		if begun < to {
			yield(begun, to)
		}
	}
}
