package account

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

const (
	window = 5 * time.Minute  // the most that a timestamp may deviate (E)
	margin = 30 * time.Second // tolerance for clocks with whole seconds and for slow answers
	bearer = "Bearer "        // the scheme of tokens (K)
)

var wholeSeconds = regexp.MustCompile(`^[0-9]{1,18}$`)

// caller determines what the authentication of a request deserves.
func (j *Judge) caller(d *deserved, e *event) {
	value := sent(e.x, "Authorization")
	if stamps := sentAll(e.x, "X-ZC-Timestamp"); len(stamps) > 0 && !wholeSeconds.MatchString(stamps[0]) {
		d.mayRefuse(under(http.StatusBadRequest, http.StatusUnauthorized))
	}
	switch {
	case ambiguous(e.x):
		d.unauthenticated()
		d.open = true
	case !j.options.Redacted && (isPlaceholder(value) || isPlaceholder(sent(e.x, "X-ZC-Timestamp"))):
		d.unauthenticated()
	case value == "" && j.signed:
		j.refuseUnder(d, j.clause(verdict.RoleAuthorizationRequired, e.op), http.StatusUnauthorized)
	case value == "":
		d.unauthenticated() // the recorder may have removed it
	case strings.HasPrefix(value, bearer):
		j.token(d, e, strings.TrimPrefix(value, bearer))
	case strings.HasPrefix(value, sign.Method+" "):
		j.signature(d, e, value)
	case value == strings.TrimSpace(bearer), value == sign.Method: // the scheme alone, without credentials
		j.refuseUnder(d, j.clause(verdict.RoleAuthorizationMalformed, e.op), http.StatusUnauthorized)
	default:
		j.refuseAs(d, e, verdict.RoleAuthorizationMalformed, "")
	}
	d.authentic = len(d.refused) == 0 && !d.unchecked
	if d.authentic {
		d.mayRefuse(j.rights(e)) // the endpoint checks rights only after it knows the caller
	}
}

// rights allows a refusal for lack of permission: the traffic does not show who has it.
func (j *Judge) rights(e *event) allow {
	clause := j.clause(verdict.RoleUnauthorized, e.op)
	return func(p verdict.Pair) bool { return p.Clause == clause && clause != "" }
}

func (j *Judge) token(d *deserved, e *event, token string) {
	c := j.options.Credentials
	switch {
	case token == secret.Redacted && j.options.Redacted, c != nil && !c.Token.Empty() && token == c.Token.Reveal():
	case j.options.Redacted:
		j.refuseUnder(d, j.clause(verdict.RoleTokenRefused, e.op), http.StatusUnauthorized)
	default:
		d.unauthenticated() // it may belong to somebody else
	}
}

func (j *Judge) signature(d *deserved, e *event, value string) {
	stamp, method := sent(e.x, "X-ZC-Timestamp"), sent(e.x, "X-ZC-Signature-Method")
	switch {
	case stamp == "":
		j.refuseUnder(d, j.clause(verdict.RoleTimestampRequired, e.op), http.StatusUnauthorized)
		return
	case method == "":
		j.refuseUnder(d, j.clause(verdict.RoleMethodRequired, e.op), http.StatusUnauthorized)
		return
	case method != sign.Method: // no document says whether other methods exist
		d.unauthenticated()
		d.open = true
		return
	case !wholeSeconds.MatchString(stamp):
		j.refuseUnder(d, j.clause(verdict.RoleClockAccepted, e.op), http.StatusBadRequest, http.StatusUnauthorized)
		return
	}
	j.clock(d, e, stamp)
	c := j.options.Credentials
	switch {
	case strings.HasSuffix(value, "="+secret.RedactedMisfit):
		j.refuseAs(d, e, verdict.RoleSignatureRefused, "")
		return
	case strings.HasSuffix(value, "="+secret.RedactedMalformed):
		j.refuseUnder(d, j.clause(verdict.RoleSignatureRefused, e.op), http.StatusUnauthorized)
		return
	case strings.HasSuffix(value, "="+secret.Redacted) && j.options.Redacted && c != nil && c.KeyID != "":
		if !strings.Contains(value, " Credential="+c.KeyID+",") {
			j.refuseUnder(d, j.clause(verdict.RoleKeyUnknown, e.op), http.StatusUnauthorized)
		}
		return
	}
	if c == nil || c.Password.Empty() || strings.Contains(value, secret.Redacted) {
		d.unauthenticated()
		return
	}
	credential, err := sign.Parse(value)
	signs := func(name string) bool { return err == nil && slices.Contains(credential.SignedHeaders, name) }
	switch {
	case err != nil || !signs("host") || !signs("content-type"):
		d.unauthenticated() // the endpoint decides which other forms follow the standard
		d.open = true
	case credential.KeyID != c.KeyID || isPlaceholder(credential.Signature):
		d.unauthenticated() // it may belong to somebody else
	case !credential.Verify(c.Password.Reveal(), e.x.Sent.Method, stamp, e.header, e.x.Sent.Body):
		j.refuseAs(d, e, verdict.RoleSignatureRefused, "")
	case slices.ContainsFunc(credential.SignedHeaders, func(name string) bool { return e.header(name) != strings.ToLower(e.header(name)) }):
		d.unauthenticated() // values may be signed as they are or in lower case (protocol 9)
	}
	if err == nil && value != credential.Authorization() {
		d.mayRefuse(under(http.StatusUnauthorized)) // blanks and letter case that the documents do not show
	}
}

// ambiguous reports whether a header that selects the caller or the operation was sent with two
// values. No document says which one counts.
func ambiguous(x wire.Exchange) bool {
	return slices.ContainsFunc([]string{"Authorization", "X-ZC-Timestamp", "X-ZC-Signature-Method", "X-ZC-Action", "X-ZC-Version", "Content-Type", "Host"}, func(name string) bool {
		values := sentAll(x, name)
		return len(values) > 1 && slices.ContainsFunc(values[1:], func(value string) bool { return value != values[0] })
	})
}

// placeholder matches what people and recorders put in place of a secret.
var placeholder = regexp.MustCompile(`(?i)^(?:[*•.x-]{3,}|\W*(?:redacted|filtered|removed|hidden|masked|omitted|sanitized|secret)\W*|\[.*\]|<.*>|\$?\{.*\})$`)

// isPlaceholder reports whether a value is a placeholder for a secret.
func isPlaceholder(value string) bool { return placeholder.MatchString(value) }

// sentAll returns the values of a request header, whatever the case of its name.
func sentAll(x wire.Exchange, name string) []string {
	if values := x.Sent.Header[name]; len(values) > 0 {
		return values
	}
	for as, values := range x.Sent.Header {
		if strings.EqualFold(as, name) && len(values) > 0 {
			return values
		}
	}
	return nil
}

// sent returns the first value of a request header.
func sent(x wire.Exchange, name string) string {
	if values := sentAll(x, name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// header returns the value of a header in the form in which it is signed.
func (e *event) header(name string) string {
	if value := sent(e.x, name); value != "" || name != "host" {
		return value
	}
	if at, err := url.Parse(e.x.Sent.URL); err == nil {
		return at.Host
	}
	return ""
}

// clock checks a timestamp against the clock of the endpoint, if the answer shows it.
func (j *Judge) clock(d *deserved, e *event, stamp string) {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	expired, stated := j.pairOf(e, verdict.RoleExpired)
	if err != nil || !stated || e.x.Received == nil {
		return
	}
	now, err := http.ParseTime(e.x.Received.Header.Get("Date"))
	off := window + margin
	if apart := now.Unix() - seconds; apart > -int64(off/time.Second) && apart < int64(off/time.Second) {
		off = (time.Duration(apart) * time.Second).Abs()
	}
	switch {
	case err != nil || off > window-margin && off < window+margin:
		d.mayRefuse(exactly(expired))
	case off >= window+margin:
		d.refuse(reason{clause: expired.Clause, want: expired.String(), allow: exactly(expired)})
	}
}
