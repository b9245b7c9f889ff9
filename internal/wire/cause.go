package wire

import "net/http"

// Cause names why an exchange says nothing about conformance.
type Cause string

const (
	CauseRefused          Cause = "connection-refused"
	CauseLost             Cause = "connection-lost"
	CauseDNS              Cause = "dns"
	CauseTLS              Cause = "tls"
	CauseTimeout          Cause = "timeout"
	CauseTruncated        Cause = "truncated-body"
	CauseOversized        Cause = "oversized-body"
	CauseNotHTTP          Cause = "not-http"
	CauseInterrupted      Cause = "interrupted"
	CauseUnreachable      Cause = "unreachable" // no route to the host, or no connection for another reason
	CauseProxy            Cause = "proxy"       // the proxy between here and the endpoint refused the tunnel
	CauseOversizedHeaders Cause = "oversized-headers"
	CauseEncoding         Cause = "content-encoding" // a body coded in a way that was not asked for and cannot be read

	CauseRedirect       Cause = "redirect"
	CauseChallenge      Cause = "gateway-challenge" // 403 with cf-mitigated: challenge (K)
	CauseLegal          Cause = "gateway-451"       // 451 (K)
	CauseBadGateway     Cause = "bad-gateway"       // 502
	CauseGatewayTimeout Cause = "gateway-timeout"   // 504
	CauseRateLimited    Cause = "rate-limited"      // 429 that stays (E, K)
	CauseUnavailable    Cause = "unavailable"       // 503 that stays (E)
	CauseClockSkew      Cause = "clock-skew"        // refused as expired while the local clock is off
	CausePassing        Cause = "passing-error"     // a 500 after which the request was sent again: the last answer counts
)

// CauseOf returns the cause that an answer's status and headers alone give, or "".
// Every other answer that arrives whole is the endpoint's own.
func CauseOf(status int, header http.Header) Cause {
	switch {
	case status >= 300 && status < 400:
		return CauseRedirect
	case status == http.StatusForbidden && header.Get("cf-mitigated") != "":
		return CauseChallenge
	case status == http.StatusUnavailableForLegalReasons:
		return CauseLegal
	case status == http.StatusBadGateway:
		return CauseBadGateway
	case status == http.StatusGatewayTimeout:
		return CauseGatewayTimeout
	case status == http.StatusTooManyRequests:
		return CauseRateLimited
	case status == http.StatusServiceUnavailable:
		return CauseUnavailable
	}
	return ""
}
