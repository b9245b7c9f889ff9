// Package defects breaks the mock on purpose: a [Defect] alters one stage of it, or two that
// make one mistake, so that one documented fact is broken; a [Variant] does otherwise what the
// documents leave open. Both are written from the documents and from how such things go
// wrong, without looking at the contract or at scenarios.
//
// A file is named after the stage, and so is a new one:
//
//	transport_*       which request reaches an action, and how an answer travels
//	envelope_*        the form of successes, failures and request ids
//	authentication_*  who may call: keys, tokens, signatures, timestamps
//	parameters_*      how bodies and parameters are checked
//	pairs_*           which status and code answer what cannot be done
//	listing_*         what the read actions show: filters, pages, statuses
//	lifecycle_*       what becomes of a change: its statuses, its end, what it reaches
//	concurrency_*     what happens while a change runs, and of calls at the same moment
//	intermittent      mistakes that only some calls meet
//	variant_*         freedoms taken otherwise
//
// Files that end in _lists make the same mistakes in every action that names a list of
// instances (lists.go). alter.go and alter_change.go are what defects are built of.
package defects

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/typo"
)

// Defect is a named way in which a mock violates one documented fact, as an implementer of the API
// might get it wrong. It keeps all other facts.
type Defect struct {
	Name   string // descriptive, in kebab-case
	Clause string // the id of the clause that it violates, the narrowest that fits
	Text   string // one sentence about the implementer's mistake
	// AlsoAffected are the clauses that a correct finding may name instead or in addition, because
	// violating the clause unavoidably violates them, too.
	AlsoAffected []string

	inject alteration
}

// Alter injects the defect into a mock: see the option of that name.
func (d Defect) Alter(m *mock.Mock) { d.inject.alter(m) }

// All returns all defects, sorted by clause, then by name.
func All() []Defect {
	defects := slices.Concat(
		confined(mock.ModifyType, pairDefects()),
		confined(mock.ModifyType, statusPairDefects()),
		failureDefects(),
		misplacedDefects(),
		successDefects(),
		requestIDDefects(),
		transportDefects(),
		confined(mock.ModifyType, acceptedDefects()),
		confined(mock.ModifyType, lifecycleDefects()),
		confined(mock.ModifyType, typeDefects()),
		keptDefects(),
		confined(mock.ModifyType, refusedDefects()),
		listingDefects(),
		rowDefects(),
		statusDefects(),
		pageDefects(),
		parameterDefects(),
		takenDefects(),
		bodyDefects(),
		callerDefects(),
		signatureDefects(),
		credentialDefects(),
		confined(mock.ModifyType, queuedDefects()),
		dispatchDefects(),
		intermittentDefects(),
		concurrentDefects(),
		searchDefects(),
		memberDefects(),
		formDefects(),
		supersededDefects(),
		namedDefects(),
		wholeDefects(),
		powerDefects(),
		lockDefects(),
		lateDefects(),
		instantDefects(),
	)
	for i, d := range defects {
		defects[i].AlsoAffected = without(d.Clause, slices.Clone(d.AlsoAffected))
	}
	slices.SortFunc(defects, func(a, b Defect) int {
		return cmp.Or(cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Name, b.Name))
	})
	return defects
}

// unknown returns the error for an unknown name, with the name that may have been meant.
func unknown(kind, name string, names []string) error {
	if meant, near := typo.Meant(name, names); near {
		return fmt.Errorf("there is no %s %q: did you mean %q?", kind, name, meant)
	}
	return fmt.Errorf("there is no %s %q: conformance selftest --list names them", kind, name)
}

// Named returns the defect with a name. The error for an unknown name suggests the one that may
// have been meant.
func Named(name string) (Defect, error) {
	defects := All()
	names := make([]string, len(defects))
	for i, d := range defects {
		if names[i] = d.Name; d.Name == name {
			return d, nil
		}
	}
	return Defect{}, unknown("defect", name, names)
}

// pairStated returns the clauses that are also affected if an answer is not a documented pair at
// all: besides the clause of the expected pair, it violates the rule that only documented pairs
// occur.
func pairStated() []string { return []string{"R-FAILURE-PAIR"} }

// everyRefusal returns the clauses that are also affected by a defect in all refusals, none of
// which is then as its own clause states. These are the clauses of the defects in single refusals.
func everyRefusal(further ...string) []string {
	single := slices.Concat(
		pairDefects(), statusPairDefects(), acceptedDefects(), parameterDefects(), takenDefects(), bodyDefects(),
		callerDefects(), signatureDefects(), limitDefects(), transportDefects(), dispatchDefects(), formDefects(),
	)
	for _, p := range powers() {
		single = slices.Concat(single, p.statusDefects(), p.absentDefects(), p.parameterDefects(), p.callerDefects())
	}
	clauses := slices.Clone(further)
	for name := range mock.Changes() {
		clauses = append(clauses, lockOf(name))
	}
	for _, d := range single {
		if !slices.Contains(clauses, d.Clause) {
			clauses = append(clauses, d.Clause)
		}
	}
	return clauses
}

// without removes one clause from a list, because a defect's own clause is not among those also
// affected.
func without(clause string, affected []string) []string {
	return slices.DeleteFunc(affected, func(id string) bool { return id == clause })
}
