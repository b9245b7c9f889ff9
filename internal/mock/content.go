package mock

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// content is how an action answers bodies that hold no parameters. A refusal that is
// zero refuses nothing: the body then counts as an empty object.
type content struct {
	mediaType refusal // the body is declared to be something else than JSON in UTF-8
	malformed refusal // it is no JSON, or not UTF-8
	empty     refusal // there is none
	noObject  refusal // it is another JSON value
}

// lenient is the content of an action that requires nothing. That another media type
// and broken JSON are errors the documents say, but not which 400 pair tells it.
func lenient() content {
	return content{
		mediaType: patternError.because("the body is not application/json in UTF-8"),
		malformed: patternError.because("the body is not JSON"),
		noObject:  wrongType.because("the body is not an object"),
	}
}

// demanding is the content of an action that requires a parameter.
func demanding() content {
	c := lenient()
	c.empty = missingParameter.because("the body is empty")
	return c
}

// parse reads the members that the action knows; it knows nothing of others, which
// objects are open for. Of a repeated member the last one counts.
func parse(a action, c *call) (params, refusal) {
	p := a.defaults
	body, r := a.content.check(c)
	if r.refused() {
		return p, r
	}
	seen := 0 // a bit for each parameter
	body.ForEach(func(name, value gjson.Result) bool {
		for i := range a.parameters {
			if a.parameters[i].name == name.Str {
				seen |= 1 << i
				r = a.parameters[i].take(&p, value)
			}
		}
		return !r.refused()
	})
	for i := 0; i < len(a.parameters) && !r.refused(); i++ {
		if seen&(1<<i) == 0 {
			r = a.parameters[i].absent
		}
	}
	return p, r
}

// check returns the object that the body is.
func (t content) check(c *call) (gjson.Result, refusal) {
	var none gjson.Result
	if t.mediaType.refused() && !jsonContent(c.request.Header.Get("Content-Type")) {
		return none, t.mediaType
	}
	if len(bytes.TrimSpace(c.body)) == 0 {
		return none, t.empty
	}
	// json.Valid bounds the nesting, which gjson's own check does not; neither looks at UTF-8.
	if !json.Valid(c.body) || !utf8.Valid(c.body) {
		return none, t.malformed
	}
	body := gjson.ParseBytes(c.body)
	if !body.IsObject() {
		return none, t.noObject
	}
	return body, refusal{}
}
