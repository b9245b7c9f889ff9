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

	CauseRedirect           Cause = "redirect"
	CauseChallenge          Cause = "gateway-challenge"         // 403 with cf-mitigated: challenge (K)
	CauseLegal              Cause = "gateway-451"               // 451 (K)
	CauseProxyAuthorization Cause = "proxy-authorization"       // 407
	CauseRequestTimeout     Cause = "request-timeout"           // 408
	CauseMisdirected        Cause = "misdirected-request"       // 421
	CauseBadGateway         Cause = "bad-gateway"               // 502
	CauseGatewayTimeout     Cause = "gateway-timeout"           // 504
	CauseEdgeUnknown        Cause = "edge-unknown-error"        // 520, as all that follow an edge's own
	CauseEdgeDown           Cause = "edge-origin-down"          // 521
	CauseEdgeConnect        Cause = "edge-connection-timed-out" // 522
	CauseEdgeUnreachable    Cause = "edge-origin-unreachable"   // 523
	CauseEdgeTimeout        Cause = "edge-origin-timed-out"     // 524
	CauseEdgeHandshake      Cause = "edge-handshake-failed"     // 525
	CauseEdgeCertificate    Cause = "edge-invalid-certificate"  // 526
	CauseEdgeRailgun        Cause = "edge-listener-failed"      // 527
	CauseEdgeDNS            Cause = "edge-origin-dns"           // 530
	CauseRateLimited        Cause = "rate-limited"              // 429 that stays (E, K)
	CauseUnavailable        Cause = "unavailable"               // 503 that stays (E)
	CauseClockSkew          Cause = "clock-skew"                // the clocks differ, or may differ, and that decided the answer
	CauseForeign            Cause = "foreign-change"            // an instance was changed by a call that this run did not make
	CauseUnseen             Cause = "unseen-change"             // a change was over, though no read had met it: it may have been too short for that
	CauseSuperseded         Cause = "superseded-pair"           // refused for a reason that only an older edition documents (O)
	CauseCredential         Cause = "credential-refused"        // 401 to a right request, which our credential may explain as well
	CauseRights             Cause = "operation-not-permitted"   // 401 AUTHFAILURE_UNAUTHORIZED_OPERATION for one action while others are served
	CauseRefusalsAlone      Cause = "refusals-alone"            // the refusal wanted came, but the operation has served nobody
	CausePassing            Cause = "passing-error"             // a 500 after which the request was sent again: the last answer counts
)

// CodeRefusedByProxy is the code of what the proxy answers itself. No document of the API has it.
const CodeRefusedByProxy = "REFUSED_BY_PROXY"

// ofStatus are the causes that a status alone gives. Some gateways answer so in place of
// the endpoint; an answer with a whole envelope of this API is the endpoint's own.
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

// CauseOf returns the cause that an answer alone gives, or "": then the answer is the
// endpoint's own. 429 and 503 are documented answers (E), so an envelope changes nothing
// about them; neither does it where an edge marks an answer as its challenge (K).
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
