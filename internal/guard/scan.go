package guard

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// scan accounts for a body that is no JSON: broken on purpose, or another format. How an
// endpoint would read it is anyone's guess, so every quoted text and every word in it must
// be the name of a parameter, a listed id, a known word, or made up by the run.
func (r *reader) scan(body []byte) error {
	body = bytes.Trim(body, "\x00")
	if bytes.IndexByte(body, 0) >= 0 || bytes.IndexByte(body, '%') >= 0 || bytes.Contains(body, []byte("&#")) {
		return refuse("the body is no JSON and its characters are coded: it could name %s unseen", r.guard.one)
	}
	var err error
	for piece := range pieces(body) {
		if err = r.piece(piece); err != nil {
			break
		}
	}
	return err
}

// piece accounts for one quoted text or word of a body that is no JSON. A known text may be
// an id, whatever stands around it.
func (r *reader) piece(text string) error {
	if strings.ContainsRune(text, '\\') {
		return refuse("the body is no JSON and holds the escape %s: it could name %s unseen", quoted(text), r.guard.one)
	}
	if _, known := r.guard.ids[text]; known {
		r.members[text] = true
		return nil
	}
	return r.text(text, strict)
}

// pieces yields the quoted texts of a body with their escapes undone, a last one that is
// not closed included, and the words between them. A backslash outside of quotes counts
// as part of a word.
func pieces(body []byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for len(body) > 0 {
			var piece string
			if body[0] == '"' {
				end := closing(body)
				piece = unquote(body[1:end])
				body = body[min(end+1, len(body)):]
			} else {
				end := bytes.IndexFunc(body, func(c rune) bool { return !wordRune(c) })
				if end == 0 {
					_, size := utf8.DecodeRune(body)
					body = body[size:]
					continue
				}
				if end < 0 {
					end = len(body)
				}
				piece, body = string(body[:end]), body[end:]
			}
			if !yield(piece) {
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

func wordRune(c rune) bool {
	return strings.ContainsRune(`-_.\`, c) || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c > 0x7f
}
