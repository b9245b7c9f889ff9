package client

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/wire"
)

func TestWhatAGuardRefusesIsNotSent(t *testing.T) {
	refused := &guard.Refusal{Reason: "it may not leave"}
	c := newClient(t, serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }),
		func(o *Options) { o.Guard = func(wire.Request) error { return refused } })
	exchanges, err := c.Do(context.Background(), wire.Request{Operation: readStatus}, nil)
	require.ErrorIs(t, err, refused)
	assert.Empty(t, exchanges)
}

func TestTheProductionHostNeedsBothConfirmations(t *testing.T) {
	both := guard.Allowance{Production: true, ConfirmHost: guard.ProductionHost}
	cases := map[string]struct {
		endpoint string
		allow    guard.Allowance
		want     bool
	}{
		"neither":                          {"https://console.zenlayer.com", guard.Allowance{}, false},
		"the file alone":                   {"https://console.zenlayer.com", guard.Allowance{Production: true}, false},
		"the command line alone":           {"https://console.zenlayer.com", guard.Allowance{ConfirmHost: guard.ProductionHost}, false},
		"another host confirmed":           {"https://console.zenlayer.com", guard.Allowance{Production: true, ConfirmHost: "zenlayer.com"}, false},
		"both":                             {"https://console.zenlayer.com", both, true},
		"both, in another letter case":     {"https://console.zenlayer.com", guard.Allowance{Production: true, ConfirmHost: "Console.Zenlayer.COM"}, true},
		"in another letter case":           {"https://CONSOLE.Zenlayer.com", guard.Allowance{}, false},
		"with the root's dot":              {"https://console.zenlayer.com.", guard.Allowance{}, false},
		"with a port":                      {"https://console.zenlayer.com:443", guard.Allowance{}, false},
		"with a dot and a port":            {"https://console.zenlayer.com.:8443", guard.Allowance{}, false},
		"a name that contains it":          {"https://console.zenlayer.com.example.test", guard.Allowance{}, true},
		"a name that ends in it":           {"https://my-console.zenlayer.com", guard.Allowance{}, true},
		"plain http, both":                 {"http://console.zenlayer.com", both, false},
		"plain http":                       {"http://api.example.test", guard.Allowance{}, false},
		"plain http, allowed":              {"http://api.example.test", guard.Allowance{PlainHTTP: true}, true},
		"plain http to this machine":       {"http://127.0.0.1:8080", guard.Allowance{}, true},
		"plain http to this machine, IPv6": {"http://[::1]:8080", guard.Allowance{}, true},
		"plain http to localhost":          {"http://localhost:8080", guard.Allowance{}, true},
		"plain http to a lookalike":        {"http://localhost.example.test", guard.Allowance{}, false},
		"plain http to a lookalike of IP":  {"http://127.0.0.1.example.test", guard.Allowance{}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(c.endpoint)
			require.NoError(t, err)
			_, err = New(Options{Endpoint: u, Allow: c.allow})
			var refusal *guard.Refusal
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
	var refusal *guard.Refusal
	assert.ErrorAs(t, err, &refusal)
}
