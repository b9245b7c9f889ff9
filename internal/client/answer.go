package client

import (
	"fmt"
	"net/http"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

const (
	// window is how far a timestamp may be off (E).
	window = 5 * time.Minute
	// dateRounding is what the Date header and the timestamp lose: each has whole seconds.
	dateRounding = time.Second
	// codeExpired refuses a timestamp that is too far off (E).
	codeExpired = "AUTHFAILURE_SIGNATURE_EXPIRED"
)

// causeOfAnswer returns why a whole answer says nothing about conformance, or "".
func (c *Client) causeOfAnswer(o *outgoing, r wire.Received) (wire.Cause, string) {
	cause := wire.CauseOf(r.Status, r.Header)
	switch cause {
	case "":
		return clockSkew(o, r)
	case wire.CauseRedirect:
		return cause, fmt.Sprintf("status %d to %q, not followed", r.Status, r.Header.Get("Location"))
	case wire.CauseChallenge:
		return cause, fmt.Sprintf("status %d, cf-mitigated: %s", r.Status, r.Header.Get("Cf-Mitigated"))
	}
	return cause, fmt.Sprintf("status %d", r.Status)
}

// clockSkew notices an answer that the local clock decided: a timestamp meant to lie
// inside the window was refused as expired and lay outside by the server's Date, or
// one meant to lie outside was not and lay inside.
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
