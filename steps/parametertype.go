package steps

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// parameterType is what an argument of a sentence may be, in the words of Cucumber. Its
// expressions capture nothing themselves.
type parameterType struct {
	en, zh         string    // zh is "" when both languages write it alike
	reads, readsZh string    // what readers see in its place, "" for its name in angle brackets
	words          []wording // its values, when they are written in words
}

// wording is one value of a parameter that is written in words.
type wording struct {
	en, zh string
	older  []string // English wordings of earlier versions: features may still have them
}

// parameterTypes are the arguments that sentences take, by their names.
var parameterTypes = sync.OnceValue(func() map[string]parameterType {
	return map[string]parameterType{
		"status":     {en: `[A-Z_]+`},
		"statuses":   {en: `[A-Z_]+(?: (?:or|或) [A-Z_]+)*`}, // any one of them
		"action":     {en: `[A-Z][A-Za-z]+`},
		"other":      {en: `[A-Z][A-Za-z]*`, reads: "<action>"}, // it is named and not called
		"number":     {en: `\d+`},
		"subject":    {en: `GPU instance|[a-z]+`, zh: `GPU 实例|实例|[a-z]+`, reads: "instance", readsZh: "实例"}, // or as x-resource of a contract says
		"subjects":   {en: `GPU instances|[a-z]+`, zh: `GPU 实例|实例|[a-z]+`, reads: "instances", readsZh: "实例"},
		"parameter":  {en: `[a-z][A-Za-z0-9]+`},
		"value":      {en: `\S.*`}, // JSON, or what is to be no JSON
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
		"next":      next(),
		"choice":    wordings(choices()),
		"variation": wordings(variationWordings()),
		"empty":     wordings(empties()),
	}
})

// wordings makes a parameter type of values that are written in words. The first may be "":
// then the argument may be left out.
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

// canonical returns an argument as it is written in English today.
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
