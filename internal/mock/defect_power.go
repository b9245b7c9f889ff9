package mock

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// power is an action that names a list of instances, as its defects and variants speak of it.
type power struct {
	name      string // StartInstances
	short     string // begins the names of its defects
	clauses   string // begins the ids of its clauses
	from      string // the status in which it is called
	otherwise refusal
	either    []string // statuses in which the documents allow either answer
	open      bool     // the documents do not say with which codes it refuses
}

// powers returns the actions that name a list of instances.
func powers() []power {
	return []power{
		{name: startName, short: "start", clauses: "A-START", from: Stopped, otherwise: instanceNotStopped},
		{name: stopName, short: "stop", clauses: "A-STOP", from: Running, otherwise: instanceNotRunning, either: []string{stopping}},
		{name: rebootName, short: "reboot", clauses: "A-REBOOT", from: Running, otherwise: instanceStatusDenied, open: true},
	}
}

// powerDefects returns the defects of every power action: the same mistakes made in each.
func powerDefects() []Defect {
	var all []Defect
	for _, p := range powers() {
		all = append(all, confined(p.name, slices.Concat(
			p.lifecycleDefects(), p.pathDefects(), p.repeatedDefects(), p.known(p.statusDefects()), p.known(p.absentDefects()),
			p.refusedDefects(), p.batchDefects(), p.known(p.parameterDefects()), p.callerDefects(), p.envelopeDefects(),
		))...)
	}
	return all
}

// defect makes a defect of the action. In its text, % stands for the action's name; a
// clause without the mark of a source is one of the action's own.
func (p power) defect(name, clause, text string, also []string, inject injection) Defect {
	if mark, _, _ := strings.Cut(clause, "-"); len(mark) > 1 { // the mark of a source is one letter
		clause = p.clause(clause)
	}
	return Defect{p.short + "-" + name, clause, strings.ReplaceAll(text, "%", p.name), without(clause, slices.Clone(also)), inject}
}

// clause returns the id of one of the action's clauses. Where the codes of refusals are not
// known, one clause states all of them.
func (p power) clause(name string) string {
	if p.open && slices.Contains([]string{"DENIED", "ABSENT", "RECYCLED"}, name) {
		name = "REFUSED"
	}
	return p.clauses + "-" + name
}

// unlessItReturns returns the first of two clauses, or the second where the action ends in
// the status in which it began: there the status on the way alone shows that it ran.
func (p power) unlessItReturns(clause, otherwise string) string {
	if changes()[p.name].ends == p.from {
		return otherwise
	}
	return clause
}

// everyLock returns the clauses that nothing else is done while an action runs.
func everyLock() []string {
	clauses := []string{}
	for name := range changes() {
		clauses = append(clauses, lockOf(name))
	}
	return clauses
}

// known leaves out the defects that answer with another 4xx pair, where any is right.
func (p power) known(defects []Defect) []Defect {
	return slices.DeleteFunc(defects, func(d Defect) bool {
		name := strings.TrimPrefix(d.Name, p.short+"-")
		return p.open && slices.Contains([]string{
			"status-409", "status-code-misspelt", "status-as-unknown", "recycling-as-unknown", "unknown-400", "unknown-as-resource", "ids-limit-99",
		}, name)
	})
}

// own returns the ids of several of them.
func (p power) own(names ...string) []string {
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = p.clause(name)
	}
	return ids
}

// lifecycleDefects get wrong when the work begins, and when it ends.
func (p power) lifecycleDefects() []Defect {
	return []Defect{
		p.defect("ignored", p.unlessItReturns("CARRIED-OUT", "TRANSIENT"), "% is accepted and never begins.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "END", "BATCH"), otherCarriedOut()...), // nothing of what follows a success is seen
			ignoring(p.name, func(Instance, *transition) bool { return true })),
		p.defect("500", "CARRIED-OUT", "Every call of % that should begin brings about an internal error.",
			p.own("BATCH", "DENIED", "ABSENT"), // a batch is one of them, with or without bad ones
			adding(p.name, internalError, anyTarget)),
		p.defect("refused", "CARRIED-OUT", "% refuses an instance in the very status that it is for.",
			p.own("BATCH", "ABSENT", "DENIED"), // no batch goes through either, for that reason
			adding(p.name, p.otherwise, anyTarget)),
		p.defect("blocks-until-done", "ASYNC", "% answers when the work has ended.",
			p.own("TRANSIENT"), // who looks after the answer sees none
			blocking(p.name)),
		p.defect("stuck", "END", "The work of % never ends.",
			nil, starting(p.name, func(_ *Mock, _, next *record) { next.transition.end = next.transition.end.Add(century) })),
		p.defect("ends-create-failed", "END", "The work of % ends in CREATE_FAILED.",
			nil, observing(p.name, during(1, forever, "CREATE_FAILED"))),
		p.defect("ends-recycled", "END", "The work of % ends in the recycle bin.",
			nil, observing(p.name, during(1, forever, "RECYCLE"))),
		p.defect("relapses", "END", "After the work of % has ended, the instance shows once more that it runs.",
			nil, func(m *Mock) { observing(p.name, during(1.4, 2.2, p.shows(m)))(m) }),
		p.defect("leaves-end", "END", "Some time after the work of % has ended, the instance goes through a status of another action.",
			p.own("TRANSIENT"), // who blinks at the end sees it on the way
			observing(p.name, during(1.4, 2.2, "REBUILDING"))),
		p.defect("ends-too-early", "END", "The instance shows the end of % in the middle of the work.",
			p.own("TRANSIENT"), // it then shows the work once more
			func(m *Mock) { displaying(p.name, during(0.3, 0.8, m.behaviour.changes[p.name].ends))(m) }),
	}
}

// shows returns the last status that the action shows on its way.
func (p power) shows(m *Mock) string {
	list := m.behaviour.changes[p.name].shows
	return list[len(list)-1]
}

// pathDefects get wrong which statuses are shown on the way.
func (p power) pathDefects() []Defect {
	return []Defect{
		p.defect("never-shown", "TRANSIENT", "While the work of % runs, the instance shows the status that it had.",
			append(p.own("CARRIED-OUT", "END"), "C-STATUS-TRUE", "C-INSTANCES-TRUE"), // the change is not to be seen, and the status shown is not the one it is in
			displaying(p.name, during(0, 1, p.from))),
		p.defect("shown-as-imaging", "TRANSIENT", "The work of % runs under the status IMAGING.",
			nil, observing(p.name, during(0, 1, "IMAGING"))),
		p.defect("begins-with-deploying", "TRANSIENT", "The instance shows DEPLOYING before the status of %.",
			nil, observing(p.name, during(0, 0.5, "DEPLOYING"))),
		p.defect("passes-through-rebuilding", "TRANSIENT", "The instance shows REBUILDING in the middle of the work of %.",
			nil, observing(p.name, during(0.3, 0.9, "REBUILDING"))),
		p.defect("passes-through-from", p.unlessItReturns("TRANSIENT", "END"), "In the middle of the work of % the instance shows the status that it had.",
			p.own("END", "TRANSIENT"), // where that is the end as well, it is left again
			displaying(p.name, during(0.3, 0.8, p.from))),
	}
}

// repeatedDefects get the second call for the same instance wrong.
func (p power) repeatedDefects() []Defect {
	return []Defect{
		p.defect("second-ignored", p.unlessItReturns("CARRIED-OUT", "TRANSIENT"), "The second % of the same instance is accepted and never begins.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "END"), otherCarriedOut()...), // nothing of what follows a success is seen
			func(m *Mock) {
				again := repeated()
				ignoring(p.name, func(asked Instance, _ *transition) bool { return again(asked.ID) })(m)
			}),
		p.defect("second-refused", "CARRIED-OUT", "The second % of the same instance is refused.",
			otherCarriedOut(), func(m *Mock) {
				var begun sync.Map
				starting(p.name, func(_ *Mock, asked, _ *record) { begun.Store(asked.instance.ID, true) })(m)
				adding(p.name, p.otherwise, func(t target) bool { _, before := begun.Load(t.id); return before })(m)
			}),
		p.defect("second-stuck", "END", "The second % of the same instance never ends.",
			nil, func(m *Mock) {
				again := repeated()
				starting(p.name, func(_ *Mock, asked, next *record) {
					if again(asked.instance.ID) {
						next.transition.end = next.transition.end.Add(century)
					}
				})(m)
			}),
	}
}

// repeated returns what reports whether an id has been met before.
func repeated() func(id string) bool {
	var met sync.Map
	return func(id string) bool {
		_, before := met.LoadOrStore(id, true)
		return before
	}
}

// statusDefects get wrong what an instance in another status is answered with.
func (p power) statusDefects() []Defect {
	defects := []Defect{
		p.defect("status-409", "DENIED", "A status that % does not allow is answered with the right code under 409.",
			append(pairStated(), p.own("ONLY-FROM")...), answeringWhen(p.name, p.otherwise, p.otherwise.under(http.StatusConflict), anyTarget)),
		p.defect("status-code-misspelt", "DENIED", "The code for a status that % does not allow is misspelt.",
			append(pairStated(), p.own("ONLY-FROM")...), answeringWhen(p.name, p.otherwise, p.otherwise.coded(strings.Replace(p.otherwise.code, "INSTANCE", "INSTANCES", 1)), anyTarget)),
		p.defect("status-500", "DENIED", "A status that % does not allow brings about an internal error.",
			append(p.own("ONLY-FROM", "BATCH"), everyLock()...), answering(p.name, p.otherwise, internalError)),
		p.defect("status-as-unknown", "DENIED", "An instance in a status that % does not allow is answered as one that does not exist.",
			p.own("ONLY-FROM", "BATCH"), answering(p.name, p.otherwise, instanceNotFound)),
		p.defect("recycle-500", "RECYCLED", "% brings about an internal error for an instance in the recycle bin.",
			nil, answeringWhen(p.name, instanceRecycled, internalError, inStatus("RECYCLE"))),
		p.defect("recycling-as-unknown", "RECYCLED", "% answers an instance on its way out of the recycle bin as one that does not exist.",
			nil, answeringWhen(p.name, instanceRecycled, instanceNotFound, inStatus("RECYCLING"))),
	}
	for _, status := range Statuses() {
		switch name := strings.ToLower(strings.ReplaceAll(status, "_", "-")); {
		case status == p.from, slices.Contains(p.either, status):
		case slices.Contains(recycled(), status):
			defects = append(defects, p.defect(name+"-accepted", "RECYCLED", "% takes an instance that is "+status+" like any other.",
				p.own("ONLY-FROM"), // it is no status to begin in
				together(exempting(p.name, instanceRecycled, inStatus(status)), exempting(p.name, p.otherwise, inStatus(status)))))
		default:
			defects = append(defects, p.defect(name+"-accepted", "ONLY-FROM", "% takes an instance that is "+status+" like any other.",
				append(p.own("DENIED", "BATCH"), locksShown(status)...), // what is accepted is not refused, nor named
				exempting(p.name, p.otherwise, inStatus(status))))
		}
	}
	return defects
}

// absentDefects get wrong what an instance that does not exist is answered with.
func (p power) absentDefects() []Defect {
	return []Defect{
		p.defect("unknown-400", "ABSENT", "% answers an instance that does not exist with the right code under 400.",
			pairStated(), answering(p.name, instanceNotFound, instanceNotFound.under(400))),
		p.defect("unknown-as-resource", "ABSENT", "% answers an instance that does not exist with the common code instead of the action's own.",
			nil, answering(p.name, instanceNotFound, resourceNotFound)),
		p.defect("unknown-500", "ABSENT", "% fails inside, with 500, where an instance does not exist.",
			append(p.own("BATCH"), "C-OPTIONAL-EMPTY"), // a batch with one that does not exist fails, too
			answering(p.name, instanceNotFound, internalError)),
		p.defect("unknown-accepted", "ABSENT", "% takes an instance that does not exist and forgets it.",
			p.own("BATCH", "IDS"), // it is not named among the failed, nor are a hundred of them
			exempting(p.name, instanceNotFound, anyTarget)),
	}
}

// refusedDefects refuse a call and do something all the same.
func (p power) refusedDefects() []Defect {
	running := func(m *Mock, c *call, ids []string, at time.Time) {
		for _, id := range ids {
			replace(m, id, c.now, func(in Instance, r *record) *record {
				if slices.Contains(recycled(), in.Status) || r.transition != nil {
					return nil
				}
				return &record{instance: in, transition: m.toward(p.name, "", at)}
			})
		}
	}
	return []Defect{
		p.defect("refused-yet-done", "R-REFUSED-UNCHANGED", "% refuses an instance for its status once it has begun.",
			p.own("ONLY-FROM"), // it is done from another status
			afterwards(p.name, p.otherwise, func(m *Mock, c *call, q params) { running(m, c, q.instanceIDs, c.now) })),
		p.defect("refused-yet-done-later", "R-REFUSED-UNCHANGED", "% refuses an instance for its status, but a job for it stands in the queue.",
			p.own("ONLY-FROM"), // it is done from another status
			together(observing(p.name, queued), afterwards(p.name, p.otherwise, func(m *Mock, c *call, q params) {
				running(m, c, q.instanceIDs, c.now.Add(m.resizeTime/3))
			}))),
		p.defect("anonymous-refused-yet-done", "R-REFUSED-UNCHANGED", "% begins before its caller, who has no Authorization, is refused.",
			nil, beforeTheCaller(p.name)),
		p.defect("neighbour-too", "ONLY-NAMED", "% changes the instances created before and after those named, too.",
			watchedNeighbour(), neighbouring(p.name, p.from, func(m *Mock, id, _ string, now time.Time) { begin(m, p.name, id, "", now) })),
	}
}

// otherCarriedOut is also affected to an action that does nothing: what it was to lead to is where
// the others begin.
func otherCarriedOut() []string {
	var clauses []string
	for _, p := range powers() {
		clauses = append(clauses, p.clause("CARRIED-OUT"))
	}
	return clauses
}

// locksShown returns the lock clauses of the actions during which an instance shows a status.
func locksShown(status string) []string {
	var clauses []string
	for name, what := range changes() {
		if slices.Contains(what.shows, status) {
			clauses = append(clauses, lockOf(name))
		}
	}
	return clauses
}

// lockOf returns the clause that nothing else is done while an action runs.
func lockOf(action string) string {
	for _, p := range powers() {
		if p.name == action {
			return p.clause("LOCK")
		}
	}
	return "M-RESIZE-LOCK"
}

// confined marks defects as those of one action: see [Defect.Action].
func confined(action string, defects []Defect) []Defect {
	for i, d := range defects {
		defects[i].inject = ofAction{d.inject, action}
	}
	return defects
}

// Action returns the action whose calls alone show the defect: every answer is as
// documented until it is called, and so is every answer about instances that no call of
// it names or reaches. It is empty for a defect that shows elsewhere, too.
func (d Defect) Action() string {
	of, _ := d.inject.(ofAction)
	return of.action
}
