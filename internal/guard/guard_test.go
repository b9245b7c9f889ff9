package guard_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/wire"
)

const path = "/api"

func operation(action string) wire.Operation {
	return wire.Operation{Path: path, Action: action, Version: "1"}
}

// newGuard returns the guard of a small contract: two reads, a change of one thing, one of
// a list, and one whose work nobody can observe.
func newGuard(allowed ...string) *guard.Guard {
	id := func(name string) guard.Parameter { return guard.Parameter{Name: name, ID: true} }
	other := func(name string) guard.Parameter { return guard.Parameter{Name: name} }
	g := guard.New(guard.Rules{
		Operations: []guard.Operation{
			{Key: operation("ReadThings"), Reads: true, Parameters: []guard.Parameter{id("thingIds"), other("name"), other("pageSize")}},
			{Key: operation("ReadStatus"), Reads: true, Parameters: []guard.Parameter{id("thingIds")}},
			{Key: operation("ChangeOne"), Subject: "thingId", Parameters: []guard.Parameter{id("thingId"), other("size")}},
			{Key: operation("ChangeMany"), Subject: "thingIds", Batch: true, Parameters: []guard.Parameter{id("thingIds"), other("force")}},
			{Key: operation("DropMany"), Parameters: []guard.Parameter{id("thingIds")}},
		},
		Listed:  []string{"t-a1", "t-b7", "1305623471299530496"},
		Allowed: allowed,
		Words:   []string{"hello", "42", "x", "id", "n", "Action", "large"},
	})
	g.MakeUp("t-made-up", "NoSuchAction", "ReadThingsNoSuchAction")
	return g
}

// TestARefusalCallsThingsByTheirKind gives the guard what a contract calls the things that are listed.
func TestARefusalCallsThingsByTheirKind(t *testing.T) {
	for one, called := range map[string]string{"": "instance", "a vault": "vault"} {
		g := guard.New(guard.Rules{One: one, Listed: []string{"t-a1"}, Operations: []guard.Operation{
			{Key: operation("ChangeMany"), Subject: "thingIds", Batch: true, Parameters: []guard.Parameter{{Name: "thingIds", ID: true}}},
		}})
		one = cmp.Or(one, "an instance")
		for body, want := range map[string]string{
			`{"thingIds":["t-a1"]}`: "ChangeMany could change the listed " + called + ` "t-a1": `,
			`{"thingIds":["t-a2"]}`: called + ` "t-a2" is neither listed `,
			`{"thingIds":[]}`:       "ChangeMany names no " + called + ", so an endpoint could take it for all of them",
			`["t-a2"]`:              "an endpoint could take it for the id of " + one,
			"\xff":                  "the body is not UTF-8: it could name " + one + " unseen",
			`{"%74`:                 "its characters are coded: it could name " + one + " unseen",
			`{"\x74`:                `holds the escape "\\x74": it could name ` + one + " unseen",
		} {
			err := g.Check(wire.Request{Operation: operation("ChangeMany"), Body: []byte(body)})
			assert.ErrorContains(t, err, want)
		}
		err := g.Check(wire.Request{Operation: operation("ChangeMany"), Method: "PUT", Body: []byte(`{"thingIds":["t-a1"]}`)})
		assert.ErrorContains(t, err, "PUT could change the listed "+called+` "t-a1": `)
		err = g.Check(wire.Request{Operation: operation("ChangeMany"), Query: "a=%74"})
		assert.ErrorContains(t, err, "is coded: it could name "+one+" unseen")
	}
}

// TestWhatNothingUndoesIsNotOfferedToBeAllowed: a configuration that allows it is refused.
func TestWhatNothingUndoesIsNotOfferedToBeAllowed(t *testing.T) {
	g := guard.New(guard.Rules{Listed: []string{"t-a1"}, Operations: []guard.Operation{
		{Key: operation("Grow"), Subject: "thingId", Lasting: true, Parameters: []guard.Parameter{{Name: "thingId", ID: true}}},
	}})
	for body, could := range map[string]string{
		`{"thingId":"t-a1"}`: `could change the listed instance "t-a1"`,
		`{}`:                 "names no instance, so an endpoint could take it for all of them",
	} {
		err := g.Check(wire.Request{Operation: operation("Grow"), Body: []byte(body)})
		assert.EqualError(t, err, "not sent: Grow "+could+", and nothing undoes what it does, so no target can allow it: it may name only what the run made up")
	}
}

func TestOnlyKnownIDsLeave(t *testing.T) {
	g := newGuard("ChangeOne", "ChangeMany")
	for body, want := range map[string]string{ // "": it leaves, else what the refusal says
		``:                                   "",
		`{}`:                                 "",
		`{"thingIds":["t-a1"]}`:              "",
		`{"thingIds":["t-a1","t-b7"]}`:       "",
		`{"thingIds":["t-made-up"]}`:         "",
		`{"thingIds":[]}`:                    "",
		`{"thingIds":null}`:                  "",
		`{"thingIds":[""]}`:                  "",
		`{"thingIds":true}`:                  "",
		`{"thingIds":42}`:                    "",
		`{"thingIds":{"id":"t-made-up"}}`:    "",
		`{"thingIds":1305623471299530496}`:   "",
		`{"name":"anything 实例 at all"}`:      "",
		`{"name":["t-a2"],"pageSize":12345}`: "",
		`{"pageSize":{"n":42}}`:              "",

		`{"thingIds":["t-a2"]}`:                             `"t-a2" is neither listed`,
		`{"thingIds":["t-a1","t-a2"]}`:                      `"t-a2"`,
		`{"thingIds":["t-a2"],"thingIds":[]}`:               `"t-a2"`,
		`{"thingIds":[],"thingIds":["t-a2"]}`:               `"t-a2"`,
		`{"thingIds":["t\u002da2"]}`:                        `"t-a2"`,
		`{"thing\u0049ds":["t-a2"]}`:                        `"t-a2"`,
		`{"thingIds":["T-A1"]}`:                             `"T-A1"`,
		`{"thingIds":["t-a1 "]}`:                            `"t-a1 "`,
		`{"thingIds":["t-a1,t-a2"]}`:                        `"t-a1,t-a2"`,
		`{"thingIds":["t-a1\u0000"]}`:                       `"t-a1\x00"`,
		`{"thingIds":[["t-a2"]]}`:                           `"t-a2"`,
		`{"thingIds":{"id":"t-a2"}}`:                        `"t-a2"`,
		`{"thingIds":{"t-a2":true}}`:                        `member "t-a2"`,
		`{"t-a2":true}`:                                     `member "t-a2"`,
		`{"t-a1":true}`:                                     `member "t-a1"`,
		`{"thingIds":12345}`:                                `"12345"`,
		`{"thingIds":1305623471299530497}`:                  `"1305623471299530497"`,
		`{"thingIds":1.305623471299530496e18}`:              `"1.305623471299530496e18"`,
		`{"thingids":["t-a2"]}`:                             `member "thingids"`,
		`{"ThingIDs":["t-a1"]}`:                             `member "ThingIDs"`,
		`{"thingIdſ":["t-a2"]}`:                             `member "thingIdſ"`,
		`{"thingIds\u0000":["t-a2"]}`:                       `member "thingIds\x00"`,
		`{"thing_ids":["t-a2"]}`:                            `member "thing_ids"`,
		`{"name":{"thingIds":["t-a2"]}}`:                    `"t-a2"`,
		`{"name":{"other":1}}`:                              `member "other"`,
		`{"id":"t-a2"}`:                                     `"t-a2"`,
		`{"status":"STOPPED"}`:                              `member "status"`,
		`[{"thingIds":["t-a2"]}]`:                           `"t-a2"`,
		`["t-a2"]`:                                          `"t-a2"`,
		`"t-a2"`:                                            `"t-a2"`,
		`[{"thingIds":["t-a1"]}]`:                           "",
		`"hello"`:                                           "",
		`{"thingIds":["` + strings.Repeat("a", 500) + `"]}`: `aaaa…" is neither`,

		// These are no JSON.
		`hello`:                                      "",
		`{"thingIds":["t-made-up"]`:                  "",
		`{"thingIds":["t-a1"],}`:                     "",
		`{'thingIds':['t-a1']}`:                      "",
		"\x00\x00":                                   "",
		"\x00{\"thingIds\":[\"t-a1\"]}":              "",
		`production`:                                 `"production"`,
		`{thingIds:[production]}`:                    `"production"`,
		`{"thingIds":["t-a2"]`:                       `"t-a2"`,
		`{"thingIds":["t-a2`:                         `"t-a2"`,
		`{"thingIds":["t\u002da2"]`:                  `"t-a2"`,
		`{"thingIds":["t-a1\q"]`:                     `escape`,
		`{"thingIds":["t-a1"]}{"thingIds":["t-a2"]}`: `"t-a2"`,
		`thingIds=t-a2`:                              `"t-a2"`,
		`thingIds=t%2Da2`:                            `coded`,
		`<thingIds>t-a2</thingIds>`:                  `"t-a2"`,
		`<thingIds>&#49;&#51;</thingIds>`:            `coded`,
		`{thingIds:1305623471299530497}`:             `"1305623471299530497"`,
		`{thingIds:\x31\x33}`:                        `escape`,
		"{\x00\"\x00t\x00-\x00a\x002\x00":            `coded`,
		"{\"thingIds\":\"\xff\"":                     `not UTF-8`,
		"\ufeff{\"thingIds\":[\"t-a2\"]}":            `"\ufeff"`,
		"{thingIds:t-a\u200b2}":                      "neither listed",
	} {
		err := g.Check(wire.Request{Operation: operation("ReadThings"), Body: []byte(body)})
		if want == "" {
			assert.NoError(t, err, body)
			continue
		}
		var refusal *guard.Refusal
		if assert.ErrorAs(t, err, &refusal, body) {
			assert.Contains(t, refusal.Reason, want, body)
		}
	}
}

func TestAChangeNeedsAllowance(t *testing.T) {
	type request struct {
		action, body, method, query string
		header                      map[string]string
	}
	for name, c := range map[string]struct {
		request
		allowed string
		want    string // "": it leaves
	}{
		"a read of a listed one":                    {request{action: "ReadThings", body: `{"thingIds":["t-a1"]}`}, "", ""},
		"a read of a listed one by GET":             {request{action: "ReadThings", body: `{"thingIds":["t-a1"]}`, method: http.MethodGet}, "", ""},
		"a read of everything":                      {request{action: "ReadThings", body: `{}`}, "", ""},
		"a change of a listed one":                  {request{action: "ChangeOne", body: `{"thingId":"t-a1"}`}, "", "add ChangeOne to allow"},
		"a change of a listed one, another allowed": {request{action: "ChangeOne", body: `{"thingId":"t-a1"}`}, "ChangeMany", "add ChangeOne to allow"},
		"a change of a listed one, allowed":         {request{action: "ChangeOne", body: `{"thingId":"t-a1","size":"large"}`}, "ChangeOne", ""},
		"a change of a made-up one":                 {request{action: "ChangeOne", body: `{"thingId":"t-made-up"}`}, "", ""},
		"a change of nothing":                       {request{action: "ChangeOne", body: `{}`}, "", "names no instance"},
		"a change of nothing, allowed":              {request{action: "ChangeOne", body: `{}`}, "ChangeOne", ""},
		"a change of an odd word":                   {request{action: "ChangeOne", body: `hello`}, "", "names no instance"},
		"a change of a list":                        {request{action: "ChangeMany", body: `{"thingIds":["t-made-up","t-b7"]}`}, "", `listed instance "t-b7"`},
		"a change of an empty list":                 {request{action: "ChangeMany", body: `{"thingIds":[]}`}, "", "names no instance"},
		"a change of a nested one":                  {request{action: "ChangeOne", body: `{"thingId":{"id":["t-b7"]}}`}, "", `"t-b7"`},
		"a change in another letter case":           {request{action: "changeone ", body: `{"thingId":"t-a1"}`}, "", "add ChangeOne"},
		"a change in a broken body":                 {request{action: "ChangeOne", body: `{"thingId":"t-a1"`}, "", "add ChangeOne"},
		"a change that nobody can observe":          {request{action: "DropMany", body: `{"thingIds":["t-a1"]}`}, "DropMany", "may name only what the run made up"},
		"the same of nothing":                       {request{action: "DropMany"}, "DropMany", "may name only what the run made up"},
		"the same of a made-up one":                 {request{action: "DropMany", body: `{"thingIds":["t-made-up"]}`}, "", ""},

		"a change by the header":               {request{action: "ReadThings", body: `{"thingId":"t-a1"}`, header: map[string]string{"x-zc-action": "ChangeOne"}}, "", "add ChangeOne"},
		"no action":                            {request{action: "ReadThings", header: map[string]string{"X-ZC-Action": ""}}, "", `no header X-ZC-Action names an action: send it`},
		"the subject of a change in a read":    {request{action: "ReadThings", body: `{"thingIds":["t-a1"],"thingId":"t-a1"}`}, "", "add ChangeOne"},
		"the same, allowed":                    {request{action: "ReadThings", body: `{"thingIds":["t-a1"],"thingId":"t-a1"}`}, "ChangeOne", ""},
		"a change named in the body":           {request{action: "ReadThings", body: `{"Action":"ChangeMany","thingIds":["t-a1"]}`}, "", "add ChangeMany"},
		"a change named in the body, of all":   {request{action: "ReadThings", body: `{"Action":"ChangeMany"}`}, "", "names no instance"},
		"a change named in the query":          {request{action: "ReadThings", query: "Action=ChangeMany", body: `{"thingIds":["t-a1"]}`}, "", "add ChangeMany"},
		"a change of one named in the query":   {request{action: "ReadThings", query: "Action=ChangeOne", body: `{"thingIds":["t-a1"]}`}, "", ""},
		"an unlisted id in the query":          {request{action: "ReadThings", query: "x=t-a2"}, "", `"t-a2"`},
		"a parameter in the query":             {request{action: "ReadThings", query: "thingIds=t-a1"}, "", "names the parameter"},
		"a coded query":                        {request{action: "ReadThings", query: "x=%74"}, "", "coded"},
		"a header that overrides the method":   {request{action: "ReadThings", header: map[string]string{"X-HTTP-Method-Override": "DELETE"}}, "", "the header"},
		"a further header like the protocol's": {request{action: "ReadThings", header: map[string]string{"X-ZC-Thing-Id": "t-x9"}}, "", `the header "X-ZC-Thing-Id" could mean more`},
		"the action in two spellings":          {request{action: "ReadThings", header: map[string]string{"x-zc-action": "ReadThings", "X-ZC-Action": "ReadThings"}}, "", "stands in two spellings"},
		"the further headers of the SDKs":      {request{action: "ReadThings", header: map[string]string{"X-ZC-Service": "zec", "Accept": "*/*"}}, "", ""},

		"an action of the feature's own":           {request{action: "DeleteThings", body: `{"thingIds":["t-made-up"]}`}, "", "nobody can say"},
		"the same without parameters":              {request{action: "DeleteThings", body: `{}`}, "", "nobody can say"},
		"an action that holds the name of another": {request{action: "DropManyNoSuchAction", body: `{}`}, "", "nobody can say"},
		"a look-alike":                             {request{action: "ReadThingſ"}, "", "nobody can say"},
		"an action made up by the run":             {request{action: "NoSuchAction", body: `{}`}, "", ""},
		"the same with a made-up one":              {request{action: "NoSuchAction", body: `{"thingIds":["t-made-up"]}`}, "", ""},
		"the same with a listed one":               {request{action: "NoSuchAction", body: `{"thingIds":["t-a1"]}`}, "", "add ChangeMany"},
		"the name of a read and more":              {request{action: "ReadThingsNoSuchAction", body: `{}`}, "", ""},

		"DELETE of a made-up one":             {request{action: "ReadThings", body: `{"thingIds":["t-made-up"]}`, method: http.MethodDelete}, "", ""},
		"DELETE of a listed one":              {request{action: "ReadThings", body: `{"thingIds":["t-a1"]}`, method: http.MethodDelete}, "ChangeMany", "DELETE could change"},
		"DELETE of everything":                {request{action: "ReadThings", body: `{}`, method: http.MethodDelete}, "ChangeMany", "DELETE names no instance"},
		"PUT of a listed one that is allowed": {request{action: "ChangeOne", body: `{"thingId":"t-a1"}`, method: http.MethodPut}, "ChangeOne", "PUT could change"},
		"GET of a change":                     {request{action: "ChangeOne", body: `{"thingId":"t-a1"}`, method: http.MethodGet}, "", "add ChangeOne"},
		"post in small letters":               {request{action: "ReadThings", body: `{}`, method: "post"}, "", "post names no instance"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuard(c.allowed)
			req := wire.Request{Operation: operation(c.action), Body: []byte(c.body), Method: c.method, Query: c.query, Header: c.header, Effect: wire.Reads}
			err := g.Check(req)
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, c.want)
			assert.False(t, g.Reads(req), "what may not leave for want of permission is no read")
		})
	}
}

// TestABodyUnderAMadeUpNameIsTakenForWhatItFits holds that an action has to be allowed whose parameters stand in the body,
// and where the body fits none, each that it could be.
func TestABodyUnderAMadeUpNameIsTakenForWhatItFits(t *testing.T) {
	one := func(action string, required ...string) guard.Operation {
		op := guard.Operation{Key: operation(action), Subject: "thingId", Parameters: []guard.Parameter{{Name: "thingId", ID: true}}, Required: append(required, "thingId")}
		for _, name := range required {
			op.Parameters = append(op.Parameters, guard.Parameter{Name: name})
		}
		return op
	}
	for body, want := range map[string]string{
		`{"thingId":"t-a1","size":42}`:            "",
		`{"thingId":"t-a1","size":42,"label":42}`: "CopyOne could change",
		`{"thingId":"t-a1"}`:                      "CopyOne could change",
		`{"thingId":"t-a1","label":42}`:           "CopyOne could change",
	} {
		g := guard.New(guard.Rules{Listed: []string{"t-a1"}, Allowed: []string{"ChangeOne"}, Words: []string{"42"}, Operations: []guard.Operation{one("ChangeOne", "size"), one("CopyOne", "label")}})
		g.MakeUp("NoSuchAction")
		err := g.Check(wire.Request{Operation: operation("NoSuchAction"), Body: []byte(body)})
		if want == "" {
			assert.NoError(t, err, body)
		} else {
			assert.ErrorContains(t, err, want, body)
		}
	}
}

func TestAnotherPathDoesNotLeave(t *testing.T) {
	op := operation("ReadThings")
	op.Path = "/api/other"
	assert.ErrorContains(t, newGuard().Check(wire.Request{Operation: op}), `the path "/api/other"`)
}

func TestOnlyAReadIsARead(t *testing.T) {
	g := newGuard("ChangeOne", "ChangeMany")
	reads := func(action, body string) bool {
		return g.Reads(wire.Request{Operation: operation(action), Body: []byte(body), Effect: wire.Reads})
	}
	assert.True(t, reads("ReadThings", `{"thingIds":["t-a1"]}`))
	assert.True(t, reads("ReadStatus", ``))
	assert.False(t, reads("ReadThings", `{"thingId":"t-a1"}`), "the subject of a change")
	assert.False(t, reads("ChangeOne", `{"thingId":"t-a1"}`))
	assert.False(t, reads("ChangeOne", `{"thingId":"t-made-up"}`))
	assert.False(t, reads("DropMany", `{"thingIds":["t-made-up"]}`), "a change without a lifecycle")
	assert.False(t, reads("NoSuchAction", `{}`), "an action that is made up")
	assert.False(t, reads("ReadThings", `{"thingIds":["t-a2"]}`), "what may not leave")
	byPut := wire.Request{Operation: operation("ReadThings"), Body: []byte(`{"thingIds":["t-made-up"]}`), Method: http.MethodPut}
	assert.NoError(t, g.Check(byPut))
	assert.False(t, g.Reads(byPut))
}

func TestWhatCouldChangeIsTouched(t *testing.T) {
	g := newGuard()
	touched := func(action, body string) []string {
		named, _ := g.Touched(wire.Request{Operation: operation(action), Body: []byte(body)})
		return named
	}
	assert.Equal(t, []string{"t-b7", "t-a1"}, touched("ChangeMany", `{"thingIds":["t-b7","t-a1","t-b7","t-made-up"]}`))
	assert.Equal(t, []string{"t-a1"}, touched("ChangeOne", `{"thingId":"t-a1"`), "in a broken body")
	assert.Equal(t, []string{"t-a1"}, touched("ReadThings", `{"thingId":"t-a1"}`), "a read that could be taken for a change")
	assert.Empty(t, touched("ReadThings", `{"thingIds":["t-a1"]}`))
	assert.Empty(t, touched("ChangeMany", `{"thingIds":["t-made-up"]}`))
	assert.Empty(t, touched("ChangeMany", `{"thingIds":["t-a1","t-a2"]}`), "such a request does not leave")
}

func TestWhatAMadeUpIdBeginsWithIsTouchedToo(t *testing.T) {
	g := newGuard()
	g.MakeUp("t-a10000", "0t-b7")
	named, alike := g.Touched(wire.Request{Operation: operation("ChangeMany"), Body: []byte(`{"thingIds":["t-a10000","0t-b7"]}`)})
	assert.Empty(t, named)
	assert.Equal(t, []string{"t-a1"}, alike)
	_, alike = g.Touched(wire.Request{Operation: operation("ReadThings"), Body: []byte(`{"thingIds":["t-a10000"]}`)})
	assert.Empty(t, alike, "a read changes nothing")
}

func TestWhatIsMadeUpMayLeaveFromThenOn(t *testing.T) {
	g := newGuard()
	req := wire.Request{Operation: operation("ChangeOne"), Body: []byte(`{"thingId":"t-new"}`)}
	assert.Error(t, g.Check(req))
	g.MakeUp("t-new", "")
	assert.NoError(t, g.Check(req))
	assert.Error(t, g.Check(wire.Request{Operation: operation("")}), "no name is none that was made up")
}
