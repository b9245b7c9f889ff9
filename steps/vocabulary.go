package steps

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cucumber/godog"
)

// Sentence is one step of the vocabulary. Both languages are bound to the same code.
type Sentence struct {
	En, Zh *regexp.Regexp
	needs  func(*Needs, []string)
	said   func(*Said, []string)
	bind   func(*World) any
}

// say makes a sentence from its two forms, with what it needs of the target.
func say(en, zh string, bind func(*World) any, needs func(*Needs, []string)) Sentence {
	return Sentence{En: anchored(en), Zh: anchored(zh), bind: bind, needs: needs}
}

func anchored(form string) *regexp.Regexp { return regexp.MustCompile("^" + form + "$") }

const (
	status = `([A-Z_]+)`               // a documented instanceStatus
	pair   = pairHTTP + ` ` + pairCode // a documented (HTTP status, code)
	class  = `(\d{3}|4xx)`             // one HTTP status, or all of its class
	action = `([A-Z][A-Za-z]+)`        // an action
	number = `(\d+)`

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
	for _, part := range [][]Sentence{givens(), changes(), requests(), mannered(), listings(), filtering(), answers(), states()} {
		all = append(all, part...)
	}
	return all
}

func givens() []Sentence {
	return []Sentence{
		say(`an? `+status+` instance`, `一台状态为 `+status+` 的实例`,
			func(w *World) any { return w.anInstance },
			func(n *Needs, args []string) { n.add(1, args[0], false) }),
		say(`an? `+status+` GPU instance`, `一台状态为 `+status+` 的 GPU 实例`,
			func(w *World) any { return w.anInstance },
			func(n *Needs, args []string) { n.add(1, args[0], true) }),
		say(`another `+status+` instance`, `另一台状态为 `+status+` 的实例`,
			func(w *World) any { return w.anInstance },
			func(n *Needs, args []string) { n.add(1, args[0], false) }),
		say(number+` `+status+` instances`, number+` 台状态为 `+status+` 的实例`,
			func(w *World) any { return w.severalInstances },
			func(n *Needs, args []string) { n.add(count(args[0]), args[1], false) }),
		say(`an instance that does not exist`, `一台不存在的实例`,
			func(w *World) any { return w.anAbsentInstance }, nil).saying(namesNone),
	}
}

func changes() []Sentence {
	return allSaying(acts(modify), allSaying(sends("instanceId", "instanceType"), []Sentence{
		say(`its type is changed to another one`, `将其规格变更为另一规格`,
			func(w *World) any { return w.theTypeIsChanged }, changing(2)),
		say(`its type is changed to the one it has`, `将其规格变更为当前规格`,
			func(w *World) any { return w.theTypeIsChangedToItsOwn }, changing(1)).saying(calls(toItsOwn, 1, 1)),
		say(`its type is changed to one that does not exist`, `将其规格变更为不存在的规格`,
			func(w *World) any { return w.theTypeIsChangedToAnAbsentOne }, changing(0)).saying(calls(toAbsent, 1, 1)),
		say(`its type is changed to one that is not supported for it`, `将其规格变更为该实例不支持的规格`,
			func(w *World) any { return w.theTypeIsChangedToAnUnsupportedOne },
			func(n *Needs, _ []string) { n.change(modify); n.Unsupported = true }).saying(calls(toUnsupported, 1, 1)),
		say(`its type is changed to another one for GPU instances`, `将其规格变更为另一 GPU 规格`,
			func(w *World) any { return w.theTypeIsChangedToAGPUType },
			func(n *Needs, _ []string) { n.change(modify); n.GPUTypes = 2 }).saying(calls(toGPUType, 1, 1)),
		say(`its type is changed `+number+` times in a row`, `将其规格连续变更 `+number+` 次`,
			func(w *World) any { return w.theTypeIsChangedInARow }, changing(2)).saying(callsInARow),
		say(`its type is changed to another one and back`, `将其规格变更为另一规格，再变更回原规格`,
			func(w *World) any { return w.theTypeIsChangedThereAndBack }, changing(2)).saying(calls(ToAnother, 2, 2+again)),
		say(`its type is changed, and changed again while the change runs`, `变更其规格，并在变更过程中再次变更`,
			func(w *World) any { return w.theTypeIsChangedAgainMeanwhile }, changing(2)).saying(overlaps),
		say(`its type is changed, and the same change is called again while it runs`, `变更其规格，并在变更过程中重复同一变更`,
			func(w *World) any { return w.theSameChangeIsCalledMeanwhile }, changing(2)).saying(overlaps),
		say(`two changes of its type are sent at the same moment`, `同时发送两个变更其规格的请求`,
			func(w *World) any { return w.twoChangesAtOnce }, changing(2)).saying(overlaps),
	}))
}

func listings() []Sentence {
	return []Sentence{
		say(action+` is asked for (?:it|them)`, `通过 `+action+` 查询上述实例`,
			func(w *World) any { return w.theyAreListed }, nil).saying(sends("instanceIds")),
		say(action+` is asked for them in pages of `+number, `通过 `+action+` 分页查询上述实例，每页 `+number+` 条`,
			func(w *World) any { return w.theyAreListedInPages }, nil).
			saying(sends("instanceIds", "pageSize", "pageNum")),
		say(`the list holds (?:it|them) and no other`, `列表中有且仅有所查询的实例`,
			func(w *World) any { return w.theListHolds }, nil).saying(wants("200")),
		say(`no page holds more than `+number+`, and together they hold each instance once`, `每页不超过 `+number+` 条，且各页合起来每台实例恰好出现一次`,
			func(w *World) any { return w.thePagesHold }, nil).saying(wants("200")),
		say(`the list shows the status each is in`, `列表如实显示每台实例的状态`,
			func(w *World) any { return w.theListShowsTheirStatus }, nil).saying(wants("200")),
		say(`the list is as long as a page of `+number, `列表与每页 `+number+` 条时一样长`,
			func(w *World) any { return w.itIsAsLongAsAPageOf }, nil).saying(wants("200")),
		say(`the total is `+number, `总数为 `+number,
			func(w *World) any { return w.theTotalIs }, nil).saying(wants("200")),
		say(`the list holds those that exist and no other, or the answer is a documented 404 error`, `列表中有且仅有存在的实例，或返回文档所列的 404 错误码`,
			func(w *World) any { return w.theKnownAreListed }, nil).saying(wants("200", "404"), takes(404, "INVALID_INSTANCE_NOT_FOUND")),
		say(`the list is empty, or the answer is a documented 404 error`, `列表为空，或返回文档所列的 404 错误码`,
			func(w *World) any { return w.theListIsEmptyOrNotFound }, nil).saying(wants("200", "404"), takes(404, "INVALID_INSTANCE_NOT_FOUND")),
	}
}

func answers() []Sentence {
	return []Sentence{
		say(`the answer is a success`, `请求成功`,
			func(w *World) any { return w.theAnswerIsASuccess }, nil).saying(wants("200")),
		say(`the answer is the error `+pair, `返回错误 `+pair,
			func(w *World) any { return w.theAnswerIsTheError }, nil),
		say(`the answer is the error `+pair+` or `+pair, `返回错误 `+pair+` 或 `+pair,
			func(w *World) any { return w.theAnswerIsEitherError }, nil),
		say(`the answer is a documented `+class+` error`, `返回文档所列的 `+class+` 错误码`,
			func(w *World) any { return w.theAnswerIsADocumentedError }, nil),
		say(`the answer is a documented `+class+` error or the error `+pair, `返回文档所列的 `+class+` 错误码，或返回错误 `+pair,
			func(w *World) any { return w.theAnswerIsADocumentedErrorOr }, nil),
		say(`the answer is a success or a documented `+class+` error`, `请求成功，或返回文档所列的 `+class+` 错误码`,
			func(w *World) any { return w.theAnswerIsASuccessOrADocumentedError }, nil).saying(wants("200")),
		say(`every answer was a documented one`, `每个响应均符合文档`,
			func(w *World) any { return w.everyAnswerWasDocumented }, nil).saying(wants("200", "4xx")),
		say(`the signature is accepted`, `签名被接受`,
			func(w *World) any { return w.theSignatureIsAccepted }, nil),
		say(`the caller is accepted`, `调用者被接受`,
			func(w *World) any { return w.theCallerIsAccepted }, nil),
		say(`the same call is answered so `+number+` more times`, `再次发送同一请求 `+number+` 次，均如此返回`,
			func(w *World) any { return w.theSameCallIsAnsweredSo }, nil).saying(callsAgain),
		say(`it counts as absent, or the answer is a documented 400 error`, `视为未提供该参数，或返回文档所列的 400 错误码`,
			func(w *World) any { return w.itCountsAsAbsent }, nil).saying(wants("200", "400")),
		say(`it counts as absent or as a value that nothing has, or the answer is a documented 400 or 404 error`, `视为未提供该参数或没有实例具有的值，或返回文档所列的 400 或 404 错误码`,
			func(w *World) any { return w.itCountsAsAbsentOrMatchesNothing }, nil).saying(wants("200", "400", "404")),
		say(`the answer is a documented 400 or 401 error`, `返回文档所列的 400 或 401 错误码`,
			func(w *World) any { return w.theAnswerIsADocumented400Or401 }, nil).saying(wants("400", "401")),
		say(`the answer is no success`, `请求未成功`,
			func(w *World) any { return w.theAnswerIsNoSuccess }, nil),
		say(`at most one of them is accepted, and the instance ends with its type`, `至多一个请求被接受，且实例最终为该请求的目标规格`,
			func(w *World) any { return w.atMostOneIsAccepted }, nil).
			saying(wants("200"), follows("STOPPED", "RESIZING", "STOPPED"), calls(ToAnother, 0, again)),
	}
}

func states() []Sentence {
	return []Sentence{
		say(`the (?:instance is|instances are) unchanged`, `实例保持不变`,
			func(w *World) any { return w.theInstanceIsUnchanged }, nil),
		say(`the instance stays unchanged`, `实例始终保持不变`,
			func(w *World) any { return w.theInstanceStaysUnchanged }, nil),
		say(`the other instance is unchanged`, `另一台实例保持不变`,
			func(w *World) any { return w.theOtherIsUnchanged }, nil),
		say(`the instance goes through RESIZING to STOPPED and stays there`, `实例状态由 RESIZING 变为 STOPPED，此后保持 STOPPED`,
			func(w *World) any { return w.theInstanceGoesThrough }, nil).
			saying(follows("STOPPED", "RESIZING", "STOPPED"), calls(ToAnother, 0, again)),
		say(`the instance has the type it was changed to`, `实例的规格为目标规格`,
			func(w *World) any { return w.theInstanceHasTheType }, nil),
		say(`DescribeInstances shows a change while it runs`, `DescribeInstances 在变更过程中如实显示状态`,
			func(w *World) any { return w.theListingShowsAChange }, nil).
			saying(acts(listing), calls(ToAnother, 0, changesShown)),
		say(`the change is carried out, or refused with a documented 4xx error`, `变更得以完成，或返回文档所列的 4xx 错误码`,
			func(w *World) any { return w.carriedOutOrRefused }, nil).saying(wants("200", "4xx"), calls(ToAnother, 0, again)),
	}
}

// changing is the need of a sentence that calls a change between so many types.
func changing(types int) func(*Needs, []string) {
	return func(n *Needs, _ []string) {
		n.change(modify)
		n.Resizable = max(n.Resizable, types)
	}
}

// change adds an action that could change a leased instance.
func (n *Needs) change(action string) {
	if !slices.Contains(n.Changes, action) {
		n.Changes = append(n.Changes, action)
	}
}

func (n *Needs) add(count int, status string, gpu bool) {
	for range count {
		n.Instances = append(n.Instances, Need{Status: status, GPU: gpu})
	}
}

func count(digits string) int {
	n, _ := strconv.Atoi(digits) // the expression lets only digits through
	return n
}

// Match is a step text resolved to its sentence.
type Match struct {
	Sentence Sentence
	Form     *regexp.Regexp // the one of the sentence's two that the text is written in
	Args     []string
}

// Resolve finds the one sentence a step text is an instance of. A text that is none,
// or more than one, is an error: the suite is wrong.
func Resolve(vocabulary []Sentence, text string) (Match, error) {
	var found []Match
	for _, s := range vocabulary {
		for _, form := range [...]*regexp.Regexp{s.En, s.Zh} {
			if prefix, _ := form.LiteralPrefix(); !strings.HasPrefix(text, prefix) {
				continue // most end here, without the machinery of a match
			}
			if m := form.FindStringSubmatch(text); m != nil {
				found = append(found, Match{Sentence: s, Form: form, Args: m[1:]})
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
	if m.Sentence.needs != nil {
		m.Sentence.needs(n, m.Args)
	}
}

// Bind binds the forms of the matches, each once, to the state of one scenario. Binding
// the whole vocabulary, and matching each step with it, costs more than a request.
func Bind(sc *godog.ScenarioContext, w *World, matches []Match) {
	bound := map[*regexp.Regexp]bool{}
	for _, m := range matches {
		if !bound[m.Form] {
			bound[m.Form] = true
			sc.Step(m.Form, m.Sentence.bind(w))
		}
	}
}
