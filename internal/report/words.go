package report

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// unrestoredTexts describes all unrestored instances, one per line.
func unrestoredTexts(list []verdict.Unrestored) []string {
	var lines []string
	for _, u := range list {
		lines = append(lines, oneLine(unrestoredText(u)))
	}
	return lines
}

// UnrestoredLines returns what a run has left changed, for a terminal: the label of each line, the
// lines, and the commands that restore it.
func UnrestoredLines(head verdict.Run, l Language) (label string, lines, commands []string) {
	for _, u := range head.Unrestored {
		lines = append(lines, of(u, ttyIsToHave, ttyKindIsToHave).In(l, Plain(u.Instance), Plain(u.Type), Plain(whyLeft(u).In(l)), Plain(u.Value), Plain(u.Kind)))
	}
	for _, command := range Cleanups(head) {
		commands = append(commands, ttyFinish.In(l, Plain(command)))
	}
	return ttyNotRestored.In(l), lines, commands
}

// whyLeft returns why a run has left something changed. Older reports only have the English text.
func whyLeft(u verdict.Unrestored) phrase { return phrase{u.Reason, cmp.Or(u.ReasonZh, u.Reason)} }

// Cleanups returns the commands that restore what a run has left changed, each once. Reports of
// earlier versions have none.
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

// unrestoredText describes what a run has left changed.
func unrestoredText(u verdict.Unrestored) string {
	return of(u, textNotRestored, textKindLeft).In(English, u.Instance, u.Type, u.Reason, u.Value, u.Kind)
}

// of returns the phrase for an instance, or the other one for things with another name in the
// contract.
func of(u verdict.Unrestored, instance, otherwise phrase) phrase {
	if u.Kind == "" {
		return instance
	}
	return otherwise
}
