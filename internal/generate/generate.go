// Package generate makes up requests from what a contract says of an operation's
// parameters: right and wrong values, seeded, so that the same seed makes the same
// requests, and shrinking, so that a request that shows a fault can be made small.
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

// Parameter is what a contract says of one member of a request.
type Parameter struct {
	Name string
	Type string   // string, integer, array; "" when the contract does not say
	Pool []string // texts that mean something to the endpoint, such as ids
}

// Request is one made-up request: the values of its parameters.
type Request map[string]any

// Body returns the request as JSON, members in the order of their names.
func (r Request) Body() []byte {
	body, err := json.Marshal(map[string]any(r))
	if err != nil { // a request holds only values that this package has made
		panic(fmt.Sprintf("generate: %v", err))
	}
	return body
}

// Source makes requests up.
type Source struct {
	parameters []Parameter
	random     *rand.Rand
	turns      map[string]int // how many texts each parameter has had
}

// New returns a source. The same seed and parameters give the same requests.
func New(parameters []Parameter, seed int64) *Source {
	return &Source{parameters: parameters, random: rand.New(rand.NewPCG(uint64(seed), 0x9e3779b97f4a7c15)), turns: map[string]int{}}
}

// Next makes a request up. All but one of its parameters are as they should be, or not
// there: a request that is odd in one place reaches further than one odd everywhere.
func (s *Source) Next() Request {
	r := Request{}
	odd := s.random.IntN(len(s.parameters) + 1) // the last: none of them, but a member nobody knows
	for i, p := range s.parameters {
		switch {
		case i == odd:
			r[p.Name] = s.odd(p)
		case len(p.Pool) > 0 || p.Type == "integer":
			if s.random.IntN(4) > 0 {
				r[p.Name] = s.proper(p)
			}
		}
	}
	if odd == len(s.parameters) {
		r[s.text()] = s.anything(2)
	}
	return r
}

// proper returns a value as it should be.
func (s *Source) proper(p Parameter) any {
	switch p.Type {
	case "integer":
		return json.Number([]string{"1", "2", "20"}[s.random.IntN(3)])
	case "array":
		return []any{s.oneOf(p.Pool)}
	default:
		return s.oneOf(p.Pool)
	}
}

func (s *Source) oneOf(pool []string) string { return pool[s.random.IntN(len(pool))] }

// odd returns a value that is of the right type and strange, mostly, or of any type. The
// strange texts come in turn, so that each parameter meets them all.
func (s *Source) odd(p Parameter) any {
	if s.random.IntN(4) == 0 {
		return s.anything(2)
	}
	s.turns[p.Name]++
	text := texts[s.turns[p.Name]%len(texts)]
	switch p.Type {
	case "integer":
		return s.number()
	case "array":
		return []any{text}
	default:
		return text
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

// numbers are those at the edges of what programs count with.
var numbers = []string{"0", "1", "-1", "1000", "1001", "2147483648", "-9223372036854775809", "1e300", "0.5", "1E2", "18446744073709551616"}

// texts are those that parsers, databases and screens have stumbled over.
var texts = []string{
	"", strings.Repeat("x", 300), "\u0000", " ", "a", "null", "0", "ins-", "../..", "%00", "' or 1=1 --", "\u2028", "é", "实例", "😀", "\"\\",
	strings.Repeat("长", 100), "<b>", "${x}", "z2a.cpu.", "SOME_STATUS",
}

func (s *Source) text() string { return texts[s.random.IntN(len(texts))] }

// MadeUp returns every text and number that requests are made of besides those of the
// parameters' pools: none of them names a thing that exists.
func MadeUp() []string { return slices.Concat(numbers, texts) }

// Smaller returns requests that are a little simpler than r, the simplest first: one
// member less, or one value simpler.
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

// simpler returns values simpler than v of the same kind. Every step makes the value
// shorter, so shrinking ends.
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

// Shrink returns the smallest request that still fails, as far as tries let it look.
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
