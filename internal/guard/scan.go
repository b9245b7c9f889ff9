package guard

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// scan checks a body that is not JSON, because it is broken on purpose or has another format. It is
// unknown how an endpoint would read it, so every quoted string and every word must be the name of
// a parameter, a listed id, a known word, or made up by the run.
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

// piece checks one quoted string or word of a body that is not JSON. A known text may be an id,
// whatever surrounds it.
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

// pieces yields the quoted strings of a body with their escapes decoded, including an unclosed one
// at the end, and the words between them. A backslash outside of quotes is part of a word.
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

// closing returns the index of the quote that ends the string at the start of body, or the length
// of body.
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

// unquote decodes JSON escapes. A string with invalid escapes is returned unchanged.
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
