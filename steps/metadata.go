package steps

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Metadata is what a step says in terms of the contract, so that what a scenario covers
// can be told without running it.
type Metadata struct {
	Actions    []string       // the operations it calls
	Method     string         // by which it calls them, "" for the documented one
	Parameters []Parameter    // what it sends with them
	Body       []byte         // the body in place of parameters, nil when there is none
	Statuses   []string       // HTTP statuses it wants of an answer, one or a class: 200, 4xx
	Pairs      []verdict.Pair // status and code alone: the operation is the one called
	States     []string       // statuses of instances it begins with
	Path       []string       // statuses it follows an instance through; several right ones stand together, joined by or
	Calls      []Call         // what it calls that could change an instance
	Alone      bool           // its call names the first instance alone, although it could name all
	Series     int            // how many changes it calls on one subject, each to its end and with nothing called meanwhile
	Observes   bool           // it only judges what a change did
	Again      int            // how often it calls what was called last once more

	facts map[string]Facts // by action
}

// Parameter is a parameter a step sends, and how.
type Parameter struct {
	Name string // "" stands for every parameter of the operation
	How  How
	JSON string // the value, when How is AsJSON
}

// How is how a parameter is sent.
type How int

// The ways of sending a parameter.
const (
	Proper  How = iota // with a value that is right
	Unknown            // naming a thing that does not exist
	Absent             // not at all
	AsJSON             // with the value given
)

// Metadata returns what the step says: its arguments by their types, then what its sentence
// says in its own words.
func (m Match) Metadata() Metadata {
	s := Metadata{facts: m.Facts}
	for i, name := range m.Sentence.En.argumentTypes() {
		switch arg := m.Args[i]; name {
		case "status":
			s.States = append(s.States, arg)
		case "statuses":
			s.Path = append(s.Path, either(arg))
		case "action":
			s.Actions = append(s.Actions, arg)
		case "method":
			s.Method = methodOf(arg)
		}
	}
	if m.Sentence.said != nil {
		m.Sentence.said(&s, m.Args)
	}
	m.plainly(&s)
	s.facts = nil
	return s
}

// describing adds what a sentence says in its own words.
func (s Sentence) describing(said ...func(*Metadata, []string)) Sentence {
	before := s.said
	s.said = func(what *Metadata, args []string) {
		if before != nil {
			before(what, args)
		}
		for _, say := range said {
			say(what, args)
		}
	}
	return s
}

// sends says that parameters are sent with proper values.
func sends(names ...string) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) {
		for _, name := range names {
			s.Parameters = append(s.Parameters, Parameter{Name: name})
		}
	}
}

// sendsSubjects says that the instances are named, and further parameters sent.
func sendsSubjects(further ...string) func(*Metadata, []string) {
	return func(s *Metadata, args []string) {
		if name := s.facts[args[0]].subject(); name != "" {
			s.Parameters = append(s.Parameters, Parameter{Name: name})
		}
		sends(further...)(s, args)
	}
}

// wants says which statuses an answer may have.
func wants(statuses ...string) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) { s.Statuses = append(s.Statuses, statuses...) }
}

// takes says that a pair is one of the right answers; with the code "", each documented one
// with the status.
func takes(status int, code string) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) { s.Pairs = append(s.Pairs, verdict.Pair{Status: status, Code: code}) }
}

// either returns a set of statuses as the contract writes it, in whatever language.
func either(states string) string { return strings.ReplaceAll(states, " 或 ", " or ") }

// subjects returns every parameter that names an instance, each once.
func (s *Metadata) subjects() []string {
	var names []string
	for _, facts := range s.facts {
		names = append(names, facts.Subjects...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
