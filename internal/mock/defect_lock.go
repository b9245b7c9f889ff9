package mock

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// changer is an action that changes instances, as the defects of the lock speak of it.
type changer struct {
	name, short string
	denial      refusal  // of an instance in another status
	rules       []string // the clauses that state the statuses to begin in
	path        []string // the clauses that state what comes of a success
	open        bool     // any refusal under a 4xx status is right
}

// changers returns every action that changes instances.
func changers() []changer {
	all := []changer{{modifyType, "resize", statusNotSupported, []string{"M-STOPPED-ONLY", "M-STATUS-DENIED"},
		[]string{"M-RESIZE", "M-RESIZE-RESIZING", "M-RESIZE-STOPPED", "M-RESIZE-TYPE"}, false}}
	for _, p := range powers() {
		all = append(all, changer{p.name, p.short, p.otherwise, p.own("ONLY-FROM", "DENIED"), p.own("CARRIED-OUT", "TRANSIENT", "END", "BATCH"), p.open})
	}
	return all
}

// lockDefects do something to an instance while an action runs: each other action, and
// the action itself.
func lockDefects() []Defect {
	var all []Defect
	for _, running := range changers() {
		for _, second := range changers() {
			if running.name == second.name && (running.name == modifyType || running.name == stopName) {
				continue // a second resize has defects of its own; a second stop may be taken (C)
			}
			all = append(all, duringDefects(running, second)...)
		}
		all = append(all, confined(running.name, []Defect{{
			running.short + "-lock-stays", clauseOf(following(running)), fmt.Sprintf("After the work of %s nothing is allowed for a long time.", running.name),
			without(clauseOf(following(running)), append(append(slices.Clone(following(running).rules), following(running).path[1:]...), otherCarriedOut()...)),
			stayingLocked(running, 12),
		}})...)
	}
	return all
}

// duringDefects have a second action done, or said to be, while another one runs.
func duringDefects(running, second changer) []Defect {
	name := second.short + "-during-" + running.short
	while := func(t target) bool {
		return t.found && t.record.by(running.name) && t.instance.Status != t.record.transition.ends
	}
	clause := lockOf(running.name)
	also := append(append([]string{}, second.rules...), second.path...)
	otherwise := refusal{http.StatusConflict, "OPERATION_DENIED_INSTANCE_BUSY", "the instance is busy"}
	misanswered := second.rules[1] // which states the pair
	if running.open {
		misanswered = clause // the lock of an action whose refusals are open says of none which pair it has
	}
	if second.open {
		otherwise, misanswered = internalError, clause // which no freedom covers
	}
	return confined(second.name, []Defect{
		{name + "-accepted", clause, fmt.Sprintf("%s is accepted while %s runs, and takes its place.", second.name, running.name),
			append(also, running.path...), // the first one is not completed
			exempting(second.name, second.denial, while)},
		{name + "-swallowed", clause, fmt.Sprintf("%s is answered with success while %s runs, and forgotten.", second.name, running.name),
			also, together(exempting(second.name, second.denial, while), func(m *Mock) {
				start := m.behaviour.start
				m.behaviour.start = func(e *entry, asked, next *record) bool {
					if next.by(second.name) && asked.by(running.name) && next.transition.start.Before(asked.transition.end) {
						return true
					}
					return start(e, asked, next)
				}
			})},
		{name + "-queued", clause, fmt.Sprintf("%s is accepted while %s runs, and waits in a queue.", second.name, running.name),
			append(also, running.path...), // what the first one led to does not stay
			together(exempting(second.name, second.denial, while), queuedBehind(running, second))},
		{name + "-misanswered", misanswered, fmt.Sprintf("%s is refused with a code that is not documented for it while %s runs.", second.name, running.name),
			without(misanswered, append(slices.Clone(also), "R-FAILURE-PAIR", clause)), // its code is none of the documented
			answeringWhen(second.name, second.denial, otherwise, while)},
	})
}

// queuedBehind begins an action a while after the one that runs has ended. Until then the
// instance shows what it would without it.
func queuedBehind(running, second changer) injection {
	return func(m *Mock) {
		var before sync.Map // of the record behind which another one waits, by instance
		starting(second.name, func(m *Mock, asked, next *record) {
			first := asked.transition
			if !asked.by(running.name) || !next.transition.start.Before(first.end) {
				before.Delete(asked.instance.ID)
				return
			}
			before.Store(asked.instance.ID, asked)
			wait := first.end.Sub(next.transition.start) + m.resizeTime/3
			next.transition.start, next.transition.end = next.transition.start.Add(wait), next.transition.end.Add(wait)
		})(m)
		observing(second.name, func(in *Instance, r *record, now time.Time) {
			if first, waits := before.Load(r.instance.ID); waits && now.Before(r.transition.start) {
				*in = observe(first.(*record), now)
			}
		})(m)
	}
}

// following returns the action that can be called in the status in which another one ends.
func following(running changer) changer {
	if running.name == modifyType {
		return running // a resize leads back to where it can be called again
	}
	ends := changes()[running.name].ends
	for _, p := range powers() {
		if p.name == running.name && p.from == ends {
			return running
		}
	}
	for _, c := range changers() {
		if c.name == startName && ends == Stopped || c.name == stopName && ends == Running {
			return c
		}
	}
	return running
}

// clauseOf returns the clause that an action is carried out at all.
func clauseOf(c changer) string { return c.path[0] }

// stayingLocked refuses whatever is asked of an instance for so many times the time that
// the work took, once it has ended.
func stayingLocked(running changer, times float64) injection {
	var injections []injection
	for _, c := range changers() {
		injections = append(injections, adding(c.name, c.denial, func(t target) bool {
			if !t.found || !t.record.by(running.name) {
				return false
			}
			share := t.record.transition.share(t.now)
			return share >= 1 && share < times
		}))
	}
	return together(injections...)
}
