package steps

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// expectation is the set of answers that a step allows.
type expectation struct {
	success, failure bool           // success: 200 is allowed; failure: any other status is allowed
	classes          []string       // documented errors with these statuses or classes are allowed
	pairs            []verdict.Pair // these errors are allowed; operation and clause are not set
}

// expectations are the texts of an expectation. Their placeholders are <class>, <classes> and
// <pairs>.
func expectations() []wording {
	return []wording{
		{en: "a success", zh: "请求成功"},
		{en: "no success", zh: "请求未成功"},
		{en: "the error <pairs>", zh: "返回错误 <pairs>"},
		{en: "a documented <classes> error", zh: "返回文档所列的 <classes> 错误码"},
		{en: "a documented <classes> error or the error <pairs>", zh: "返回文档所列的 <classes> 错误码，或返回错误 <pairs>"},
		{en: "a success or a documented <classes> error", zh: "请求成功，或返回文档所列的 <classes> 错误码"},
	}
}

const (
	pairExpression    = `\d{3} [A-Z][A-Z0-9_]+`
	pairsExpression   = pairExpression + `(?:(?:, | or |、| 或 )` + pairExpression + `)*`
	classExpression   = `(?:\d{3}|4xx)`
	classesExpression = classExpression + `(?: (?:or|或) ` + classExpression + `)?`
)

var places = strings.NewReplacer("<classes>", classesExpression, "<pairs>", pairsExpression)

// expected is the parameter type of expectations.
func expected() parameterType {
	t := parameterType{reads: "<expected>"}
	shown := strings.NewReplacer("<classes>", "<400|4xx>", "<pairs>", "<HTTP status> <code>")
	for i, e := range expectations() {
		if i > 0 {
			t.en, t.zh = t.en+"|", t.zh+"|"
		}
		t.en, t.zh = t.en+places.Replace(e.en), t.zh+places.Replace(e.zh)
		t.words = append(t.words, wording{en: shown.Replace(e.en), zh: shown.Replace(e.zh)})
	}
	return t
}

var documentedClasses = regexp.MustCompile(`(?:documented|文档所列的) (` + classesExpression + `) `)

// expectationIn parses an expectation in either language.
func expectationIn(text string) expectation {
	e := expectation{
		failure: strings.HasPrefix(text, "no success") || strings.HasPrefix(text, "请求未成功"),
		success: strings.HasPrefix(text, "a success") || strings.HasPrefix(text, "请求成功"),
		pairs:   pairsIn(text),
	}
	if m := documentedClasses.FindStringSubmatch(text); m != nil {
		e.classes = classesIn(m[1])
	}
	return e
}

// classesIn returns the statuses or classes that a text lists.
func classesIn(text string) []string { return strings.Split(either(text), " or ") }

// wantsClasses reads the allowed statuses from an argument.
func wantsClasses(arg int) func(*Metadata, []string) {
	return func(s *Metadata, args []string) { wants(classesIn(args[arg])...)(s, args) }
}

// String returns the expectation in English, as findings and reports have it.
func (e expectation) String() string {
	var all []string
	if e.failure {
		all = append(all, "no success")
	}
	if e.success {
		all = append(all, "success (200)")
	}
	if len(e.classes) > 0 {
		all = append(all, "a documented "+strings.Join(e.classes, " or ")+" error")
	}
	for _, p := range e.pairs {
		all = append(all, fmt.Sprintf("%d %s", p.Status, p.Code))
	}
	return strings.Join(all, " or ")
}

// wantsExpected adds the allowed statuses and errors. A step that allows only a success observes a
// change.
func wantsExpected(s *Metadata, args []string) {
	e := expectationIn(args[0])
	wants(e.classes...)(s, nil)
	for _, p := range e.pairs {
		wants(fmt.Sprint(p.Status))(s, nil)
		takes(p.Status, p.Code)(s, nil)
	}
	if e.success {
		wants("200")(s, nil)
		s.Observes = len(e.classes) == 0
	}
}
