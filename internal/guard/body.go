package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// reader checks everything in the body and the query of one request.
type reader struct {
	guard     *Guard
	op        Operation       // the called operation; zero if its name is made up
	members   map[string]bool // the names of parameters that occur
	mentioned map[string]bool // the actions of the contract that occur
	listed    []string        // the listed ids that occur, each once
	alike     []string        // the listed ids with which a made-up text begins
	madeUp    bool            // a made-up text occurs where an id is allowed
}

// holds reports whether all of the parameters occur.
func (r *reader) holds(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !r.members[name] })
}

// place says which values are allowed at a position in a body.
type place int

const (
	strict place = iota // listed ids, known words, and what the run made up
	ids                 // the same, as the value of a parameter that carries ids
	free                // anything: the value of a parameter of the called operation that carries no ids
)

// body checks a request's body.
func (r *reader) body(body []byte) error {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil
	case !utf8.Valid(body):
		return refuse("the body is not UTF-8: it could name %s unseen", r.guard.one)
	case !json.Valid(body):
		return r.scan(body)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return r.value(decoder, strict)
}

// value checks the next value of the decoder. It checks every one of repeated members.
func (r *reader) value(decoder *json.Decoder, at place) error {
	token, err := decoder.Token()
	if err != nil { // the body is known to be valid JSON
		return fmt.Errorf("read a body: %w", err)
	}
	switch v := token.(type) {
	case json.Delim:
		return r.values(decoder, v, at)
	case string:
		return r.text(v, at)
	case json.Number:
		return r.text(v.String(), at)
	}
	return nil // true, false and null name nothing
}

// values checks the members or items of a value that begins with open.
func (r *reader) values(decoder *json.Decoder, open json.Delim, at place) error {
	for decoder.More() {
		inner := at
		if open == '{' {
			token, err := decoder.Token()
			if err != nil {
				return fmt.Errorf("read a body: %w", err)
			}
			name, isText := token.(string)
			if !isText {
				return errors.New("read a body: a member without a name")
			}
			if inner, err = r.member(name, at); err != nil {
				return err
			}
		}
		if err := r.value(decoder, inner); err != nil {
			return err
		}
	}
	_, err := decoder.Token() // the closing bracket
	return err
}

// member checks a member's name and returns which values it may have. Only the exact name of a
// parameter counts. A name in another letter case, or with look-alike characters, is unknown,
// although a lenient server may accept it.
func (r *reader) member(name string, around place) (place, error) {
	carriesIDs, known := r.guard.ids[name]
	switch {
	case known:
		r.members[name] = true
	case !r.guard.madeUp[name] && !r.guard.words[name]:
		return strict, refuse("the member %s is no parameter of the contract and was not made up by the run: an endpoint could read anything into it", quoted(name))
	}
	own := r.op.has(name)
	switch {
	case around == ids || carriesIDs:
		return ids, nil
	case own:
		return free, nil
	}
	return strict, nil
}

// text checks a string or a number.
func (r *reader) text(text string, at place) error {
	g := r.guard
	op, isAction := g.operation(text)
	switch {
	case text == "" || at == free:
	case g.listed[text]:
		if !slices.Contains(r.listed, text) {
			r.listed = append(r.listed, text)
		}
	case g.madeUp[text]:
		r.madeUp = true
		for id := range g.listed {
			if strings.HasPrefix(text, id) {
				r.alike = append(r.alike, id)
			}
		}
	case g.words[text]:
	case at == ids:
		return refuse("%s %s is neither listed in the target's configuration nor made up by this run: list it there if it may be used", g.kind, quoted(text))
	case isAction:
		r.mentioned[op.Key.Action] = true
	default:
		return refuse("the body holds %s, which is neither listed nor made up by this run: an endpoint could take it for the id of %s", quoted(text), r.guard.one)
	}
	return nil
}

// query checks the query of a URL. Its names and values must not use any encoding.
func (r *reader) query(query string) error {
	if strings.ContainsAny(query, "%+") {
		return refuse("the query %s is coded: it could name %s unseen", quoted(query), r.guard.one)
	}
	for _, part := range strings.FieldsFunc(query, func(c rune) bool { return strings.ContainsRune("&;=", c) }) {
		if _, isParameter := r.guard.ids[part]; isParameter {
			return refuse("the query names the parameter %s: an endpoint could read an id from it", quoted(part))
		}
		if err := r.text(part, strict); err != nil {
			return err
		}
	}
	return nil
}
