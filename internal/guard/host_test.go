package guard_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/wire"
)

func TestTheProductionHostTakesBothConfirmations(t *testing.T) {
	const host = guard.ProductionHost
	both := guard.Allowance{Production: true, ConfirmHost: host}
	for _, c := range []struct {
		allowed guard.Allowance
		host    string
		want    string // "": it may be called, else what the refusal says
	}{
		{guard.Allowance{}, "staging.example.com", ""},
		{guard.Allowance{}, "x" + host, ""},
		{guard.Allowance{}, host + ".example.com", ""},
		{guard.Allowance{}, host, "set production: true"},
		{guard.Allowance{}, strings.ToUpper(host) + ".:443", "set production: true"},
		{guard.Allowance{}, " " + host + " ", "set production: true"},
		{guard.Allowance{ConfirmHost: host}, host, "set production: true"},
		{guard.Allowance{Production: true}, host, "confirm it with --confirm-host " + host},
		{guard.Allowance{Production: true, ConfirmHost: "staging.example.com"}, host, "confirm it with --confirm-host"},
		{both, host, ""},
		{both, host + ":443", ""},
		{guard.Allowance{Production: true, ConfirmHost: host + ":443"}, host, ""},
	} {
		check(t, c.allowed.CheckHost(c.host), c.want, c.host)
	}
}

func TestPlainHTTPStaysOnThisMachine(t *testing.T) {
	for _, c := range []struct{ scheme, host, want string }{
		{"https", "staging.example.com", ""},
		{"http", "localhost:8080", ""},
		{"http", "LOCALHOST.", ""},
		{"http", "127.0.0.1", ""},
		{"http", "127.9.9.9:80", ""},
		{"http", "[::1]:80", ""},
		{"http", "::1", ""},
		{"http", "staging.example.com:80", "in the clear to staging.example.com: use https"},
		{"http", "10.0.0.7", "in the clear to 10.0.0.7"},
		{"http", "localhost.example.com", "in the clear"},
	} {
		check(t, guard.Allowance{}.CheckScheme(c.scheme, c.host), c.want, c.scheme+" "+c.host)
		assert.NoError(t, guard.Allowance{PlainHTTP: true}.CheckScheme(c.scheme, c.host), "it is allowed: %s", c.host)
	}
}

// check wants a refusal that says something, or none when want is empty.
func check(t *testing.T, err error, want, of string) {
	t.Helper()
	if want == "" {
		assert.NoError(t, err, of)
		return
	}
	var refusal *guard.Refusal
	if assert.ErrorAs(t, err, &refusal, of) {
		assert.Contains(t, refusal.Reason, want, of)
		assert.True(t, strings.HasPrefix(refusal.Error(), "not sent: "), of)
	}
}

// A value is free only in a parameter of the operation that is called: ReadStatus has no
// parameter name, so that nobody knows what it does with one.
func TestAParameterOfAnotherOperationIsNoPlaceForAnyText(t *testing.T) {
	g := newGuard()
	check(t, g.Check(wire.Request{Operation: operation("ReadStatus"), Body: []byte(`{"name":"t-a2"}`)}), `"t-a2", which is neither listed`, "ReadStatus")
	check(t, g.Check(wire.Request{Operation: operation("ReadStatus"), Body: []byte(`{"name":"hello"}`)}), "", "ReadStatus with a known word")
	check(t, g.Check(wire.Request{Operation: operation("ReadThings"), Body: []byte(`{"name":"t-a2"}`)}), "", "ReadThings")
}

// A word of a body that is no JSON ends where no letter, digit, dash, dot or underscore
// follows: what is known of it does not cover what it goes on with.
func TestAWordIsReadToItsEnd(t *testing.T) {
	g := newGuard()
	for _, end := range []string{"0", "5", "9", "a", "m", "z", "A", "M", "Z", "-", "_", ".", "é"} {
		body := "{hello" + end
		check(t, g.Check(wire.Request{Operation: operation("ReadThings"), Body: []byte(body)}), `hello`, body)
	}
	for _, end := range []string{"", "/", ":", "@", "[", "{", " ", ","} { // beside the letters and digits in ASCII
		body := "{hello" + end
		check(t, g.Check(wire.Request{Operation: operation("ReadThings"), Body: []byte(body)}), "", body)
	}
	for _, body := range []string{"%74-a2", "%", "hello\x00x"} {
		check(t, g.Check(wire.Request{Operation: operation("ReadThings"), Body: []byte(body)}), "coded", body)
	}
}

func TestARefusalRepeatsEightyCharactersAtMost(t *testing.T) {
	g := newGuard()
	for length, want := range map[int]string{80: strings.Repeat("é", 80) + `"`, 81: strings.Repeat("é", 80) + `…"`} {
		err := g.Check(wire.Request{Operation: operation("ReadThings"), Body: []byte(`{"thingIds":["` + strings.Repeat("é", length) + `"]}`)})
		check(t, err, want, "a long id")
	}
}
