package steps

import (
	"errors"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
)

// The clauses that the statuses of a trajectory alone can break.
const (
	endsStopped   = "M-RESIZE-STOPPED"
	showsResizing = "M-RESIZE-RESIZING"
)

// Departure reports whether a finding is one that the statuses of a trajectory alone tell.
func (l *Law) Departure(f verdict.Finding) bool {
	path, kept := l.Lifecycle.Wanted()
	return (f.Clause == endsStopped || f.Clause == showsResizing) && (f.Want == path || f.Want == kept)
}

// TrajectoryOf names the trajectory of an instance, as findings do.
func TrajectoryOf(instance string) string { return "trajectory of instance " + instance }

// departure is the finding of a trajectory that departs from the lifecycle.
func (l *Law) departure(f lifecycle.Fault, instance string) error {
	clause := endsStopped
	if f.Kind == lifecycle.NotTransient {
		clause = showsResizing
	}
	return l.Finding(clause, TrajectoryOf(instance), f.Want, f.Got)
}

// Trajectory judges the statuses of a recorded trajectory once more. The statuses alone
// decide only from the status in which a change may be called to an end that nothing
// later could change; judged is false when they do not reach so far, and when they were
// read side by side, so that their order is unknown.
func (l *Law) Trajectory(t verdict.Trajectory) (findings []verdict.Finding, judged bool, err error) {
	rules := l.Lifecycle
	rules.Settle, rules.Hopeless = t.Settle, hopeless
	watch := lifecycle.Follow(rules)
	for i, s := range t.Sights {
		if i > 0 && s.Asked < t.Sights[i-1].Seen {
			return nil, false, nil
		}
		watch.See(s)
	}
	if t.Settle <= 0 || !watch.Phase().Over() || t.Sights[0].Status != rules.Start {
		return nil, false, nil
	}
	for _, fault := range watch.Faults() {
		departure := l.departure(fault, t.Instance)
		var finding verdict.Finding
		if !errors.As(departure, &finding) {
			return nil, false, departure
		}
		findings = append(findings, finding)
	}
	return findings, true, nil
}

// keep records the trajectory of a change, once.
func (w *World) keep(c *change) {
	if !c.recorded {
		c.recorded = true
		w.session.Trajectory(c.track)
	}
}

// Leave records the trajectory of every change that was accepted, or may have been,
// also when the scenario ended before it was followed to its end.
func (w *World) Leave() {
	for _, c := range w.begun {
		w.keep(c)
	}
}
