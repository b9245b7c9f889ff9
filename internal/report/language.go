package report

import (
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// Language is a language of reports for people.
type Language = language.Language

// The languages. Texts of an endpoint or a feature are quoted unchanged in each of them.
const (
	English = language.English
	Chinese = language.Chinese
)

// Verdict returns the display name of a verdict.
func Verdict(v verdict.Verdict, l Language) string {
	if l == Chinese {
		return titleOf(v).In(l)
	}
	return string(v)
}
