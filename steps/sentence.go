package steps

import (
	"fmt"
	"strconv"

	"github.com/cucumber/godog"
)

// Sentence is one step definition, in English and in Chinese. Both forms are bound to the same
// function and take the same arguments in the same order.
type Sentence struct {
	En, Zh *Form
	older  []*Form // English forms of earlier versions, which features may still contain
	needs  func(*Needs, []string)
	meta   func(*Metadata, []string) // adds to the metadata of a step
	bind   func(*World) any
	anyOne bool // the action that it calls may be one that the contract does not have
}

// say makes a sentence from its two forms and what it needs of the target. Arguments stand in
// braces: {status} is one of parameterTypes.
func say(en, zh string, bind func(*World) any, needs func(*Needs, []string)) Sentence {
	return Sentence{En: newForm(en, english), Zh: newForm(zh, chinese), bind: bind, needs: needs}
}

// formerly adds English forms of earlier versions.
func (s Sentence) formerly(patterns ...string) Sentence {
	for _, pattern := range patterns {
		s.older = append(s.older, newForm(pattern, english))
	}
	return s
}

// ofAny marks sentences that call an action by any name. Whether an endpoint refuses a name that
// does not exist is what such a scenario shows.
func ofAny(sentences ...Sentence) []Sentence {
	for i := range sentences {
		sentences[i].anyOne = true
	}
	return sentences
}

// Vocabulary returns every sentence. Each subject has a file with its sentences and the functions
// that they call.
func Vocabulary() []Sentence {
	var all []Sentence
	for _, subject := range [][]Sentence{
		instanceSentences(),                                        // the start of a scenario
		changeSentences(), concurrentSentences(), batchSentences(), // calls of changing actions
		lifecycleSentences(), valueSentences(), consistencySentences(), // the outcome of changes
		requestSentences(), dispatchSentences(), generatedSentences(), // single requests
		listSentences(), pageSentences(), filterSentences(), // reads
		answerSentences(), optionalSentences(), unchangedSentences(), // comparisons that apply to any answer
	} {
		all = append(all, subject...)
	}
	return all
}

// Match is the text of a step, resolved to its sentence.
type Match struct {
	Sentence Sentence
	Form     *Form // the form of the sentence that the text matches
	Args     []string
	Facts    map[string]Facts // by action
}

// Facts are the properties of an action that decide what a scenario needs.
type Facts struct {
	Changes bool     // it changes the instances that it names
	Valued  bool     // it takes a value
	Batch   bool     // it takes several instances
	Start   []string // the statuses that allow it
	End     []string // the statuses in which it ends
	// Parameters are those that name the instance to change, its new value, and the other required
	// ones.
	Parameters []string
	Required   []string // the parameters that are required
	Subjects   []string // the parameters that name instances, to change or to read
	Paging     []string // the parameters that ask for a page
}

// subject returns the parameter that names instances, "" if there is none.
func (f Facts) subject() string {
	if len(f.Subjects) == 0 {
		return ""
	}
	return f.Subjects[0]
}

// Resolve finds the sentence that a step text matches. If no sentence matches, or more than one,
// the suite is wrong, and Resolve returns an error.
func Resolve(vocabulary []Sentence, text string) (Match, error) {
	var found []Match
	for _, s := range vocabulary {
		for _, form := range append([]*Form{s.En, s.Zh}, s.older...) {
			if args := form.arguments(text); args != nil {
				found = append(found, Match{Sentence: s, Form: form, Args: args})
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], found[0].numbers()
	case 0:
		return Match{}, fmt.Errorf("undefined step %q: no sentence of the vocabulary reads so: conformance steps lists them", text)
	default:
		return Match{}, fmt.Errorf("ambiguous step %q: it reads as %q and as %q", text, found[0].Sentence.En, found[1].Sentence.En)
	}
}

// Bind binds the forms of the matches, each once, to the state of one scenario. Binding the whole
// vocabulary, and matching each step against it, would cost more than a request.
func Bind(sc *godog.ScenarioContext, w *World, matches []Match) {
	bound := map[*Form]bool{}
	for _, m := range matches {
		if !bound[m.Form] {
			bound[m.Form] = true
			sc.Step(m.Form.Regexp(), m.Sentence.bind(w))
		}
	}
}

// count converts digits to a number. The expressions of {number} and {count} match nothing else, and
// Resolve has refused those out of their limits.
func count(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
