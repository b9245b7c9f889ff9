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

// Fingerprint identifies the cause of a finding across runs: the clause, the kind of
// place, and what was wanted and got. Whatever a run draws, counts, samples or measures is
// no part of it: instances, instance types, request ids, times, positions and numbers.
func (f Finding) Fingerprint() string {
	where := placeKind(f.Where)
	parts := []string{f.Clause, where}
	switch {
	case strings.HasPrefix(where, "trajectory"): // which status is sampled differs from run to run
		parts = append(parts, overdue.FindString(f.Got))
	case strings.HasSuffix(where, "instance"): // the values of the instance that was drawn
	case f.Rows, strings.HasSuffix(where, formerRows): // which rows were wanted differs with the page
		parts = append(parts, rowsKind(causeOf(where, f.Got)))
	default:
		parts = append(parts, causeOf(where, f.Want), causeOf(where, f.Got))
	}
	return digest(parts)
}

// formerRows is how the place of rows ends in findings of reports that do not say that it is one.
const formerRows = "/dataSet"

// Digest identifies the words of a finding, without ids. It tells findings apart that
// have one cause, and differs between runs that drew different instance types. Until
// schema version 2.0 it was the fingerprint.
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

// ids are the ids of instances and requests, and long numbers.
var ids = regexp.MustCompile(`[\pL\d]+(?:-[\pL\d]+)*-[\pL\d-]*\d[\pL\d-]*|\d{5,}`)

// PlaceOf names something of a subject, such as the status of an instance, by what its contract calls it. One
// of a kind without a name is an instance.
func PlaceOf(what, kind, id string) string {
	return what + " of " + cmp.Or(kind, "instance") + " " + id
}

var (
	ofSubject    = regexp.MustCompile(`^([^/ ]+ of) [^/ ]+ (\S+)$`) // as PlaceOf names it
	instanceName = regexp.MustCompile(`\binstance \S+`)
	rowName      = regexp.MustCompile(`^(/\S*) of \S+$`)
	blank        = regexp.MustCompile(`"( *)"$`) // as Shown quotes it
	index        = regexp.MustCompile(`/\d+`)
	generated    = regexp.MustCompile(`^generated request .*`)
	overdue      = regexp.MustCompile(`when the time allowed for it was over$`)
)

// placeKind is a place without the instance, the row or the request that it names.
func placeKind(where string) string {
	where = generated.ReplaceAllString(where, "generated request")
	where = ofSubject.ReplaceAllString(where, "$1 instance $2")
	where = instanceName.ReplaceAllString(where, "instance")
	where = rowName.ReplaceAllString(where, "$1 of instance")
	where = blank.ReplaceAllString(where, "$1")
	return index.ReplaceAllString(where, "/#")
}

var (
	answer     = regexp.MustCompile(`^(?:success \([1-5]\d\d\)|[1-5]\d\d \S+)$`) // as a finding names one
	httpStatus = regexp.MustCompile(`^[1-5](?:\d\d|xx)$`)
	excerpt    = regexp.MustCompile(` at byte .*`)
	typeName   = regexp.MustCompile(`(?i)\b\w*type \S+`)
	day        = regexp.MustCompile(`\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .*`)
	drawn      = regexp.MustCompile(`[^\s,;:()\[\]]*[\d.-][^\s,;:()\[\]]*`) // a word as ids, types and numbers are
	several    = regexp.MustCompile(`#(?:(?:, | |:)#)+`)
)

// causeOf is a text without what differs from run to run. A JSON value is its kind alone.
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

// rowsKind is what a list of rows shows of the cause: other rows than wanted, of which
// there may be none on the page that was read, or no list at all.
func rowsKind(text string) string {
	if rest := strings.Trim(text, "[]#, …"); rest == "" || rest == "none" { // a long list is cut short
		return "other rows"
	}
	return text
}

// jsonKind is the kind of a JSON value, which may have been cut short; "" of other texts.
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
