package operation

import (
	"cmp"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// look is one read of a subject. The endpoint formed its answer at some time between the two
// moments, which count from the start of the trajectory.
type look struct {
	asked, seen   time.Duration
	before, after bool // the result is possible only before the change, or only after it
}

const (
	// finest is the shortest duration assumed for a change if nothing is known about it.
	finest = time.Millisecond
	// share is the divisor for known durations: reads must be closer together than this part of the
	// time from the answer to the end of the change, and of the shortest change that was seen
	// running.
	share = 8
)

// noteStatus records when a status was read.
func (s *Subject) noteStatus(status string, t wire.Timing) {
	d := s.definition
	started, ended := slices.Contains(d.Start, status), slices.Contains(d.End, status)
	s.note(t, started && !ended, ended && !started)
}

// Row records when a row that shows both the status and the changed value was read.
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

// WouldHaveSeen reports whether the reads of at least times subjects were close enough together to
// have seen a change. All subjects were changed in the same way, and no change was seen running.
// The reads must be able to see a change that lasts finest, 1/share of the shortest change seen
// running (0 if none was), and 1/share of the time from the answer to the end.
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

// wouldHaveSeen reports whether the reads between the last one that shows the subject unchanged and
// the first one that shows it changed leave no gap that a change would fit in.
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

// wouldHaveMet does the same for subjects that end as they began, whose change may have run at any
// time. It reports whether at least times subjects were read during the change, whenever after the
// call the change began.
func wouldHaveMet(subjects []*Subject, times int, least time.Duration) bool {
	var begins []time.Duration // the start of each read, relative to the answer
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
	soonest := make([]time.Duration, len(subjects)) // for each subject, the earliest end among the reads that begin later
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

// gaps yields the longest intervals between two moments that do not contain a whole read.
func (s *Subject) gaps(begun, ended time.Duration) func(yield func(from, to time.Duration) bool) {
	within := slices.DeleteFunc(slices.Clone(s.looks), func(l look) bool { return l.asked < begun })
	slices.SortFunc(within, func(a, b look) int { return cmp.Compare(a.asked, b.asked) })
	return func(yield func(from, to time.Duration) bool) {
		to := ended // the earliest end among the reads that begin later
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
