package report

import (
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// Language is a language in which reports for people are written.
type Language = language.Language

// The languages. What an endpoint or a feature says is quoted as it is in each of them.
const (
	English = language.English
	Chinese = language.Chinese
)

// Verdict is what a verdict is called on a terminal.
func Verdict(v verdict.Verdict, l Language) string {
	if l == Chinese {
		return titleOf(v).In(l)
	}
	return string(v)
}
