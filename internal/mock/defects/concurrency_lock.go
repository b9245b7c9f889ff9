package defects

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// changer is a changing action, as the lock defects describe it.
type changer struct {
	name, short string
	denial      mock.Refusal // the refusal for an instance in another status
	rules       []string     // the clauses about the statuses that allow the action
	path        []string     // the clauses about what follows a success
	open        bool         // any refusal with a 4xx status is allowed
}

// runs reports whether the action is running on the instance.
func (c changer) runs(t mock.Target) bool {
	return t.Found && t.Record.By(c.name) && t.Instance.Status != t.Record.Transition.Ends
}

// changers returns all changing actions.
func changers() []changer {
	all := []changer{{mock.ModifyType, "resize", mock.StatusNotSupported, []string{"M-STOPPED-ONLY", "M-STATUS-DENIED"},
		[]string{"M-RESIZE", "M-RESIZE-RESIZING", "M-RESIZE-STOPPED", "M-RESIZE-TYPE"}, false}}
	for _, p := range powers() {
		all = append(all, changer{p.name, p.short, p.otherwise, p.own("ONLY-FROM", "DENIED"), p.own("CARRIED-OUT", "TRANSIENT", "END", "BATCH"), p.open})
	}
	return all
}

// lockDefects carry out a second action on an instance while an action is running: every other
// action, and the same one.
func lockDefects() []Defect {
	var all []Defect
	for _, running := range changers() {
		for _, second := range changers() {
			if running.name == second.name && (running.name == mock.ModifyType || running.name == mock.StopName) {
				continue // a second resize has defects of its own; a second stop may be taken (C)
			}
			all = append(all, duringDefects(running, second)...)
		}
		if second := following(running); second.name != running.name {
			all = append(all, confined(second.name, []Defect{{
				second.short + "-during-" + running.short + "-of-graphics", lockOf(running.name), fmt.Sprintf("%s is accepted on a GPU instance while %s runs, and takes its place.", second.name, running.name),
				append(slices.Concat(second.rules, second.path), running.path...), // the first one is not completed
				exempting(second.name, second.denial, func(t mock.Target) bool { return running.runs(t) && t.Instance.GPU }),
			}})...)
		}
		all = append(all, confined(running.name, []Defect{{
			running.short + "-lock-stays", clauseOf(following(running)), fmt.Sprintf("After the work of %s nothing is allowed for a long time.", running.name),
			without(clauseOf(following(running)), append(append(slices.Clone(following(running).rules), following(running).path[1:]...), otherCarriedOut()...)),
			stayingLocked(running, 12),
		}})...)
	}
	return append(all, confined(mock.StartName, []Defect{{
		"start-refused-during-resize-for-good", "A-START-CARRIED-OUT", "A start refused while a resize runs leaves a mark on the instance, and every later one is refused.",
		nil, refusedForGood(mock.StartName, mock.InstanceNotStopped),
	}})...)
}

// refusedForGood refuses an action for an instance for which it was refused while a resize ran.
func refusedForGood(action string, denial mock.Refusal) injection {
	return func(m *mock.Mock) {
		var marked sync.Map
		resizing := func(in mock.Instance) bool { return in.Status == mock.Resizing }
		afterwards(action, denial, func(m *mock.Mock, c *mock.Call, p mock.Params) {
			for _, id := range p.InstanceIDs {
				if holds(m, id, c, resizing) {
					marked.Store(id, true)
				}
			}
		})(m)
		adding(action, denial, func(t mock.Target) bool {
			if !t.Found {
				return false
			}
			_, is := marked.Load(t.Instance.ID)
			return is
		})(m)
	}
}

// duringDefects carry out a second action while another one is running, or claim to.
func duringDefects(running, second changer) []Defect {
	name := second.short + "-during-" + running.short
	while := running.runs
	clause := lockOf(running.name)
	also := append(append([]string{}, second.rules...), second.path...)
	otherwise := mock.Refusal{Status: http.StatusConflict, Code: "OPERATION_DENIED_INSTANCE_BUSY", Message: "the instance is busy"}
	misanswered := second.rules[1] // the clause that states the pair
	if running.open {
		misanswered = clause // if the list of error codes is open, the lock clause does not say which pair is right
	}
	if second.open {
		otherwise, misanswered = mock.InternalError, clause // an answer that no document allows
	}
	return confined(second.name, []Defect{
		{name + "-accepted", clause, fmt.Sprintf("%s is accepted while %s runs, and takes its place.", second.name, running.name),
			append(also, running.path...), // the first one is not completed
			exempting(second.name, second.denial, while)},
		{name + "-swallowed", clause, fmt.Sprintf("%s is answered with success while %s runs, and forgotten.", second.name, running.name),
			also, together(exempting(second.name, second.denial, while), func(m *mock.Mock) {
				start := m.Behaviour.Start
				m.Behaviour.Start = func(e *mock.Entry, asked, next *mock.Record) bool {
					if next.By(second.name) && asked.By(running.name) && next.Transition.Start.Before(asked.Transition.End) {
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

// queuedBehind begins an action some time after the running one has ended. Until then the instance
// looks as if the action had not been called.
func queuedBehind(running, second changer) injection {
	return func(m *mock.Mock) {
		var before sync.Map // the record behind which another change waits, by instance
		starting(second.name, func(m *mock.Mock, asked, next *mock.Record) {
			first := asked.Transition
			if !asked.By(running.name) || !next.Transition.Start.Before(first.End) {
				before.Delete(asked.Instance.ID)
				return
			}
			before.Store(asked.Instance.ID, asked)
			wait := first.End.Sub(next.Transition.Start) + m.Takes/3
			next.Transition.Start, next.Transition.End = next.Transition.Start.Add(wait), next.Transition.End.Add(wait)
		})(m)
		observing(second.name, func(in *mock.Instance, r *mock.Record, now time.Time) {
			if first, waits := before.Load(r.Instance.ID); waits && now.Before(r.Transition.Start) {
				*in = mock.Observe(first.(*mock.Record), now)
			}
		})(m)
	}
}

// following returns the action that can be called in the end status of another one.
func following(running changer) changer {
	if running.name == mock.ModifyType {
		return running // a resize returns to a status that allows it again
	}
	ends := mock.Changes()[running.name].Ends
	for _, p := range powers() {
		if p.name == running.name && p.from == ends {
			return running
		}
	}
	for _, c := range changers() {
		if c.name == mock.StartName && ends == mock.Stopped || c.name == mock.StopName && ends == mock.Running {
			return c
		}
	}
	return running
}

// clauseOf returns the clause that the action is carried out at all.
func clauseOf(c changer) string { return c.path[0] }

// stayingLocked refuses all calls on an instance after a change has ended, for a multiple of the
// time that it took.
func stayingLocked(running changer, times float64) injection {
	var injections []injection
	for _, c := range changers() {
		injections = append(injections, adding(c.name, c.denial, func(t mock.Target) bool {
			if !t.Found || !t.Record.By(running.name) {
				return false
			}
			share := t.Record.Transition.Share(t.Now)
			return share >= 1 && share < times
		}))
	}
	return together(injections...)
}
