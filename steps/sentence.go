package steps

import (
	"fmt"
	"strconv"

	"github.com/cucumber/godog"
)

// Sentence is one step of the vocabulary, in English and in Chinese. Both forms are bound to
// the same code and take the same arguments in the same order.
type Sentence struct {
	En, Zh *Form
	older  []*Form // English forms of earlier versions: features may still have them
	needs  func(*Needs, []string)
	meta   func(*Metadata, []string) // what it adds to the metadata of a step
	bind   func(*World) any
}

// say makes a sentence from its two forms, with what it needs of the target. Arguments stand
// in braces: {status} is one of parameterTypes.
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

// Vocabulary returns every sentence. Each subject has a file, with its sentences and the
// functions that they call.
func Vocabulary() []Sentence {
	var all []Sentence
	for _, subject := range [][]Sentence{
		instanceSentences(),                                        // what a scenario begins with
		changeSentences(), concurrentSentences(), batchSentences(), // calls of changing actions
		lifecycleSentences(), valueSentences(), consistencySentences(), // what comes of them
		requestSentences(), dispatchSentences(), generatedSentences(), // single requests
		listSentences(), pageSentences(), filterSentences(), // reads
		answerSentences(), optionalSentences(), unchangedSentences(), // what every answer is compared with
	} {
		all = append(all, subject...)
	}
	return all
}

// Match is a step text resolved to its sentence.
type Match struct {
	Sentence Sentence
	Form     *Form // the one of the sentence's two that the text is written in
	Args     []string
	Facts    map[string]Facts // by action
}

// Facts are the properties of an action that decide what a scenario needs.
type Facts struct {
	Changes bool     // it changes the instances it names
	Valued  bool     // it asks for a value
	Batch   bool     // it takes several instances at once
	Start   []string // the statuses in which an instance has to be
	End     []string // the statuses in which it ends
	// Parameters name the instance to change, the value it is to get, and what else is required.
	Parameters []string
	Required   []string // the parameters that have to be there
	Subjects   []string // the parameters that name instances, changed or read
	Paging     []string // the parameters that ask for a page
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
		for _, form := range append([]*Form{s.En, s.Zh}, s.older...) {
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

// count returns the number that digits stand for. The expression of {number} lets nothing
// else through.
func count(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
