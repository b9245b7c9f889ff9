package verdict

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
)

// Fingerprint identifies the cause of a finding across runs. It consists of the clause, the kind of
// place, and the wanted and actual values. It leaves out everything that a run draws, counts,
// samples or measures: instances, instance types, request ids, times, positions and numbers.
func (f Finding) Fingerprint() string {
	where := placeKind(f.Where)
	parts := []string{f.Clause, where}
	switch {
	case strings.HasPrefix(where, "trajectory"): // runs sample different statuses
		parts = append(parts, overdue.FindString(f.Got))
	case strings.HasSuffix(where, "instance"): // the values of the drawn instance
	case f.Rows, strings.HasSuffix(where, formerRows): // the wanted rows depend on the page
		parts = append(parts, rowsKind(causeOf(where, f.Got)))
	default:
		parts = append(parts, causeOf(where, f.Want), causeOf(where, f.Got))
	}
	return digest(parts)
}

// formerRows is the ending of a place that is a list of rows in reports that do not set Rows.
const formerRows = "/dataSet"

// Digest identifies the words of a finding, without ids. It distinguishes findings with the same
// cause, and differs between runs that drew different instance types. It was the fingerprint before
// schema version 2.0.
func (f Finding) Digest() string {
	text := strings.Join([]string{f.Clause, ofSubject.ReplaceAllString(f.Where, "$1 instance $2"), f.Want, f.Got}, "|")
	return digest([]string{ids.ReplaceAllString(text, "#")})
}

// MarshalJSON implements json.Marshaler: it adds the fingerprint.
func (f Finding) MarshalJSON() ([]byte, error) {
	type members Finding
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		members
		Fingerprint string `json:"fingerprint"`
	}{members(f), f.Fingerprint()})
	return text.Bytes(), err
}

func digest(parts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "|")))
	return hex.EncodeToString(sum[:6])
}

// ids matches the ids of instances and requests, and long numbers.
var ids = regexp.MustCompile(`[\pL\d]+(?:-[\pL\d]+)*-[\pL\d-]*\d[\pL\d-]*|\d{5,}`)

// PlaceOf names a property of a subject, such as the status of an instance. kind is the contract's
// word for the subject; "" means instance.
func PlaceOf(what, kind, id string) string {
	return what + " of " + cmp.Or(kind, "instance") + " " + id
}

var (
	ofSubject    = regexp.MustCompile(`^([^/ ]+ of) [^/ ]+ (\S+)$`) // the form of PlaceOf
	instanceName = regexp.MustCompile(`\binstance \S+`)
	rowName      = regexp.MustCompile(`^(/\S*) of \S+$`)
	blank        = regexp.MustCompile(`"( *)"$`) // the form of Shown
	index        = regexp.MustCompile(`/\d+`)
	generated    = regexp.MustCompile(`^generated request .*`)
	overdue      = regexp.MustCompile(`when the time allowed for it was over$`)
)

// placeKind returns a place without the instance, row or request that it names.
func placeKind(where string) string {
	where = generated.ReplaceAllString(where, "generated request")
	where = ofSubject.ReplaceAllString(where, "$1 instance $2")
	where = instanceName.ReplaceAllString(where, "instance")
	where = rowName.ReplaceAllString(where, "$1 of instance")
	where = blank.ReplaceAllString(where, "$1")
	return index.ReplaceAllString(where, "/#")
}

var (
	answer     = regexp.MustCompile(`^(?:success \([1-5]\d\d\)|[1-5]\d\d \S+)$`) // an answer in the form that findings use
	httpStatus = regexp.MustCompile(`^[1-5](?:\d\d|xx)$`)
	excerpt    = regexp.MustCompile(` at byte .*`)
	typeName   = regexp.MustCompile(`(?i)\b\w*type \S+`)
	day        = regexp.MustCompile(`\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .*`)
	drawn      = regexp.MustCompile(`[^\s,;:()\[\]]*[\d.-][^\s,;:()\[\]]*`) // a word in the form of ids, types and numbers
	several    = regexp.MustCompile(`#(?:(?:, | |:)#)+`)
)

// causeOf returns a text without everything that differs between runs. It reduces a JSON value to
// its type.
func causeOf(where, text string) string {
	answers := strings.HasPrefix(where, "status") || where == "/code" || where == "generated request"
	if answers && answer.MatchString(text) {
		return text
	}
	if kind := jsonKind(text); kind != "" {
		return kind
	}
	for _, varying := range []*regexp.Regexp{excerpt, day, typeName} {
		text = varying.ReplaceAllString(text, "#")
	}
	text = drawn.ReplaceAllStringFunc(text, func(word string) string {
		if answers && httpStatus.MatchString(word) {
			return word
		}
		return "#"
	})
	return several.ReplaceAllString(text, "#")
}

// rowsKind reduces a list of rows to its cause: rows other than the wanted ones (possibly none on
// the page that was read), or not a list at all.
func rowsKind(text string) string {
	if rest := strings.Trim(text, "[]#, …"); rest == "" || rest == "none" { // a long list is shortened
		return "other rows"
	}
	return text
}

// jsonKind returns the type of a JSON value, which may have been shortened; "" for other texts.
func jsonKind(text string) string {
	switch {
	case text == "":
		return ""
	case text[0] == '{' && text != "{}":
		return "an object"
	case text[0] == '"' && text != `""`:
		return "a string"
	case text[0] == '[' && strings.HasPrefix(text, `["`), strings.HasPrefix(text, "[{"):
		return "an array"
	case json.Valid([]byte(text)) && strings.Trim(text, "-0123456789.eE+") == "":
		return "a number"
	}
	return ""
}
