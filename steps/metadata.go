package steps

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Metadata describes a step in terms of the contract. The coverage of a scenario is computed from
// it, without running the scenario.
type Metadata struct {
	Actions    []string       // the operations it calls
	Method     string         // the HTTP method of the call, "" for the documented one
	Parameters []Parameter    // what it sends with the calls
	Body       []byte         // the body sent in place of parameters, nil if there is none
	Statuses   []string       // the HTTP statuses, or classes of them, that it allows: 200, 4xx
	Pairs      []verdict.Pair // the errors that it allows: status and code, for the operation called
	States     []string       // the statuses in which its instances start
	Path       []string       // the statuses through which it follows an instance; alternatives are joined by "or"
	Calls      []Call         // its calls that could change an instance
	Alone      bool           // its call names only the first instance, although the action takes several
	Series     int            // the number of changes that it calls in a row, with no other call in between
	Observes   bool           // it reads and judges, and calls no change
	Again      int            // how often it repeats the last call
	Reads      int            // the number of requests it sends to a read action; 0 means 1

	facts map[string]Facts // by action
}

// Parameter is a parameter that a step sends, and how it sends it.
type Parameter struct {
	Name string // "" stands for every parameter of the operation
	How  How
	JSON string // the value, when How is AsJSON
}

// How is how a parameter is sent.
type How int

// The ways to send a parameter.
const (
	Proper  How = iota // with a valid value
	Unknown            // with the name of something that does not exist
	Absent             // left out
	AsJSON             // with the value in JSON
)

// Metadata describes the step by the types of its arguments, then by its sentence.
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
	if m.Sentence.meta != nil {
		m.Sentence.meta(&s, m.Args)
	}
	m.addDefaultCall(&s)
	s.facts = nil
	return s
}

// Named returns the actions that the step names and that the contract must have, because the step
// means nothing without what the contract says about them.
func (m Match) Named() []string {
	var names []string
	for i, name := range m.Sentence.En.argumentTypes() {
		switch {
		case name == "other", name == "action" && !m.Sentence.anyOne:
			names = append(names, m.Args[i])
		case name == "next" && !backAgain().in(m.Args[i]):
			names = append(names, nextAction(m.Args[i]))
		}
	}
	return names
}

// describing adds metadata that cannot be derived from the argument types.
func (s Sentence) describing(more ...func(*Metadata, []string)) Sentence {
	before := s.meta
	s.meta = func(m *Metadata, args []string) {
		if before != nil {
			before(m, args)
		}
		for _, add := range more {
			add(m, args)
		}
	}
	return s
}

// sends adds parameters with valid values.
func sends(names ...string) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) {
		for _, name := range names {
			s.Parameters = append(s.Parameters, Parameter{Name: name})
		}
	}
}

// sendsSubjects adds the parameter that names the instances, and further parameters.
func sendsSubjects(further ...string) func(*Metadata, []string) {
	return func(s *Metadata, args []string) {
		if name := s.facts[args[0]].subject(); name != "" {
			s.Parameters = append(s.Parameters, Parameter{Name: name})
		}
		sends(further...)(s, args)
	}
}

// sendsPaging adds the parameters that ask for a page.
func sendsPaging(s *Metadata, args []string) {
	var names []string
	for _, facts := range s.facts {
		names = append(names, facts.Paging...)
	}
	slices.Sort(names)
	sends(slices.Compact(names)...)(s, args)
}

// wants adds the statuses that an answer may have.
func wants(statuses ...string) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) { s.Statuses = append(s.Statuses, statuses...) }
}

// takes adds an error that the step allows. The code "" stands for every documented code of the
// status.
func takes(status int, code string) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) { s.Pairs = append(s.Pairs, verdict.Pair{Status: status, Code: code}) }
}

// either returns a set of statuses in the form of the contract, whatever the language of the text.
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
