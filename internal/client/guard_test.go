package client

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

func rules(allow bool) Rules {
	return Rules{
		Listed:       []string{"ins-a1", "ins-b7", "1305623471299530496"},
		Members:      []string{"instanceId", "instanceIds"},
		Reading:      []string{"ReadSomething"},
		Changing:     []string{"ChangeSomething"},
		Words:        []string{"instanceType", "z2a.cpu.4", "pageSize"},
		AllowChanges: allow,
	}
}

func TestOnlyKnownInstancesLeave(t *testing.T) {
	g := NewGuard(rules(true))
	g.MakeUp("ins-made-up", "z9.cpu.1")
	cases := map[string]struct {
		body string
		want bool
	}{
		"no body":                           {"", true},
		"an empty object":                   {"{}", true},
		"a listed one":                      {`{"instanceId":"ins-a1"}`, true},
		"a made-up one":                     {`{"instanceId":"ins-made-up"}`, true},
		"another one":                       {`{"instanceId":"ins-a2"}`, false},
		"another one, escaped":              {`{"instanceId":"ins\u002da2"}`, false},
		"another one, the member escaped":   {`{"instance\u0049d":"ins-a2"}`, false},
		"a listed one in another case":      {`{"instanceId":"INS-A1"}`, false},
		"a listed one with space":           {`{"instanceId":"ins-a1 "}`, false},
		"two listed ones":                   {`{"instanceIds":["ins-a1","ins-b7"]}`, true},
		"another one among listed ones":     {`{"instanceIds":["ins-a1","ins-a2"]}`, false},
		"the member twice, the first":       {`{"instanceId":"ins-a2","instanceId":"ins-a1"}`, false},
		"the member twice, the second":      {`{"instanceId":"ins-a1","instanceId":"ins-a2"}`, false},
		"the member in another letter case": {`{"InstanceID":"ins-a2"}`, false},
		"deep inside":                       {`{"a":[{"b":{"instanceId":"ins-a2"}}]}`, false},
		"an object under the member":        {`{"instanceId":{"id":"ins-a2"}}`, false},
		"an array under the member":         {`{"instanceId":[["ins-a2"]]}`, false},
		"nothing under the member":          {`{"instanceId":null,"instanceIds":[]}`, true},
		"an empty text under the member":    {`{"instanceId":""}`, true},
		"a truth under the member":          {`{"instanceId":true}`, true},
		"a short number under the member":   {`{"instanceId":12345}`, true},
		"a long number under the member":    {`{"instanceId":1305623471299530497}`, false},
		"a listed id as a number":           {`{"instanceId":1305623471299530496}`, true},
		"any text elsewhere":                {`{"instanceType":"ins-a2","name":"x"}`, true},
		"an array as the body":              {`[{"instanceId":"ins-a2"}]`, false},

		"broken, made up":                {`{"instanceId":"ins-made-up"`, true},
		"broken, listed":                 {`{"instanceId":"ins-a1","instanceType":"z2a.cpu.4"`, true},
		"broken, another one":            {`{"instanceId":"ins-a2"`, false},
		"broken, another one not closed": {`{"instanceId":"ins-a2`, false},
		"broken, escaped":                {`{"instanceId":"ins\u002da2"`, false},
		"broken, a broken escape":        {`{"instanceId":"ins-a1\q"`, false},
		"broken, an unknown type":        {`{"instanceId":"ins-made-up","instanceType":"z1`, false},
		"broken, a made-up type":         {`{"instanceType":"z9.cpu.1",,}`, true},
		"two values":                     {`{}{"instanceId":"ins-a2"}`, false},
		"a brace":                        {`{`, true},
		"words":                          {`this is not json`, true},
		"a short number":                 {`{"pageSize":10`, true},
		"a form, another one":            {`instanceId=ins-a2`, false},
		"a form, made up":                {`instanceId=ins-made-up&pageSize=1`, true},
		"a form, coded":                  {`instanceId=ins%2Da2`, false},
		"a word with a hyphen":           {`instanceId: ins-prod`, false},
		"markup":                         {`<instanceId>ins-a2</instanceId>`, false},
		"a long number":                  {`{instanceId:1305623471299530497}`, false},
		"UTF-16":                         {"{\x00\"\x00i\x00", false},
		"no UTF-8":                       {"{\"instanceId\":\"\xff\"", false},
		"single quotes":                  {`{'instanceId':'ins-a2'}`, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := g.Check(wire.Request{Operation: readStatus, Body: []byte(c.body)})
			if c.want {
				assert.NoError(t, err)
				return
			}
			var refusal *Refusal
			assert.ErrorAs(t, err, &refusal)
		})
	}
}

func TestChangingAListedInstanceNeedsAllowance(t *testing.T) {
	const listed, madeUp = `{"instanceId":"ins-a1"}`, `{"instanceId":"ins-made-up"}`
	cases := map[string]struct {
		action string
		header map[string]string
		body   string
		allow  bool
		want   string // "": it leaves
	}{
		"a read of a listed one":                     {"ReadSomething", nil, listed, false, ""},
		"a change of a listed one":                   {"ChangeSomething", nil, listed, false, "allowResize"},
		"a change of a listed one, allowed":          {"ChangeSomething", nil, listed, true, ""},
		"a change of a made-up one":                  {"ChangeSomething", nil, madeUp, false, ""},
		"a change in another letter case":            {"changesomething ", nil, listed, false, "allowResize"},
		"a change put into the header":               {"ReadSomething", map[string]string{"x-zc-action": "ChangeSomething"}, listed, false, "allowResize"},
		"a change of a listed one in a broken body":  {"ChangeSomething", nil, `{"instanceId":"ins-a1"`, false, "allowResize"},
		"an unknown action on a listed one":          {"ReleaseSomething", nil, listed, true, "none of the contract's"},
		"an unknown action on a made-up one":         {"ReleaseSomething", nil, madeUp, false, ""},
		"an unknown action put into the header":      {"ReadSomething", map[string]string{"X-ZC-ACTION": "ReleaseSomething"}, listed, true, "none of the contract's"},
		"a change without an instance":               {"ChangeSomething", nil, `{}`, false, ""},
		"a change of a listed one, effect belittled": {"ChangeSomething", nil, `{"instanceId":{"a":["ins-b7"]}}`, false, "allowResize"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := NewGuard(rules(c.allow))
			g.MakeUp("ins-made-up")
			err := g.Check(wire.Request{
				Operation: wire.Operation{Path: "/", Action: c.action}, Header: c.header, Body: []byte(c.body), Effect: wire.Refused,
			})
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestWhatAGuardRefusesIsNotSent(t *testing.T) {
	g := NewGuard(rules(false))
	c := newClient(t, serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }),
		func(o *Options) { o.Guard = g.Check })
	exchanges, err := c.Do(context.Background(), wire.Request{Operation: readStatus, Body: []byte(`{"instanceId":"ins-a2"}`)}, nil)
	var refusal *Refusal
	require.ErrorAs(t, err, &refusal)
	assert.Contains(t, err.Error(), `"ins-a2"`)
	assert.Empty(t, exchanges)
}

func TestTheProductionHostNeedsBothConfirmations(t *testing.T) {
	both := Allowance{Production: true, ConfirmHost: ProductionHost}
	cases := map[string]struct {
		endpoint string
		allow    Allowance
		want     bool
	}{
		"neither":                          {"https://console.zenlayer.com", Allowance{}, false},
		"the file alone":                   {"https://console.zenlayer.com", Allowance{Production: true}, false},
		"the command line alone":           {"https://console.zenlayer.com", Allowance{ConfirmHost: ProductionHost}, false},
		"another host confirmed":           {"https://console.zenlayer.com", Allowance{Production: true, ConfirmHost: "zenlayer.com"}, false},
		"both":                             {"https://console.zenlayer.com", both, true},
		"both, in another letter case":     {"https://console.zenlayer.com", Allowance{Production: true, ConfirmHost: "Console.Zenlayer.COM"}, true},
		"in another letter case":           {"https://CONSOLE.Zenlayer.com", Allowance{}, false},
		"with the root's dot":              {"https://console.zenlayer.com.", Allowance{}, false},
		"with a port":                      {"https://console.zenlayer.com:443", Allowance{}, false},
		"with a dot and a port":            {"https://console.zenlayer.com.:8443", Allowance{}, false},
		"a name that contains it":          {"https://console.zenlayer.com.example.test", Allowance{}, true},
		"a name that ends in it":           {"https://my-console.zenlayer.com", Allowance{}, true},
		"plain http, both":                 {"http://console.zenlayer.com", both, false},
		"plain http":                       {"http://api.example.test", Allowance{}, false},
		"plain http, allowed":              {"http://api.example.test", Allowance{PlainHTTP: true}, true},
		"plain http to this machine":       {"http://127.0.0.1:8080", Allowance{}, true},
		"plain http to this machine, IPv6": {"http://[::1]:8080", Allowance{}, true},
		"plain http to localhost":          {"http://localhost:8080", Allowance{}, true},
		"plain http to a lookalike":        {"http://localhost.example.test", Allowance{}, false},
		"plain http to a lookalike of IP":  {"http://127.0.0.1.example.test", Allowance{}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(c.endpoint)
			require.NoError(t, err)
			_, err = New(Options{Endpoint: u, Allow: c.allow})
			var refusal *Refusal
			if c.want {
				assert.NoError(t, err)
			} else {
				assert.ErrorAs(t, err, &refusal)
			}
		})
	}
}

func TestTheHostHeaderCannotReachTheProductionHost(t *testing.T) {
	c := newClient(t, serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
	_, err := c.Do(context.Background(), wire.Request{Operation: readStatus, Header: map[string]string{"host": "Console.zenlayer.com:443"}}, nil)
	var refusal *Refusal
	assert.ErrorAs(t, err, &refusal)
}

func FuzzGuardNeverLetsAnUnknownInstanceOut(f *testing.F) {
	const unknown = "ins-Secret-9"
	f.Add(`{"instanceId":"`, `"}`)
	f.Add(`{"instanceId":{"a":"`, `"`)
	f.Add(`instanceId=`, `&b=c`)
	f.Add(`{"instanceIds":["ins-a1","`, `"]}{`)
	f.Fuzz(func(t *testing.T, before, after string) {
		body := before + unknown + after
		g := NewGuard(rules(true))
		err := g.Check(wire.Request{Operation: readStatus, Body: []byte(body)})
		var refusal *Refusal
		if err != nil {
			require.True(t, errors.As(err, &refusal))
			return
		}
		// What passes is JSON in which no member that carries ids holds it, or a longer
		// text in which it is not an id of its own.
		ids, err := g.named([]byte(body))
		require.NoError(t, err)
		assert.NotContains(t, ids, unknown)
		assert.False(t, strings.Contains(strings.ReplaceAll(body, " ", ""), `"instanceId":"`+unknown+`"`), body)
	})
}
