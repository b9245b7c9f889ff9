package steps

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Metadata describes a step in terms of the contract. The coverage of a scenario is computed
// from it, without running the scenario.
type Metadata struct {
	Actions    []string       // the operations it calls
	Method     string         // the HTTP method of the call, "" for the documented one
	Parameters []Parameter    // what it sends with them
	Body       []byte         // the body in place of parameters, nil when there is none
	Statuses   []string       // the HTTP statuses it allows, or classes of them: 200, 4xx
	Pairs      []verdict.Pair // the errors it allows: status and code, of the operation called
	States     []string       // statuses of instances it begins with
	Path       []string       // the statuses it follows an instance through; alternatives are joined by "or"
	Calls      []Call         // its calls that could change an instance
	Alone      bool           // its call names the first instance only, although the action takes several
	Series     int            // the number of changes it calls one after the other, with no other call between
	Observes   bool           // it reads and judges, and sends no change
	Again      int            // how often it repeats the last call
	Reads      int            // how many requests it sends to an action that changes nothing; 0: one

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

// Metadata describes the step: by the types of its arguments, then by its sentence.
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
	m.plainly(&s)
	s.facts = nil
	return s
}

// describing adds to the metadata what the types of the arguments cannot tell.
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

// takes adds an error that the step allows. The code "" stands for each documented one with the
// status.
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
