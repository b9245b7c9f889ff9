package mock

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Content determines how an action answers bodies without parameters. A zero Refusal refuses
// nothing; the body then counts as an empty object.
type Content struct {
	MediaType Refusal // the media type is not JSON in UTF-8
	Malformed Refusal // the body is not JSON, or not UTF-8
	Empty     Refusal // there is no body
	NoObject  Refusal // the body is another JSON value
}

// lenient returns the content of an action without required parameters. The documents say that
// another media type and invalid JSON are errors, but not which 400 pair reports them.
func lenient() Content {
	return Content{
		MediaType: PatternError.Because("the body is not application/json in UTF-8"),
		Malformed: PatternError.Because("the body is not JSON"),
		NoObject:  WrongType.Because("the body is not an object"),
	}
}

// demanding returns the content of an action with a required parameter.
func demanding() Content {
	c := lenient()
	c.Empty = MissingParameter.Because("the body is empty")
	return c
}

// parse reads the members that the action knows and ignores others, because objects may have
// further members. If a member is repeated, the last one counts.
func parse(a Action, c *Call) (Params, Refusal) {
	p := a.Defaults
	body, r := a.Content.check(c)
	if r.Refused() {
		return p, r
	}
	seen := 0 // one bit per parameter
	body.ForEach(func(name, value gjson.Result) bool {
		for i := range a.Parameters {
			if a.Parameters[i].Name == name.Str {
				seen |= 1 << i
				r = a.Parameters[i].take(&p, value)
			}
		}
		return !r.Refused()
	})
	for i := 0; i < len(a.Parameters) && !r.Refused(); i++ {
		if seen&(1<<i) == 0 {
			r = a.Parameters[i].Absent
		}
	}
	return p, r
}

// check returns the object in the body.
func (t Content) check(c *Call) (gjson.Result, Refusal) {
	var none gjson.Result
	if t.MediaType.Refused() && !jsonContent(c.Request.Header.Get("Content-Type")) {
		return none, t.MediaType
	}
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return none, t.Empty
	}
	// json.Valid limits the nesting, which gjson's own check does not; neither checks UTF-8.
	if !json.Valid(c.Body) || !utf8.Valid(c.Body) {
		return none, t.Malformed
	}
	body := gjson.ParseBytes(c.Body)
	if !body.IsObject() {
		return none, t.NoObject
	}
	return body, Refusal{}
}
