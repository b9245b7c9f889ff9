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
	CauseProxy            Cause = "proxy"       // the proxy refused the tunnel to the endpoint
	CauseOversizedHeaders Cause = "oversized-headers"
	CauseEncoding         Cause = "content-encoding" // a content coding that was not asked for and cannot be decoded

	CauseRedirect           Cause = "redirect"
	CauseChallenge          Cause = "gateway-challenge"         // 403 with cf-mitigated: challenge (K)
	CauseLegal              Cause = "gateway-451"               // 451 (K)
	CauseProxyAuthorization Cause = "proxy-authorization"       // 407
	CauseRequestTimeout     Cause = "request-timeout"           // 408
	CauseMisdirected        Cause = "misdirected-request"       // 421
	CauseBadGateway         Cause = "bad-gateway"               // 502
	CauseGatewayTimeout     Cause = "gateway-timeout"           // 504
	CauseEdgeUnknown        Cause = "edge-unknown-error"        // 520; this and the following ones come from an edge server
	CauseEdgeDown           Cause = "edge-origin-down"          // 521
	CauseEdgeConnect        Cause = "edge-connection-timed-out" // 522
	CauseEdgeUnreachable    Cause = "edge-origin-unreachable"   // 523
	CauseEdgeTimeout        Cause = "edge-origin-timed-out"     // 524
	CauseEdgeHandshake      Cause = "edge-handshake-failed"     // 525
	CauseEdgeCertificate    Cause = "edge-invalid-certificate"  // 526
	CauseEdgeRailgun        Cause = "edge-listener-failed"      // 527
	CauseEdgeDNS            Cause = "edge-origin-dns"           // 530
	CauseRateLimited        Cause = "rate-limited"              // a 429 that remains after retries (E, K)
	CauseUnavailable        Cause = "unavailable"               // a 503 that remains after retries (E)
	CauseClockSkew          Cause = "clock-skew"                // the clocks differ, or may differ, and that decided the answer
	CauseForeign            Cause = "foreign-change"            // an instance was changed by a call that this run did not make
	CauseUnseen             Cause = "unseen-change"             // no read showed a change that is over; it may have been too short
	CauseSuperseded         Cause = "superseded-pair"           // refused for a reason that only an older edition documents (O)
	CauseCredential         Cause = "credential-refused"        // a 401 to a correct request, which may be due to the credential
	CauseRights             Cause = "operation-not-permitted"   // 401 AUTHFAILURE_UNAUTHORIZED_OPERATION for one action while others are accepted
	CauseRefusalsAlone      Cause = "refusals-alone"            // the expected refusal came, but the operation has accepted no request at all
	CausePassing            Cause = "passing-error"             // a 500 that was followed by a retry; only the last answer counts
)

// CodeRefusedByProxy is the code of the proxy's own answers. No document of the API has it.
const CodeRefusedByProxy = "REFUSED_BY_PROXY"

// ofStatus are the causes that follow from a status alone. Gateways answer with these statuses in
// place of the endpoint; an answer with a complete envelope is the endpoint's own.
var ofStatus = map[int]Cause{
	http.StatusProxyAuthRequired:          CauseProxyAuthorization,
	http.StatusRequestTimeout:             CauseRequestTimeout,
	http.StatusMisdirectedRequest:         CauseMisdirected,
	http.StatusUnavailableForLegalReasons: CauseLegal,
	http.StatusBadGateway:                 CauseBadGateway,
	http.StatusGatewayTimeout:             CauseGatewayTimeout,
	520:                                   CauseEdgeUnknown,
	521:                                   CauseEdgeDown,
	522:                                   CauseEdgeConnect,
	523:                                   CauseEdgeUnreachable,
	524:                                   CauseEdgeTimeout,
	525:                                   CauseEdgeHandshake,
	526:                                   CauseEdgeCertificate,
	527:                                   CauseEdgeRailgun,
	530:                                   CauseEdgeDNS,
}

// CauseOf returns the cause that follows from an answer alone, or "" if the answer is the
// endpoint's own. 429 and 503 have a cause even with an envelope, because they are documented
// answers (E); so does an answer that an edge server marks as its challenge (K).
func CauseOf(r Received) Cause {
	switch {
	case r.Status == http.StatusForbidden && r.Header.Get("cf-mitigated") != "":
		return CauseChallenge
	case r.Status == http.StatusTooManyRequests:
		return CauseRateLimited
	case r.Status == http.StatusServiceUnavailable:
		return CauseUnavailable
	}
	cause := ofStatus[r.Status]
	if r.Status >= 300 && r.Status < 400 {
		cause = CauseRedirect
	}
	if cause != "" && !Enveloped(r.Body) {
		return cause
	}
	return ""
}
