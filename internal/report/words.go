package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// verdictTitle is the verdict as a heading.
func verdictTitle(v verdict.Verdict) string {
	switch v {
	case verdict.Conformant:
		return "Conformant"
	case verdict.SelectedPassed:
		return "Selected passed"
	case verdict.NothingWrong:
		return "Nothing wrong seen"
	case verdict.NonConformant:
		return "Not conformant"
	case verdict.Partial:
		return "Partly proved"
	case verdict.InconclusiveVerdict:
		return "Inconclusive"
	case verdict.BrokenVerdict:
		return "Broken run"
	}
	return string(v)
}

// verdictMeaning says in a sentence what follows from the verdict.
func verdictMeaning(v verdict.Verdict) string {
	switch v {
	case verdict.Conformant:
		return "Every scenario passed: the endpoint kept each clause that was put to it."
	case verdict.SelectedPassed:
		return "Every selected scenario passed. That does not make the endpoint conformant: the rest of the contract was not put to it."
	case verdict.NothingWrong:
		return "No recorded answer breaks the contract. That does not make the endpoint conformant: it was not asked what the traffic did not ask."
	case verdict.NonConformant:
		return "The endpoint broke at least one clause of the contract."
	case verdict.Partial:
		return "No clause was found violated, but scenarios were skipped: some clauses were not put to the endpoint."
	case verdict.InconclusiveVerdict:
		return "The endpoint could not be judged in full: some exchanges say nothing about conformance."
	case verdict.BrokenVerdict:
		return "The harness or its suite failed, so the run says nothing reliable about the endpoint."
	}
	return ""
}

// unrestoredTexts says it of all instances, a line for each.
func unrestoredTexts(list []verdict.Unrestored) []string {
	var lines []string
	for _, u := range list {
		lines = append(lines, oneLine(unrestoredText(u)))
	}
	return lines
}

// Cleanups returns the commands that restore what a run has left changed, each once. A
// report of an earlier version does not say them.
func Cleanups(head verdict.Run) []string {
	var commands []string
	for _, u := range head.Unrestored {
		command := cmp.Or(u.Cleanup, "conformance cleanup --target "+quoted(head.Target.Name))
		if !slices.Contains(commands, command) {
			commands = append(commands, command)
		}
	}
	return commands
}

// unrestoredText says what a run has left changed.
func unrestoredText(u verdict.Unrestored) string {
	return fmt.Sprintf("NOT RESTORED: instance %s is to have type %s again: %s", u.Instance, u.Type, u.Reason)
}
