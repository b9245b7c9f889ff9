package client

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scan reads a body that is no JSON: broken on purpose, or another format. It returns
// the listed and made-up ids in it, and refuses the body if it holds any text that
// could be an id and is not known: between quotes every text, outside of them every
// word that is not letters alone or a short number. How an endpoint would read such a body is
// anyone's guess, so nothing is left to it.
func (g *Guard) scan(body []byte) ([]string, error) {
	body = bytes.TrimLeft(body, "\x00") // those in front hide nothing of what follows
	if bytes.IndexByte(body, 0) >= 0 || !utf8.Valid(body) || bytes.IndexByte(body, '%') >= 0 {
		return nil, refuse("the body is no JSON and its characters are coded: it could name an instance unseen")
	}
	var ids []string
	for text := range texts(body) {
		switch {
		case g.listed[text.string] || g.madeUp[text.string]:
			ids = append(ids, text.string)
		case g.words[text.string] || text.harmless():
		default:
			return nil, refuse("the body is no JSON and holds %q, which is neither listed nor made up by this run", text.string)
		}
	}
	return ids, nil
}

// text is one piece of a body that is no JSON.
type text struct {
	string
	quoted bool
}

// harmless reports whether a text cannot be an id: a bare word of letters alone, or a
// short number.
func (t text) harmless() bool {
	switch {
	case t.string == "":
		return true
	case t.quoted:
		return false
	case len(t.string) <= shortNumber && strings.Trim(t.string, "0123456789.-") == "":
		return true
	}
	return strings.IndexFunc(t.string, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// texts yields the quoted texts of a body with their escapes undone, a last one that
// is not closed included, and the words between them.
func texts(body []byte) func(yield func(text) bool) {
	return func(yield func(text) bool) {
		for len(body) > 0 {
			var t text
			if body[0] == '"' {
				end := closing(body)
				t = text{unquote(body[1:end]), true}
				body = body[min(end+1, len(body)):]
			} else {
				end := bytes.IndexFunc(body, func(r rune) bool { return !wordRune(r) })
				if end < 0 {
					end = len(body)
				}
				t = text{string(body[:end]), false}
				if end == 0 {
					_, size := utf8.DecodeRune(body)
					body = body[size:]
					continue
				}
				body = body[end:]
			}
			if !yield(t) {
				return
			}
		}
	}
}

// closing returns the index of the quote that ends the text body begins with, or the
// body's length.
func closing(body []byte) int {
	for i := 1; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(body)
}

// unquote undoes JSON's escapes; a text with broken ones stays as it is.
func unquote(inner []byte) string {
	var out string
	if err := json.Unmarshal([]byte(`"`+string(inner)+`"`), &out); err != nil {
		return string(inner)
	}
	return out
}

func wordRune(r rune) bool {
	return r == '-' || r == '_' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r > 0x7f
}
