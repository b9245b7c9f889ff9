// Package generate makes up requests from what a contract says about an operation's parameters,
// with valid and invalid values. The same seed gives the same requests. A request that shows a
// fault can be shrunk.
//
// It sends nothing, judges nothing and knows no operation.
package generate

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Parameter is what a contract says about a member of a request.
type Parameter struct {
	Name     string
	Type     string   // string, integer, boolean, array, object; "" if unknown
	Items    string   // the type of an array's items; "" if unknown
	Required bool     // it is required
	Maximum  *float64 // of a number; nil if none is stated
	Pool     []string // strings with a meaning for the endpoint, such as ids; the first is used most often
}

// Request is a generated request: the values of its parameters.
type Request map[string]any

// Body returns the request as JSON, with the members in alphabetical order.
func (r Request) Body() []byte {
	body, err := json.Marshal(map[string]any(r))
	if err != nil { // a request contains only values from this package
		panic(fmt.Sprintf("generate: %v", err))
	}
	return body
}

// Source generates requests.
type Source struct {
	parameters []Parameter
	random     *rand.Rand
	made       int            // the number of generated requests
	turns      map[string]int // the number of odd values that each parameter has had
}

// New returns a source. The same parameters and seed give the same requests.
func New(parameters []Parameter, seed int64) *Source {
	return &Source{parameters: parameters, random: rand.New(rand.NewPCG(uint64(seed), 0x9e3779b97f4a7c15)), turns: map[string]int{}}
}

// Next generates a request. At most one of its parameters is odd, because a request with a single
// oddity gets further than one with many. The parameters take turns, so that a few requests cover
// them all. Most requests only name their subjects in a list, so that a row that an odd value
// should exclude is not excluded by another value.
func (s *Source) Next() Request {
	r := Request{}
	odd := s.made % (len(s.parameters) + 1) // the last turn adds an unknown member instead
	s.made++
	for i, p := range s.parameters {
		switch {
		case i == odd:
			s.odd(r, i)
		case p.Required || p.Type == "array" || s.random.IntN(4) == 0:
			if len(p.Pool) > 0 || p.Type == "integer" || p.Type == "boolean" {
				r[p.Name] = s.proper(p)
			}
		}
	}
	if odd == len(s.parameters) {
		r[s.text()] = s.anything(2)
	}
	return r
}

// proper returns a valid value.
func (s *Source) proper(p Parameter) any {
	switch p.Type {
	case "integer":
		return json.Number([]string{"1", "2", "20"}[s.random.IntN(3)])
	case "boolean":
		return s.random.IntN(2) == 0
	case "array":
		return []any{s.oneOf(p.Pool)}
	default:
		return s.oneOf(p.Pool)
	}
}

func (s *Source) oneOf(pool []string) string {
	return pool[max(0, s.random.IntN(2*len(pool))-len(pool))]
}

// odd sets a parameter to an odd value: in turn a strange one of the right type, one of any type,
// another strange one, and an empty one.
func (s *Source) odd(r Request, i int) {
	p := s.parameters[i]
	s.turns[p.Name]++
	turn := s.turns[p.Name]
	switch turn % 4 {
	case 0:
		s.nothing(r, p, turn/4+i)
		return
	case 2:
		r[p.Name] = s.anything(2)
		return
	}
	strange := (turn + 1) / 2
	text := texts[strange%len(texts)]
	switch p.Type {
	case "integer":
		r[p.Name] = json.Number(numbers[strange%len(numbers)])
	case "boolean":
		r[p.Name] = s.anything(2)
	case "array":
		r[p.Name] = []any{texts[(strange-1)%len(texts)]} // the first one is empty
	default:
		r[p.Name] = text
	}
}

// nothing sets a parameter to an empty value, or removes it.
func (s *Source) nothing(r Request, p Parameter, turn int) {
	values := []any{nil}
	switch p.Type {
	case "string":
		values = append(values, "")
	case "array":
		values = append(values, []any{})
	}
	if turn %= len(values) + 1; turn < len(values) {
		r[p.Name] = values[turn]
	} else if !p.Required { // without an optional parameter, a request is an ordinary one
		r[p.Name] = nil
	}
}

func (s *Source) anything(depth int) any {
	kinds := 6
	if depth == 0 {
		kinds = 4
	}
	switch s.random.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return s.random.IntN(2) == 0
	case 2:
		return s.number()
	case 3:
		return s.text()
	case 4:
		list := make([]any, s.random.IntN(3))
		for i := range list {
			list[i] = s.anything(depth - 1)
		}
		return list
	default:
		return map[string]any{s.text(): s.anything(depth - 1)}
	}
}

func (s *Source) number() any {
	return json.Number(numbers[s.random.IntN(len(numbers))])
}

// numbers are at the limits of common number types. Few requests have the second to the fifth as their only oddity.
var numbers = []string{"0", "2147483648", "1001", "18446744073709551616", "1000", "1", "-1", "-9223372036854775809", "1e300", "0.5", "1E2"}

// texts are known to cause problems in parsers, databases and displays. Few requests have the second to the fourth as their only oddity.
var texts = []string{
	"", strings.Repeat("x", 300), "实例", "\u0000\\'", " ", "a", "null", "0", "ins-", "../..", "%00", "' or 1=1 --", "\u2028", "é", "😀", "\"\\",
	strings.Repeat("长", 100), "<b>", "${x}", "z2a.cpu.", "SOME_STATUS",
}

func (s *Source) text() string { return texts[s.random.IntN(len(texts))] }

// MadeUp returns every text and number in generated requests that is not from a parameter's pool.
// None of them names anything that exists.
func MadeUp() []string { return slices.Concat(numbers, texts) }

// Smaller returns requests that are slightly simpler than r, the simplest first: one without a
// member, or with a simpler value.
func Smaller(r Request) []Request {
	var smaller []Request
	for _, name := range slices.Sorted(maps.Keys(r)) {
		less := maps.Clone(r)
		delete(less, name)
		smaller = append(smaller, less)
	}
	for _, name := range slices.Sorted(maps.Keys(r)) {
		for _, value := range simpler(r[name]) {
			changed := maps.Clone(r)
			changed[name] = value
			smaller = append(smaller, changed)
		}
	}
	return smaller
}

// simpler returns simpler values of the same type as v. Every step makes the value shorter, so that
// shrinking ends.
func simpler(v any) []any {
	switch v := v.(type) {
	case string:
		runes := []rune(v)
		if len(runes) > 1 {
			return []any{string(runes[:len(runes)/2]), string(runes[len(runes)/2:]), string(runes[:len(runes)-1])}
		}
	case []any:
		var list []any
		for i := range v {
			list = append(list, slices.Delete(slices.Clone(v), i, i+1))
		}
		return list
	case map[string]any:
		var list []any
		for _, name := range slices.Sorted(maps.Keys(v)) {
			less := maps.Clone(v)
			delete(less, name)
			list = append(list, less)
		}
		return list
	}
	return nil
}

// Shrink returns the smallest request that still fails, within a number of tries.
func Shrink(r Request, tries int, fails func(Request) bool) Request {
	for {
		smaller := false
		for _, candidate := range Smaller(r) {
			if tries == 0 {
				return r
			}
			tries--
			if fails(candidate) {
				r, smaller = candidate, true
				break
			}
		}
		if !smaller {
			return r
		}
	}
}
