package operation

import (
	"context"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Reader reads the rows of subjects with a read operation, and returns when it did.
type Reader func(ctx context.Context, r lifecycle.Reading, ids []string) (Rows, wire.Timing, error)

// eager is how many looks follow the answer without a pause. leastLooks is how many looks are made
// before the time limit of a change applies, because a busy machine looks rarely.
const (
	eager      = 8
	leastLooks = 40
)

// Subject is one followed subject of a call.
type Subject struct {
	ID         string
	Watch      *lifecycle.Watch
	Trajectory verdict.Trajectory
	// Reached is when the wanted value was first read although the change was not seen running;
	// zero if it was not.
	Reached time.Time
	// EndValue is the value in the first row that also shows the end; "" until then.
	EndValue string

	definition lifecycle.Definition
	looks      []look
	ended      time.Duration // when its end had settled, as time since the start of following; 0 if it has not
}

// NewSubject returns a subject of which nothing has been seen yet.
func NewSubject(d lifecycle.Definition, id string, settle time.Duration, start time.Time) *Subject {
	return &Subject{
		ID: id, Watch: lifecycle.Follow(d.Rules(settle)), definition: d,
		Trajectory: verdict.Trajectory{Instance: id, Action: d.Operation.Action, Field: d.Changed.Field, Start: start, Settle: settle},
	}
}

// Answered records when the operation was called and when its answer had arrived.
func (s *Subject) Answered(t wire.Timing) {
	if t.Start.IsZero() { // nothing was sent
		return
	}
	s.Trajectory.Called, s.Trajectory.Answered = t.Start.Sub(s.Trajectory.Start), t.Finished().Sub(s.Trajectory.Start)
}

// See adds a status to the trajectory and passes it to the watch.
func (s *Subject) See(status string, t wire.Timing) { s.Watch.See(s.Note(status, t)) }

// Note only adds a status to the trajectory. It is for concurrent reads, whose order is unknown.
func (s *Subject) Note(status string, t wire.Timing) verdict.Observation {
	observation := verdict.Observation{Asked: t.Start.Sub(s.Trajectory.Start), Seen: t.Finished().Sub(s.Trajectory.Start), Status: status}
	s.Trajectory.Observations = append(s.Trajectory.Observations, observation)
	s.noteStatus(status, t)
	return observation
}

// Status returns the last status seen.
func (s *Subject) Status() string {
	if len(s.Trajectory.Observations) == 0 {
		return ""
	}
	return s.Trajectory.Observations[len(s.Trajectory.Observations)-1].Status
}

// Follower follows the subjects of one call.
type Follower struct {
	Definition lifecycle.Definition
	Subjects   []*Subject
	Pace       Pace
	Limit      time.Duration // for reaching the end; settling has its own time limit
	Read       Reader
	// Beside are further subjects to read together with these. Watch is called with every status
	// that was read; an error from it ends the following. Both may be nil.
	Beside []string
	Watch  func(ctx context.Context, status map[string]string) error
}

// Until polls until done holds for the phase of every subject, a change has happened without being
// seen running, or the time limit is reached. A row that lags behind gets the same time again.
func (f *Follower) Until(ctx context.Context, done func(lifecycle.Phase) bool) error {
	clock := StartClock()
	defer clock.Stop()
	pace := f.Pace
	if slices.ContainsFunc(f.Subjects, func(s *Subject) bool { return s.Watch.Phase() == lifecycle.Waiting }) {
		pace.Eager = eager
	}
	looks := 0
	return pace.Poll(ctx, func(ctx context.Context) (Next, error) {
		looks++
		if err := f.look(ctx); err != nil {
			return Done, err
		}
		next, late := Done, looks >= leastLooks && clock.Elapsed() > f.Limit
		for _, s := range f.Subjects {
			phase := s.Watch.Phase()
			settling := phase == lifecycle.Settling || phase == lifecycle.Astray
			if done(phase) && f.valueOpen(s) && f.mayLag(s, looks, clock.Elapsed()) {
				next = Again
				continue
			}
			if done(phase) || late && phase != lifecycle.Settling {
				continue
			}
			if phase == lifecycle.Waiting && looks >= eager {
				missed, err := f.passedUnseen(ctx, s)
				if err != nil {
					return Done, err
				}
				if missed {
					continue
				}
			}
			switch {
			case settling && next == Done:
				next = Closely
			case !settling:
				next = Again
			}
		}
		return next, nil
	})
}

// look reads the status of all subjects once, and the changed value of those that have ended.
func (f *Follower) look(ctx context.Context) error {
	ids := slices.Clone(f.Beside)
	for _, s := range f.Subjects {
		ids = append(ids, s.ID)
	}
	rows, timing, err := f.Read(ctx, f.Definition.Observed, ids)
	if err != nil {
		return err
	}
	values := rows.Column(f.Definition.Observed.Field)
	for _, s := range f.Subjects {
		s.See(values[s.ID], timing)
		if err := f.lookAtValue(ctx, s); err != nil {
			return err
		}
	}
	if f.Watch == nil {
		return nil
	}
	return f.Watch(ctx, values)
}

// lookAtValue reads the changed value of a subject that has ended, until a row that itself shows
// the end has shown the value. Only that value counts.
func (f *Follower) lookAtValue(ctx context.Context, s *Subject) error {
	if !f.valueOpen(s) {
		return nil
	}
	rows, _, err := f.Read(ctx, f.Definition.Changed, []string{s.ID})
	if err == nil && f.Definition.ValueCounts(rows[s.ID]) {
		s.EndValue = rows[s.ID][f.Definition.Changed.Field]
	}
	return err
}

// valueOpen reports whether a subject has ended but no row that shows the end has shown its value
// yet.
func (f *Follower) valueOpen(s *Subject) bool {
	d, phase := f.Definition, s.Watch.Phase()
	_, known := d.StatusAt(d.Changed.Operation)
	return d.Wanted != "" && known && s.EndValue == "" && (phase == lifecycle.Settling || phase == lifecycle.Settled)
}

// mayLag reports whether the row of an ended subject still has time to show the end.
func (f *Follower) mayLag(s *Subject, looks int, elapsed time.Duration) bool {
	if s.ended == 0 {
		s.ended = elapsed
	}
	return looks < leastLooks || elapsed-s.ended <= f.Limit
}

// unproved is the number of settle times after which a change counts as over without being seen, if
// no value proves it and it leads back to the status in which it began.
const unproved = 8

// passedUnseen reports whether the change happened between two looks: the wanted value has been
// there for a settle time, and no status of the change was seen. If the action sets no value, the
// end status must have been there for longer.
func (f *Follower) passedUnseen(ctx context.Context, s *Subject) (bool, error) {
	now, wait := time.Now(), f.Pace.Settle
	if f.Definition.Wanted == "" {
		wait *= unproved
	}
	if !s.Reached.IsZero() {
		return now.Sub(s.Reached) >= wait, nil
	}
	if f.Definition.Wanted == "" {
		if slices.Contains(f.Definition.End, s.Status()) {
			s.Reached = now
		}
		return false, nil
	}
	rows, timing, err := f.Read(ctx, f.Definition.Changed, []string{s.ID})
	if err != nil {
		return false, err
	}
	s.Row(rows[s.ID], timing)
	if rows[s.ID][f.Definition.Changed.Field] == s.Trajectory.To {
		s.Reached = now
	}
	return false, nil
}
