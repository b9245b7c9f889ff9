package mock

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Content is how an action answers bodies that hold no parameters. A refusal that is
// zero refuses nothing: the body then counts as an empty object.
type Content struct {
	MediaType Refusal // the body is declared to be something else than JSON in UTF-8
	Malformed Refusal // it is no JSON, or not UTF-8
	Empty     Refusal // there is none
	NoObject  Refusal // it is another JSON value
}

// lenient is the content of an action that requires nothing. That another media type
// and broken JSON are errors the documents say, but not which 400 pair tells it.
func lenient() Content {
	return Content{
		MediaType: PatternError.Because("the body is not application/json in UTF-8"),
		Malformed: PatternError.Because("the body is not JSON"),
		NoObject:  WrongType.Because("the body is not an object"),
	}
}

// demanding is the content of an action that requires a parameter.
func demanding() Content {
	c := lenient()
	c.Empty = MissingParameter.Because("the body is empty")
	return c
}

// parse reads the members that the action knows; it knows nothing of others, which
// objects are open for. Of a repeated member the last one counts.
func parse(a Action, c *Call) (Params, Refusal) {
	p := a.Defaults
	body, r := a.Content.check(c)
	if r.Refused() {
		return p, r
	}
	seen := 0 // a bit for each parameter
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

// check returns the object that the body is.
func (t Content) check(c *Call) (gjson.Result, Refusal) {
	var none gjson.Result
	if t.MediaType.Refused() && !jsonContent(c.Request.Header.Get("Content-Type")) {
		return none, t.MediaType
	}
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return none, t.Empty
	}
	// json.Valid bounds the nesting, which gjson's own check does not; neither looks at UTF-8.
	if !json.Valid(c.Body) || !utf8.Valid(c.Body) {
		return none, t.Malformed
	}
	body := gjson.ParseBytes(c.Body)
	if !body.IsObject() {
		return none, t.NoObject
	}
	return body, Refusal{}
}
