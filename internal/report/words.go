package report

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/language"
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
		lines = append(lines, leftOn(u, ttyLeft, ttyIsToHave, ttyKindIsToHave).In(l, Plain(u.Instance), Plain(u.Type), Plain(whyLeft(u).In(l)), Plain(u.Value), Plain(kindOf(u).In(l))))
	}
	for _, command := range Cleanups(head) {
		commands = append(commands, ttyFinish.In(l, Plain(command)))
	}
	return ttyNotRestored.In(l), lines, commands
}

// whyLeft returns why a run has left something changed. A report contains the English text.
func whyLeft(u verdict.Unrestored) phrase {
	said := language.Read(u.Reason)
	if is, whole := language.Unlike(said); whole {
		return is
	}
	return said
}

// leftOn returns the phrase for something left changed: whole if its reason states both the current and
// the original state, otherwise the one that adds the original state.
func leftOn(u verdict.Unrestored, whole, instance, otherwise phrase) phrase {
	if _, says := language.Unlike(phrase{u.Reason, u.Reason}); says {
		return whole
	}
	return of(u, instance, otherwise)
}

// kindOf returns the word for the kind of what was left changed.
func kindOf(u verdict.Unrestored) phrase { return language.Word(cmp.Or(u.Kind, "instance")) }

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
	return leftOn(u, textLeft, textNotRestored, textKindLeft).In(English, u.Instance, u.Type, whyLeft(u), u.Value, kindOf(u))
}

// of returns the phrase for an instance, or the other one for things with another name in the
// contract.
func of(u verdict.Unrestored, instance, otherwise phrase) phrase {
	if u.Kind == "" {
		return instance
	}
	return otherwise
}
