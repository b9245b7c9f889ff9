package steps

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// parameterType is the type of an argument of a sentence, as in Cucumber. Its expressions contain
// no capturing groups.
type parameterType struct {
	en, zh         string    // zh is "" if both languages write the argument the same way
	reads, readsZh string    // shown to readers in place of the argument, "" for its name in angle brackets
	words          []wording // the allowed texts, if the type is an enumeration
	most           int       // the largest number, if the type is one of numbers
}

// wording is one text of an enumeration.
type wording struct {
	en, zh string
	older  []string // English texts of earlier versions, which features may still contain
}

// The limits for the numbers in a step. No account has so many instances to lend, and no run could
// wait for so many changes; the other limit only keeps the memory of a request in bounds.
const (
	mostCalls      = 1000
	mostOfAnything = 1_000_000
)

// numbers returns an error about the first number of a match that is above the limit of its type, or
// that counts nothing.
func (m Match) numbers() error {
	for i, name := range m.Sentence.En.argumentTypes() {
		most := parameterTypes()[name].most
		if most == 0 {
			continue
		}
		n, err := strconv.Atoi(m.Args[i])
		switch {
		case err != nil || n > most:
			return fmt.Errorf("the number %s is too large: write at most %d here", m.Args[i], most)
		case n == 0 && name == "count":
			return fmt.Errorf("the number %s is too small: write at least 1 here", m.Args[i])
		}
	}
	return nil
}

// parameterTypes are the types of the arguments, by name.
var parameterTypes = sync.OnceValue(func() map[string]parameterType {
	return map[string]parameterType{
		"status":     {en: `[A-Z_][A-Z0-9_]*`},
		"statuses":   {en: `[A-Z_][A-Z0-9_]*(?: (?:or|或) [A-Z_][A-Z0-9_]*)*`}, // alternatives
		"action":     {en: `[A-Z][A-Za-z0-9]+`},
		"other":      {en: `[A-Z][A-Za-z0-9]*`, reads: "<action>"}, // an action that is named but not called
		"number":     {en: `\d+`, most: mostOfAnything},
		"count":      {en: `\d+`, reads: "<number>", most: mostCalls},                                       // of instances to acquire, or of calls one after another
		"subject":    {en: `GPU instance|[a-z]+`, zh: `GPU 实例|实例|[a-z]+`, reads: "instance", readsZh: "实例"}, // or an x-resource of the contract
		"subjects":   {en: `GPU instances|[a-z]+`, zh: `GPU 实例|实例|[a-z]+`, reads: "instances", readsZh: "实例"},
		"parameter":  {en: `[a-z][A-Za-z0-9]+`},
		"value":      {en: `\S.*`}, // JSON, or text that is deliberately not JSON
		"media type": {en: `[a-z-]+/[a-z+-]+(?:; charset=utf-8)?`},
		"method": {
			en: `(?:GET|PUT|PATCH|DELETE)(?: with a bearer token)?`, zh: `(?:GET|PUT|PATCH|DELETE) 方法(?:并带 Bearer 令牌)?`,
			reads: "<GET|PUT|PATCH|DELETE>", readsZh: "<GET|PUT|PATCH|DELETE> 方法",
		},
		"classes":  {en: classesExpression, reads: "<400|4xx>"},
		"expected": expected(),
		"refusal": {
			en: pairsExpression + `|a documented 4xx error`, zh: `错误 (?:` + pairsExpression + `)|文档所列的 4xx 错误码`,
			reads: "<HTTP status> <code>", readsZh: "错误 <HTTP status> <code>",
		},
		"part":      part(),
		"party":     wordings(parties()),
		"naming":    wordings(namings()),
		"search":    wordings(searches()),
		"beside":    wordings(besides()),
		"next":      next(),
		"choice":    wordings(choices()),
		"variation": wordings(variationWordings()),
		"empty":     wordings(empties()),
	}
})

// wordings makes a parameter type of an enumeration. The first text may be "", which makes the
// argument optional.
func wordings(list []wording) parameterType {
	t := parameterType{words: list}
	for i, w := range list {
		if i > 0 {
			t.en, t.zh = t.en+"|", t.zh+"|"
		}
		t.en += regexp.QuoteMeta(w.en)
		for _, older := range w.older {
			t.en += "|" + regexp.QuoteMeta(older)
		}
		t.zh += regexp.QuoteMeta(w.zh)
	}
	if list[0].en == "" {
		t.reads, t.readsZh = "["+list[1].en+"]", "["+list[1].zh+"]"
	}
	return t
}

// in reports whether a text is one of the wordings.
func (w wording) in(text string) bool {
	if text == w.en || text == w.zh {
		return true
	}
	for _, older := range w.older {
		if text == older {
			return true
		}
	}
	return false
}

// canonical returns an argument as it is written in English in this version.
func (t parameterType) canonical(name, arg string) string {
	switch name {
	case "expected":
		return expectationIn(arg).String()
	case "refusal":
		return fmt.Sprint(pairsIn(arg))
	case "method":
		return fmt.Sprint(methodOf(arg), withToken(arg))
	case "subject", "subjects":
		kind, gpu := strings.CutPrefix(arg, "GPU ")
		return fmt.Sprint(kindOf(kind), gpu)
	}
	for _, w := range t.words {
		if w.in(arg) {
			return w.en
		}
	}
	return either(arg)
}
