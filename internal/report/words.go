package report

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// unrestoredTexts says it of all instances, a line for each.
func unrestoredTexts(list []verdict.Unrestored) []string {
	var lines []string
	for _, u := range list {
		lines = append(lines, oneLine(unrestoredText(u)))
	}
	return lines
}

// UnrestoredLines says on a terminal what a run has left changed, then what finishes it: the
// words that each line begins with, and the lines.
func UnrestoredLines(head verdict.Run, l Language) (label string, lines, commands []string) {
	for _, u := range head.Unrestored {
		lines = append(lines, of(u, ttyIsToHave, ttyKindIsToHave).In(l, Plain(u.Instance), Plain(u.Type), Plain(whyLeft(u).In(l)), Plain(u.Value), Plain(u.Kind)))
	}
	for _, command := range Cleanups(head) {
		commands = append(commands, ttyFinish.In(l, Plain(command)))
	}
	return ttyNotRestored.In(l), lines, commands
}

// whyLeft is why a run has left something changed. An older report says it in English alone.
func whyLeft(u verdict.Unrestored) phrase { return phrase{u.Reason, cmp.Or(u.ReasonZh, u.Reason)} }

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
	return of(u, textNotRestored, textKindLeft).In(English, u.Instance, u.Type, u.Reason, u.Value, u.Kind)
}

// of returns what is said of an instance, or of what a contract calls otherwise.
func of(u verdict.Unrestored, instance, otherwise phrase) phrase {
	if u.Kind == "" {
		return instance
	}
	return otherwise
}
