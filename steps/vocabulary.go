package steps

import (
	"fmt"
	"strconv"

	"github.com/cucumber/godog"
)

// Sentence is one step of the vocabulary. Both languages are bound to the same code.
type Sentence struct {
	En, Zh *Form
	needs  func(*Needs, []string)
	said   func(*Metadata, []string)
	bind   func(*World) any
}

// say makes a sentence from its two forms, with what it needs of the target.
func say(en, zh string, bind func(*World) any, needs func(*Needs, []string)) Sentence {
	return Sentence{En: newForm(en), Zh: newForm(zh), bind: bind, needs: needs}
}

const (
	status = `([A-Z_]+)`               // a documented instanceStatus
	pair   = pairHTTP + ` ` + pairCode // a documented (HTTP status, code)
	class  = `(\d{3}|4xx)`             // one HTTP status, or all of its class
	action = `([A-Z][A-Za-z]+)`        // an action
	other  = `([A-Z][A-Za-z]*)`        // an action that is named, not called
	number = `(\d+)`
	kind   = `(实例| ?[a-z]+)` // what a subject is: instance, or as x-resource of a contract says

	anyStates = `([A-Z_]+(?: (?:or|或) [A-Z_]+)*)`                                  // one of several statuses
	anyPairs  = `((?:\d{3} [A-Z][A-Z_]+)(?:(?:, | or |、| 或 )\d{3} [A-Z][A-Z_]+)*)` // one of several pairs

	parameter   = `([a-z][A-Za-z0-9]+)`
	anything    = `(\S.*)` // JSON, or what is to be no JSON
	mediaType   = `([a-z-]+/[a-z+-]+(?:; charset=utf-8)?)`
	httpMethods = `(GET|PUT|DELETE)`

	pairHTTP = `(\d{3})`
	pairCode = `([A-Z][A-Z_]+)`
)

// Vocabulary returns every sentence, in the order in which scenarios use them.
func Vocabulary() []Sentence {
	var all []Sentence
	for _, part := range [][]Sentence{givens(), changing(), batches(), requests(), variationSentences(), listings(), filtering(), answers(), states()} {
		all = append(all, part...)
	}
	return all
}

func givens() []Sentence {
	return []Sentence{
		say(`an? `+status+` `+kind, `一台状态为 `+status+` 的`+kind,
			func(w *World) any { return w.anInstance },
			func(n *Needs, args []string) { n.add(1, Need{Status: args[0], Kind: kindOf(args[1])}) }),
		say(`an? `+status+` GPU instance`, `一台状态为 `+status+` 的 GPU 实例`,
			func(w *World) any { return w.aGPUInstance },
			func(n *Needs, args []string) { n.add(1, Need{Status: args[0], GPU: true}) }),
		say(`another `+status+` `+kind, `另一台状态为 `+status+` 的`+kind,
			func(w *World) any { return w.anInstance },
			func(n *Needs, args []string) { n.add(1, Need{Status: args[0], Kind: kindOf(args[1])}) }),
		say(number+` `+status+` `+kind+`s`, number+` 台状态为 `+status+` 的`+kind,
			func(w *World) any { return w.severalInstances },
			func(n *Needs, args []string) {
				n.add(count(args[0]), Need{Status: args[1], Kind: kindOf(args[2])})
			}),
		say(`an? `+kind+` that does not exist`, `一台不存在的`+kind,
			func(w *World) any { return w.anAbsentInstance }, nil).describing(namesNone),
	}
}

func listings() []Sentence {
	return []Sentence{
		say(action+` is asked for (?:it|them)`, `通过 `+action+` 查询上述实例`,
			func(w *World) any { return w.theyAreListed }, nil).describing(sendsSubjects()),
		say(action+` is asked for them in pages of `+number, `通过 `+action+` 分页查询上述实例，每页 `+number+` 条`,
			func(w *World) any { return w.theyAreListedInPages }, nil).
			describing(sendsSubjects("pageSize", "pageNum")),
		say(`the list holds (?:it|them) and no other`, `列表中有且仅有所查询的实例`,
			func(w *World) any { return w.theListHolds }, nil).describing(wants("200")),
		say(`no page holds more than `+number+`, and together they hold each instance once`, `每页不超过 `+number+` 条，且各页合起来每台实例恰好出现一次`,
			func(w *World) any { return w.thePagesHold }, nil).describing(wants("200")),
		say(`the list shows the status each is in`, `列表如实显示每台实例的状态`,
			func(w *World) any { return w.theListShowsTheirStatus }, nil).describing(wants("200")),
		say(`the list is as long as a page of `+number, `列表与每页 `+number+` 条时一样长`,
			func(w *World) any { return w.itIsAsLongAsAPageOf }, nil).describing(wants("200")),
		say(`the total is `+number, `总数为 `+number,
			func(w *World) any { return w.theTotalIs }, nil).describing(wants("200")),
		say(`the list holds those that exist and no other, or the answer is a documented 404 error`, `列表中有且仅有存在的实例，或返回文档所列的 404 错误码`,
			func(w *World) any { return w.theKnownAreListed }, nil).describing(wants("200", "404"), takes(404, "")),
		say(`the list is empty, or the answer is a documented 404 error`, `列表为空，或返回文档所列的 404 错误码`,
			func(w *World) any { return w.theListIsEmptyOrNotFound }, nil).describing(wants("200", "404"), takes(404, "")),
	}
}

func answers() []Sentence {
	return []Sentence{
		say(`the answer is a success`, `请求成功`,
			func(w *World) any { return w.theAnswerIsASuccess }, nil).describing(observes, wants("200")),
		say(`the answer is the error `+pair, `返回错误 `+pair,
			func(w *World) any { return w.theAnswerIsTheError }, nil),
		say(`the answer is the error `+pair+` or `+pair, `返回错误 `+pair+` 或 `+pair,
			func(w *World) any { return w.theAnswerIsEitherError }, nil),
		say(`the answer is a documented `+class+` error`, `返回文档所列的 `+class+` 错误码`,
			func(w *World) any { return w.theAnswerIsADocumentedError }, nil),
		say(`the answer is a documented `+class+` error or the error `+pair, `返回文档所列的 `+class+` 错误码，或返回错误 `+pair,
			func(w *World) any { return w.theAnswerIsADocumentedErrorOr }, nil),
		say(`the answer is a success or a documented `+class+` error`, `请求成功，或返回文档所列的 `+class+` 错误码`,
			func(w *World) any { return w.theAnswerIsASuccessOrADocumentedError }, nil).describing(wants("200")),
		say(`every answer was a documented one`, `每个响应均符合文档`,
			func(w *World) any { return w.everyAnswerWasDocumented }, nil).describing(wants("200", "4xx")),
		say(`the signature is accepted`, `签名被接受`,
			func(w *World) any { return w.theSignatureIsAccepted }, nil),
		say(`the caller is accepted`, `调用者被接受`,
			func(w *World) any { return w.theCallerIsAccepted }, nil),
		say(`the same call is answered so `+number+` more times`, `再次发送同一请求 `+number+` 次，均如此返回`,
			func(w *World) any { return w.theSameCallIsAnsweredSo }, nil).describing(callsAgain),
		say(`it counts as absent, or the answer is a documented 400 error`, `视为未提供该参数，或返回文档所列的 400 错误码`,
			func(w *World) any { return w.itCountsAsAbsent }, nil).describing(wants("200", "400")),
		say(`it counts as absent or as a value that nothing has, or the answer is a documented 400 or 404 error`, `视为未提供该参数或没有实例具有的值，或返回文档所列的 400 或 404 错误码`,
			func(w *World) any { return w.itCountsAsAbsentOrMatchesNothing }, nil).describing(wants("200", "400", "404")),
		say(`the answer is a documented 400 or 401 error`, `返回文档所列的 400 或 401 错误码`,
			func(w *World) any { return w.theAnswerIsADocumented400Or401 }, nil).describing(wants("400", "401")),
		say(`the answer is no success`, `请求未成功`,
			func(w *World) any { return w.theAnswerIsNoSuccess }, nil),
	}
}

func states() []Sentence {
	return []Sentence{
		say(`the (?:instance is|instances are|[a-z]+ is|[a-z]+ are) unchanged`, `实例保持不变`,
			func(w *World) any { return w.theInstanceIsUnchanged }, nil),
		say(`the (?:instance|[a-z]+) stays unchanged`, `实例始终保持不变`,
			func(w *World) any { return w.theInstanceStaysUnchanged }, nil),
		say(`the other (?:instance|[a-z]+) is unchanged`, `另一台实例保持不变`,
			func(w *World) any { return w.theOtherIsUnchanged }, nil).describing(observes),
	}
}

func (n *Needs) add(count int, need Need) {
	for range count {
		n.Instances = append(n.Instances, need)
	}
}

func count(digits string) int {
	n, _ := strconv.Atoi(digits) // the expression lets only digits through
	return n
}

// Match is a step text resolved to its sentence.
type Match struct {
	Sentence Sentence
	Form     *Form // the one of the sentence's two that the text is written in
	Args     []string
	Facts    map[string]Facts // by action
}

// Facts is what a contract says of an action, as far as it decides what a scenario needs.
type Facts struct {
	Changes bool // it changes the instances it names
	Valued  bool // it asks for a value
	Batch   bool // it takes several instances at once
	// Parameters are those by which it names what is changed, and how.
	Parameters []string
	Subjects   []string // the parameters that name instances, changed or read
}

// subject returns the parameter that names instances, "" when there is none.
func (f Facts) subject() string {
	if len(f.Subjects) == 0 {
		return ""
	}
	return f.Subjects[0]
}

// Resolve finds the one sentence a step text is an instance of. A text that is none,
// or more than one, is an error: the suite is wrong.
func Resolve(vocabulary []Sentence, text string) (Match, error) {
	var found []Match
	for _, s := range vocabulary {
		for _, form := range [...]*Form{s.En, s.Zh} {
			if args := form.arguments(text); args != nil {
				found = append(found, Match{Sentence: s, Form: form, Args: args})
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Match{}, fmt.Errorf("undefined step %q: no sentence of the vocabulary reads so", text)
	default:
		return Match{}, fmt.Errorf("ambiguous step %q: it reads as %q and as %q", text, found[0].Sentence.En, found[1].Sentence.En)
	}
}

// Add adds what the step needs of the target.
func (n *Needs) Add(m Match) {
	if m.Sentence.needs == nil {
		return
	}
	n.facts = m.Facts
	m.Sentence.needs(n, m.Args)
	n.facts, n.valued = nil, false
}

// Bind binds the forms of the matches, each once, to the state of one scenario. Binding
// the whole vocabulary, and matching each step with it, costs more than a request.
func Bind(sc *godog.ScenarioContext, w *World, matches []Match) {
	bound := map[*Form]bool{}
	for _, m := range matches {
		if !bound[m.Form] {
			bound[m.Form] = true
			sc.Step(m.Form.Regexp(), m.Sentence.bind(w))
		}
	}
}
