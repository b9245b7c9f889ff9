package contract

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zec-tools/conformance/internal/verdict"
)

// body judges the form of the answer, and returns its value if it can be judged further.
func (e *evaluation) body() (any, bool) {
	status := e.answer.Status
	value, broken := readBody(e.answer.Body)
	if broken != nil && len(e.answer.Body) == 0 && status > http.StatusOK && status < 300 {
		e.report(e.own(verdict.RoleSuccessStatus), "status", "200", e.status()) // for example 204, which has no body
		e.judged = nil
		return nil, false
	}
	if media := e.answer.Header.Values("Content-Type"); len(media) == 0 || slices.ContainsFunc(media, notJSON) {
		got := e.quote(strings.Join(media, " and "))
		if got == "" {
			got = "no such header"
		}
		if broken == nil || len(media) > 0 && len(e.answer.Body) > 0 {
			e.report(e.own(verdict.RoleMedia), "header Content-Type", "application/json", got)
		}
		if broken != nil && len(e.findings) > 0 {
			e.judged = nil // a page of HTML does not show whether other bodies are JSON
			return nil, false
		}
	}
	if !utf8.Valid(e.answer.Body) {
		e.report(e.own(verdict.RoleUTF8), "body", "valid UTF-8", fmt.Sprintf("%q", e.quote(string(e.answer.Body))))
		return value, broken == nil
	}
	if broken != nil {
		e.report(e.own(verdict.RoleJSON), broken.where, "one JSON value, nothing after it, no member repeated", broken.got+e.quote(broken.of))
		return nil, false
	}
	return value, true
}

// notJSON reports whether a Content-Type is not application/json. If the header is repeated, each
// value must be.
func notJSON(media string) bool {
	mediaType, _, _ := strings.Cut(media, ";")
	return !strings.EqualFold(strings.TrimSpace(mediaType), "application/json")
}

// malformed describes why a body is not a single JSON value without repeated members and without
// trailing data.
type malformed struct {
	where string // JSON pointer, or "body"
	got   string
	of    string // the text that got describes, not yet shortened
}

// readBody parses a body as a single JSON value: objects as map[string]any, arrays as []any,
// numbers as float64 or json.Number. It replaces invalid Unicode with U+FFFD, because another
// clause covers UTF-8. It does not parse values nested deeper than 10,000.
func readBody(body []byte) (any, *malformed) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, &malformed{where: "body", got: "an empty body"}
	}
	lenient := jsontext.AllowInvalidUTF8(true)
	var value any
	err := json.Unmarshal(body, &value, lenient)
	if err == nil {
		return value, nil
	}
	var wide *json.SemanticError
	if !errors.As(err, &wide) {
		return nil, malformation(body, err)
	}
	// A number too large for a float64 is still valid JSON.
	if err := skim(body, lenient); err != nil {
		return nil, malformation(body, err)
	}
	reader := stdjson.NewDecoder(bytes.NewReader(body))
	reader.UseNumber()
	if err := reader.Decode(&value); err != nil {
		return nil, malformation(body, err)
	}
	return value, nil
}

// skim parses one value and the end of the body without keeping them.
func skim(body []byte, options ...jsontext.Options) error {
	reader := jsontext.NewDecoder(bytes.NewReader(body), options...)
	if err := reader.SkipValue(); err != nil {
		return err
	}
	if _, err := reader.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.Join(err, errors.New("more text after the value"))
	}
	return nil
}

func malformation(body []byte, err error) *malformed {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return &malformed{where: "body", of: string(body)}
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return &malformed{where: string(syntax.JSONPointer), got: "the member repeated"}
	}
	return &malformed{where: "body", got: fmt.Sprintf("%s at byte %d of ", syntax.Err, syntax.ByteOffset), of: string(body)}
}
