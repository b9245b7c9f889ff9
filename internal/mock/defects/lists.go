package defects

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
)

// power is an action that takes a list of instances, as its defects and variants describe it.
type power struct {
	name      string // StartInstances
	short     string // the prefix of its defects' names
	clauses   string // the prefix of its clauses' ids
	from      string // the status that allows it
	otherwise mock.Refusal
	either    []string // statuses in which the documents allow both success and refusal
	open      bool     // the documents do not list its error codes
}

// powers returns the actions that take a list of instances.
func powers() []power {
	return []power{
		{name: mock.StartName, short: "start", clauses: "A-START", from: mock.Stopped, otherwise: mock.InstanceNotStopped},
		{name: mock.StopName, short: "stop", clauses: "A-STOP", from: mock.Running, otherwise: mock.InstanceNotRunning, either: []string{mock.Stopping}},
		{name: mock.RebootName, short: "reboot", clauses: "A-REBOOT", from: mock.Running, otherwise: mock.InstanceStatusDenied, open: true},
	}
}

// powerDefects returns the same defects for each of these actions.
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

// defect returns a defect of the action. In its text, % stands for the action's name. A clause
// without a source mark is one of the action's own.
func (p power) defect(name, clause, text string, also []string, inject injection) Defect {
	if mark, _, _ := strings.Cut(clause, "-"); len(mark) > 1 { // a source mark has one letter
		clause = p.clause(clause)
	}
	return Defect{p.short + "-" + name, clause, strings.ReplaceAll(text, "%", p.name), without(clause, slices.Clone(also)), inject}
}

// clause returns the id of one of the action's clauses. If the error codes are not documented, one
// clause covers all refusals.
func (p power) clause(name string) string {
	if p.open && slices.Contains([]string{"DENIED", "ABSENT", "RECYCLED"}, name) {
		name = "REFUSED"
	}
	return p.clauses + "-" + name
}

// unlessItReturns returns the first of two clauses, or the second if the action ends in the status
// in which it began. In that case only the transient status shows that it ran.
func (p power) unlessItReturns(clause, otherwise string) string {
	if mock.Changes()[p.name].Ends == p.from {
		return otherwise
	}
	return clause
}

// everyLock returns the clauses that no other action may run at the same time.
func everyLock() []string {
	clauses := []string{}
	for name := range mock.Changes() {
		clauses = append(clauses, lockOf(name))
	}
	return clauses
}

// known omits the defects that answer with a different 4xx pair if any pair is allowed.
func (p power) known(defects []Defect) []Defect {
	return slices.DeleteFunc(defects, func(d Defect) bool {
		name := strings.TrimPrefix(d.Name, p.short+"-")
		return p.open && slices.Contains([]string{
			"status-409", "status-code-misspelt", "status-as-unknown", "recycling-as-unknown", "unknown-400", "unknown-as-resource", "ids-limit-99", "too-many-ids-as-maximum", "charset-refused",
		}, name)
	})
}

// own returns the ids of several of the action's clauses.
func (p power) own(names ...string) []string {
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = p.clause(name)
	}
	return ids
}

// otherCarriedOut returns the clauses that are also affected if an action does nothing, because the
// other actions begin in the status that it should lead to.
func otherCarriedOut() []string {
	var clauses []string
	for _, p := range powers() {
		clauses = append(clauses, p.clause("CARRIED-OUT"))
	}
	return clauses
}

// locksShown returns the lock clauses of the actions with a transient status.
func locksShown(status string) []string {
	var clauses []string
	for name, what := range mock.Changes() {
		if slices.Contains(what.Shows, status) {
			clauses = append(clauses, lockOf(name))
		}
	}
	return clauses
}

// lockOf returns the lock clause of an action.
func lockOf(action string) string {
	for _, p := range powers() {
		if p.name == action {
			return p.clause("LOCK")
		}
	}
	return "M-RESIZE-LOCK"
}

// confined marks defects as belonging to one action: see [Defect.Action].
func confined(action string, defects []Defect) []Defect {
	for i, d := range defects {
		defects[i].inject = ofAction{d.inject, action}
	}
	return defects
}

// Action returns the action whose calls alone show the defect. Until it is called, every answer is
// as documented, and so is every later answer about instances that no call of it names or affects.
// It is empty for a defect that also shows elsewhere.
func (d Defect) Action() string {
	of, _ := d.inject.(ofAction)
	return of.action
}
