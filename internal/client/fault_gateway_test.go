package client

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

func TestFaultRedirect(t *testing.T) {
	followed := 0
	var target string
	target = serve(t, func(w http.ResponseWriter, r *http.Request) {
		followed++
		http.Redirect(w, r, target+"/elsewhere", http.StatusTemporaryRedirect)
	})
	for _, status := range []int{301, 302, 303, 307, 308, 304, 300} {
		e := names(t, newClient(t, serve(t, answers(status, map[string]string{"Location": target}, ""))), wire.CauseRedirect, strconv.Itoa(status))
		assert.Equal(t, status, e.Received.Status)
	}
	assert.Zero(t, followed)
}

func TestFaultGatewayChallenge(t *testing.T) {
	e := names(t, newClient(t, serve(t, answers(403, map[string]string{"Cf-Mitigated": "challenge"}, "<html>"))), wire.CauseChallenge, "challenge")
	assert.Equal(t, "<html>", string(e.Received.Body))
}

func TestFaultGateway451(t *testing.T) {
	names(t, newClient(t, serve(t, answers(451, nil, "<html>"))), wire.CauseLegal, "451")
}

func TestFaultBadGateway(t *testing.T) {
	e := names(t, newClient(t, serve(t, answers(502, nil, "<html>"))), wire.CauseBadGateway, "502")
	assert.Equal(t, 5, e.Attempt)
}

func TestFaultGatewayTimeout(t *testing.T) {
	names(t, newClient(t, serve(t, answers(504, nil, "<html>"))), wire.CauseGatewayTimeout, "504")
}

// envelope is a whole failure of this API.
const envelope = `{"requestId":"r","code":"INTERNAL_SERVER_ERROR","message":"m"}`

func TestFaultGatewaysOwnStatuses(t *testing.T) {
	page := "<html><h1>error</h1></html>"
	for status, cause := range map[int]wire.Cause{
		407: wire.CauseProxyAuthorization, 408: wire.CauseRequestTimeout, 421: wire.CauseMisdirected,
		451: wire.CauseLegal, 502: wire.CauseBadGateway, 504: wire.CauseGatewayTimeout,
		520: wire.CauseEdgeUnknown, 521: wire.CauseEdgeDown, 522: wire.CauseEdgeConnect, 523: wire.CauseEdgeUnreachable,
		524: wire.CauseEdgeTimeout, 525: wire.CauseEdgeHandshake, 526: wire.CauseEdgeCertificate, 527: wire.CauseEdgeRailgun, 530: wire.CauseEdgeDNS,
	} {
		for _, body := range []string{"", page, "error code: " + strconv.Itoa(status), `{"code":"INTERNAL_SERVER_ERROR","message":"m"}`, `{"error":{"requestId":"r"}}`} {
			names(t, newClient(t, serve(t, answers(status, nil, body)), noRetry), cause, strconv.Itoa(status))
		}
		e := one(t, newClient(t, serve(t, answers(status, nil, envelope)), noRetry), wire.Request{Operation: readStatus, Effect: wire.Reads})
		assert.True(t, e.Judgeable(), "a whole envelope of this API under %d is the endpoint's own: %s", status, e.Cause)
	}
	for _, status := range []int{528, 529, 531, 599, 410, 403} {
		assert.True(t, one(t, newClient(t, serve(t, answers(status, nil, page)), noRetry), wire.Request{Operation: readStatus}).Judgeable(), status)
	}
}

func TestFaultTLSPortSaysSo(t *testing.T) {
	const (
		nginx  = "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"
		golang = "Client sent an HTTP request to an HTTPS server.\n"
		apache = "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"
		tomcat = "Bad Request\r\nThis combination of host and port requires TLS.\r\n"
	)
	for _, page := range []string{nginx, golang, apache, tomcat} {
		names(t, newClient(t, serve(t, answers(400, nil, page))), wire.CauseTLS, "the endpoint is https")
	}
	demand := http2Server(t, answers(400, nil, "<html><center><h1>400 Bad Request</h1></center><center>No required SSL certificate was sent</center></html>"))
	names(t, newClient(t, demand.URL, trusts(demand)), wire.CauseTLS, "a client certificate is demanded")
	t.Run("a port of TLS itself", func(t *testing.T) {
		names(t, newClient(t, strings.Replace(demand.URL, "https:", "http:", 1)), wire.CauseTLS, "the endpoint is https")
	})
	for _, body := range []string{"<html>400 Bad Request</html>", `{"requestId":"r","code":"INVALID_PARAMETER_VALUE","message":"The plain HTTP request was sent to HTTPS port"}`} {
		assert.True(t, one(t, newClient(t, serve(t, answers(400, nil, body))), wire.Request{Operation: readStatus}).Judgeable(), body)
	}
}

func TestFaultRateLimited(t *testing.T) {
	assert.Equal(t, 5, names(t, newClient(t, serve(t, answers(429, nil, "{}"))), wire.CauseRateLimited, "429").Attempt)
}

func TestFaultUnavailable(t *testing.T) {
	assert.Equal(t, 5, names(t, newClient(t, serve(t, answers(503, nil, "{}"))), wire.CauseUnavailable, "503").Attempt)
}

func TestWholeAnswersAreTheEndpointsOwn(t *testing.T) {
	cases := map[string]http.HandlerFunc{
		"HTML under 400":           answers(400, map[string]string{"Content-Type": "text/html"}, "<html>"),
		"HTML under 200":           answers(200, map[string]string{"Content-Type": "text/html"}, "<html>"),
		"200 that is no JSON":      answers(200, nil, "{"),
		"an empty 200":             answers(200, nil, ""),
		"no content":               answers(204, nil, ""),
		"403 without cf-mitigated": answers(403, nil, "{}"),
		"a 500 that persists":      answers(500, nil, "{}"),
		"an undocumented 418":      answers(418, nil, ""),
		"401":                      answers(401, nil, "{}"),
	}
	for name, handler := range cases {
		t.Run(name, func(t *testing.T) {
			exchanges, err := newClient(t, serve(t, handler)).Do(context.Background(), wire.Request{Operation: readStatus, Effect: wire.Reads}, nil)
			require.NoError(t, err)
			last := exchanges[len(exchanges)-1]
			assert.Empty(t, last.Cause, last.Detail)
			assert.True(t, last.Judgeable())
		})
	}
}

func TestFaultClockSkew(t *testing.T) {
	const expired = `{"requestId":"r","code":"AUTHFAILURE_SIGNATURE_EXPIRED","message":"m"}`
	now := time.Now()
	cases := map[string]struct {
		off    time.Duration // the server's clock from the local one
		skew   time.Duration
		status int
		body   string
		want   wire.Cause
	}{
		"refused, the clocks agree":                         {0, 0, 401, expired, ""},
		"refused, the local clock is late":                  {6 * time.Minute, 0, 401, expired, wire.CauseClockSkew},
		"refused, the local clock is early":                 {-6 * time.Minute, 0, 401, expired, wire.CauseClockSkew},
		"refused, off by less than the window":              {4 * time.Minute, 0, 401, expired, ""},
		"refused for another reason, the clock is off":      {6 * time.Minute, 0, 401, `{"code":"AUTHFAILURE_SIGNATURE_FAILURE"}`, ""},
		"accepted, the clock is off":                        {6 * time.Minute, 0, 200, "{}", ""},
		"meant to be refused and refused":                   {0, 10 * time.Minute, 401, expired, ""},
		"meant to be refused, accepted, the clocks agree":   {0, 10 * time.Minute, 200, "{}", ""},
		"meant to be refused, in fact inside the window":    {9 * time.Minute, 10 * time.Minute, 200, "{}", wire.CauseClockSkew},
		"meant to be accepted, in fact outside the window":  {-20 * time.Second, 290 * time.Second, 401, expired, wire.CauseClockSkew},
		"meant to be accepted, refused, the clocks agree":   {0, 240 * time.Second, 401, expired, ""},
		"refused in the last seconds of the window is skew": {300 * time.Second, 0, 401, expired, wire.CauseClockSkew},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			date := now.Add(c.off).UTC().Format(http.TimeFormat)
			client := newClient(t, serve(t, answers(c.status, map[string]string{"Date": date}, c.body)), func(o *Options) {
				o.Clock = func() time.Time { return now }
			})
			e := one(t, client, wire.Request{Operation: readStatus, Auth: wire.Auth{Skew: c.skew}})
			assert.Equal(t, c.want, e.Cause, e.Detail)
			if c.want != "" {
				assert.Contains(t, e.Detail, "local clock is")
			}
		})
	}
}
