package defects

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
)

// power is an action that names a list of instances, as its defects and variants speak of it.
type power struct {
	name      string // StartInstances
	short     string // begins the names of its defects
	clauses   string // begins the ids of its clauses
	from      string // the status in which it is called
	otherwise mock.Refusal
	either    []string // statuses in which the documents allow either answer
	open      bool     // the documents do not say with which codes it refuses
}

// powers returns the actions that name a list of instances.
func powers() []power {
	return []power{
		{name: mock.StartName, short: "start", clauses: "A-START", from: mock.Stopped, otherwise: mock.InstanceNotStopped},
		{name: mock.StopName, short: "stop", clauses: "A-STOP", from: mock.Running, otherwise: mock.InstanceNotRunning, either: []string{mock.Stopping}},
		{name: mock.RebootName, short: "reboot", clauses: "A-REBOOT", from: mock.Running, otherwise: mock.InstanceStatusDenied, open: true},
	}
}

// powerDefects returns the defects of every power action: the same mistakes made in each.
func powerDefects() []Defect {
	var all []Defect
	for _, p := range powers() {
		all = append(all, confined(p.name, slices.Concat(
			p.lifecycleDefects(), p.pathDefects(), p.repeatedDefects(), p.known(p.statusDefects()), p.known(p.absentDefects()),
			p.refusedDefects(), p.batchDefects(), p.known(p.parameterDefects()), p.known(p.callerDefects()), p.envelopeDefects(),
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
	if mock.Changes()[p.name].Ends == p.from {
		return otherwise
	}
	return clause
}

// everyLock returns the clauses that nothing else is done while an action runs.
func everyLock() []string {
	clauses := []string{}
	for name := range mock.Changes() {
		clauses = append(clauses, lockOf(name))
	}
	return clauses
}

// known leaves out the defects that answer with another 4xx pair, where any is right.
func (p power) known(defects []Defect) []Defect {
	return slices.DeleteFunc(defects, func(d Defect) bool {
		name := strings.TrimPrefix(d.Name, p.short+"-")
		return p.open && slices.Contains([]string{
			"status-409", "status-code-misspelt", "status-as-unknown", "recycling-as-unknown", "unknown-400", "unknown-as-resource", "ids-limit-99", "too-many-ids-as-maximum", "charset-refused",
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
	for name, what := range mock.Changes() {
		if slices.Contains(what.Shows, status) {
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
