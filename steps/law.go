// Package steps is the vocabulary of the features: each sentence, in English and in
// Chinese, with what it needs of the target and the short call that carries it out.
//
// A step forms requests and compares answers; it never signs, sends or judges an
// envelope, and knows neither the mock nor the file the contract is written in: what
// the contract says reaches it as the values of Law.
package steps

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/generate"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The operations the features speak of.
const (
	modify   = "ModifyInstanceType"
	statuses = "DescribeInstancesStatus"
	listing  = "DescribeInstances"
)

// Law is what the contract says, as values to compare answers with.
type Law struct {
	Operations map[string]wire.Operation       // by action
	Reading    map[string]bool                 // by action: the contract marks it as reading
	Pairs      []verdict.Pair                  // every documented pair of every operation
	Common     []verdict.Pair                  // those that an action unknown to the contract may be answered with
	Superseded []verdict.Superseded            // pairs that older editions list, of every operation
	Clauses    map[string]verdict.Clause       // by id
	Lifecycle  lifecycle.Rules                 // of a resize; Settle is the target's
	Parameters map[string][]generate.Parameter // of each action's request, without pools
	Statuses   []string                        // every documented instanceStatus
}

// Operation returns the operation of an action. An action the contract does not know
// is sent on the path of the others: that is how an unknown action is asked for.
func (l *Law) Operation(action string) wire.Operation {
	if op, known := l.Operations[action]; known {
		return op
	}
	op := l.Operations[modify]
	op.Action = action
	return op
}

// Effect returns what a request with an action may do: only what the contract marks as
// reading reads.
func (l *Law) Effect(action string) wire.Effect {
	if l.Reading[action] {
		return wire.Reads
	}
	return wire.Refused
}

// Documented returns the pairs of an operation under the statuses for which keep holds.
func (l *Law) Documented(op wire.Operation, keep func(status int) bool) []verdict.Pair {
	all := l.Pairs
	if l.Operations[op.Action] != op {
		all, op = l.Common, wire.Operation{}
	}
	var pairs []verdict.Pair
	for _, p := range all {
		if p.Operation == op && keep(p.Status) {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// Pair returns the documented pair of an operation that has the code.
func (l *Law) Pair(op wire.Operation, code string) (verdict.Pair, bool) {
	i := slices.IndexFunc(l.Pairs, func(p verdict.Pair) bool { return p.Operation == op && p.Code == code })
	if i < 0 {
		return verdict.Pair{}, false
	}
	return l.Pairs[i], true
}

// Finding makes a finding on a clause. A clause the contract does not have is a
// fault of the suite, and is reported as one.
func (l *Law) Finding(clause, where, want, got string) error {
	c, known := l.Clauses[clause]
	if !known {
		return &SuiteFault{Reason: fmt.Sprintf("no clause %s in the contract: mend the scenario or clauses.yaml", clause)}
	}
	return verdict.Finding{Clause: c.ID, Source: c.Source, Level: c.Level, Where: where, Want: want, Got: got}
}
