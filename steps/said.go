package steps

import (
	"regexp"
	"strconv"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Said is what a step says in terms of the contract, so that what a scenario covers
// can be told without running it.
type Said struct {
	Actions    []string       // the operations it calls
	Parameters []Parameter    // what it sends with them
	Statuses   []string       // HTTP statuses it wants of an answer, one or a class: 200, 4xx
	Pairs      []verdict.Pair // status and code alone: the operation is the one called
	States     []string       // statuses of instances it begins with
	Path       []string       // statuses it follows an instance through
}

// Parameter is a parameter a step sends, and the kind of value it gives it.
type Parameter struct {
	Name  string
	Value ValueKind
}

// ValueKind is a kind of value of a parameter.
type ValueKind string

// The kinds of value the documents say something of.
const (
	Proper       ValueKind = "proper" // a value that is right
	Unknown      ValueKind = "unknown id"
	Absent       ValueKind = "absent"
	Null         ValueKind = "null"
	Empty        ValueKind = "empty"
	AString      ValueKind = "a string"
	ANumber      ValueKind = "a number"
	ABoolean     ValueKind = "a boolean"
	AnArray      ValueKind = "an array"
	AnObject     ValueKind = "an object"
	AtMaximum    ValueKind = "its maximum"
	AboveMaximum ValueKind = "above its maximum"
	AtLength     ValueKind = "its greatest length"
	AboveLength  ValueKind = "above its greatest length"
)

// capture is a captured argument of a sentence's form.
var capture = regexp.MustCompile(`\([^?()][^()]*\)`)

// Said returns what the step says: its arguments by the fragment that captures each,
// then what its sentence says in its own words.
func (m Match) Said() Said {
	var s Said
	var pairStatus int
	for i, fragment := range capture.FindAllString(m.Sentence.En.String(), -1) {
		arg := m.Args[i]
		switch fragment {
		case status:
			s.States = append(s.States, arg)
		case action:
			s.Actions = append(s.Actions, arg)
		case class:
			s.Statuses = append(s.Statuses, arg)
		case pairHTTP:
			s.Statuses = append(s.Statuses, arg)
			pairStatus, _ = strconv.Atoi(arg) // the expression lets only digits through
		case pairCode:
			s.Pairs = append(s.Pairs, verdict.Pair{Status: pairStatus, Code: arg})
		}
	}
	if m.Sentence.said != nil {
		m.Sentence.said(&s, m.Args)
	}
	return s
}

// saying adds what a sentence says in its own words.
func (s Sentence) saying(said ...func(*Said, []string)) Sentence {
	before := s.said
	s.said = func(what *Said, args []string) {
		if before != nil {
			before(what, args)
		}
		for _, say := range said {
			say(what, args)
		}
	}
	return s
}

// allSaying adds the same to several sentences.
func allSaying(said func(*Said, []string), sentences []Sentence) []Sentence {
	for i := range sentences {
		sentences[i] = sentences[i].saying(said)
	}
	return sentences
}

// calls says that an operation is called.
func calls(name string) func(*Said, []string) {
	return func(s *Said, _ []string) { s.Actions = append(s.Actions, name) }
}

// sends says that parameters are sent, with proper values.
func sends(names ...string) func(*Said, []string) {
	return func(s *Said, _ []string) {
		for _, name := range names {
			s.Parameters = append(s.Parameters, Parameter{name, Proper})
		}
	}
}

// wants says which statuses an answer may have.
func wants(statuses ...string) func(*Said, []string) {
	return func(s *Said, _ []string) { s.Statuses = append(s.Statuses, statuses...) }
}

// follows says which statuses an instance goes through.
func follows(states ...string) func(*Said, []string) {
	return func(s *Said, _ []string) { s.Path = states }
}

// absentInstance says that the parameters that name an instance name none.
func absentInstance(s *Said, _ []string) {
	for _, name := range []string{"instanceId", "instanceIds"} {
		s.Parameters = append(s.Parameters, Parameter{name, Unknown})
	}
}
