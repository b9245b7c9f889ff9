package client

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

const (
	// window is the most that a timestamp may deviate (E).
	window = 5 * time.Minute
	// dateRounding is the rounding error of the Date header and the timestamp, both of which have
	// whole seconds.
	dateRounding = time.Second
	// maxPage is how much of a body is searched for the message of a TLS port, in bytes.
	maxPage = 8 << 10
	// codeExpired is the error code for a timestamp that is too far off (E).
	codeExpired = "AUTHFAILURE_SIGNATURE_EXPIRED"
)

// causeOfAnswer returns why a complete answer says nothing about conformance, or "".
func (c *Client) causeOfAnswer(o *outgoing, r wire.Received) (wire.Cause, string) {
	cause := wire.CauseOf(r)
	switch cause {
	case "":
		if detail := refusedByTLS(o.url.Scheme, r); detail != "" {
			return wire.CauseTLS, detail
		}
		return clockSkew(o, r)
	case wire.CauseRedirect:
		return cause, fmt.Sprintf("status %d to %q, not followed", r.Status, r.Header.Get("Location"))
	case wire.CauseChallenge:
		return cause, fmt.Sprintf("status %d, cf-mitigated: %s", r.Status, r.Header.Get("Cf-Mitigated"))
	}
	return cause, fmt.Sprintf("status %d", r.Status)
}

// tlsPages are the messages with which common servers answer 400 if a plain HTTP request reaches a
// TLS-only port, or if the required client certificate is missing.
var tlsPages = map[string]map[string]string{
	"http": {
		"plain http request was sent to https port":         "the port takes TLS alone: the endpoint is https",
		"client sent an http request to an https server":    "the port takes TLS alone: the endpoint is https",
		"speaking plain http to an ssl-enabled server port": "the port takes TLS alone: the endpoint is https",
		"combination of host and port requires tls":         "the port takes TLS alone: the endpoint is https",
	},
	"https": {
		"no required ssl certificate was sent": "a client certificate is demanded",
		"the ssl certificate error":            "the client certificate is refused",
	},
}

// refusedByTLS explains such a refusal by a TLS port, or returns "".
func refusedByTLS(scheme string, r wire.Received) string {
	if r.Status < http.StatusBadRequest || r.Status >= http.StatusInternalServerError || wire.Enveloped(r.Body) {
		return ""
	}
	body := strings.ToLower(string(r.Body[:min(len(r.Body), maxPage)]))
	for page, means := range tlsPages[scheme] {
		if strings.Contains(body, page) {
			return fmt.Sprintf("status %d, of whoever ends TLS in front of the endpoint: %s", r.Status, means)
		}
	}
	return ""
}

// clockSkew detects an answer that was decided by the local clock. Either a timestamp meant to lie
// inside the window was refused as expired, and lay outside by the server's Date; or one meant to
// lie outside was accepted, and lay inside.
func clockSkew(o *outgoing, r wire.Received) (wire.Cause, string) {
	date, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil || o.signature == "" || o.from.Auth.OmitTimestamp || o.from.Auth.Milliseconds {
		return "", ""
	}
	expired := r.Status == http.StatusUnauthorized && wire.ReadAnswer(r).Code == codeExpired
	meantOutside := o.from.Auth.Skew.Abs() > window
	off := o.stamped.Add(o.from.Auth.Skew).Sub(date).Abs()
	switch {
	case expired && !meantOutside && off >= window-dateRounding:
	case !expired && meantOutside && off <= window+dateRounding:
	default:
		return "", ""
	}
	return wire.CauseClockSkew, fmt.Sprintf("the local clock is %s off the endpoint's Date: set it, then run again",
		o.stamped.Sub(date).Round(time.Second))
}
