package steps

import (
	"errors"
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
)

// Departure reports whether a finding follows from the statuses of a trajectory alone.
func (l *Contract) Departure(f verdict.Finding) bool {
	for action, d := range l.Lifecycles {
		rules := d.Rules(0)
		if (f.Clause == l.Role(roleEnd, action) || f.Clause == l.Role(roleTransient, action)) && (f.Want == rules.Path() || f.Want == rules.Kept()) {
			return true
		}
	}
	return false
}

// TrajectoryOf returns the name of a subject's trajectory in findings.
func TrajectoryOf(d lifecycle.Definition, id string) string {
	return verdict.PlaceOf("trajectory", d.Kind, id)
}

// departure returns the finding about a trajectory that departs from the lifecycle of an action.
func (l *Contract) departure(f lifecycle.Violation, action, instance string) error {
	role := roleEnd
	if f.Kind == lifecycle.NotTransient {
		role = roleTransient
	}
	return l.Violated(role, action, TrajectoryOf(l.Lifecycles[action], instance), f.Want, f.Got)
}

// Departures returns the findings about a trajectory that is still running, from its statuses
// alone.
func (l *Contract) Departures(w *lifecycle.Watch, action, instance string) (findings []verdict.Finding, err error) {
	for _, fault := range w.Violations() {
		departure := l.departure(fault, action, instance)
		var finding verdict.Finding
		if !errors.As(departure, &finding) {
			return nil, departure
		}
		findings = append(findings, finding)
	}
	return findings, nil
}

// Trajectory judges a recorded trajectory again. The statuses alone are enough only if they lead
// from a start status to a settled end. Otherwise judged is false. It is also false for an unknown
// action, and for concurrent reads, because their order is unknown.
func (l *Contract) Trajectory(t verdict.Trajectory) (findings []verdict.Finding, judged bool, err error) {
	action, known := l.actionOf(t)
	if !known || t.Settle <= 0 || len(t.Observations) == 0 {
		return nil, false, nil
	}
	rules := l.Lifecycles[action].Rules(t.Settle)
	watch := lifecycle.Follow(rules)
	for i, s := range t.Observations {
		if i > 0 && s.Asked < t.Observations[i-1].Seen {
			return nil, false, nil
		}
		watch.See(s)
	}
	if !watch.Phase().Over() || !slices.Contains(rules.Start, t.Observations[0].Status) {
		return nil, false, nil
	}
	findings, err = l.Departures(watch, action, t.Instance)
	return findings, err == nil, err
}

// actionOf returns the action of a trajectory. Reports of schema version 1 do not name it; there it
// is the one action that changes a value, if there is only one.
func (l *Contract) actionOf(t verdict.Trajectory) (action string, known bool) {
	if t.Action != "" {
		_, known = l.Lifecycles[t.Action]
		return t.Action, known
	}
	for name, d := range l.Lifecycles {
		if d.Wanted == "" {
			continue
		}
		if action != "" {
			return "", false
		}
		action = name
	}
	return action, action != ""
}

// keep records the trajectories of a change, once.
func (sc *scenario) keep(c *change) {
	if c.recorded {
		return
	}
	c.recorded = true
	for _, s := range c.subjects {
		sc.session.Trajectory(s.Trajectory)
	}
}

// Leave records the trajectory of every change that was, or may have been, accepted, even if the
// scenario ended before the change.
func (ch *changes) Leave() {
	for _, c := range ch.begun {
		ch.keep(c)
	}
}
