package run

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// Known states what is certain about a target, and therefore cannot explain an answer.
type Known struct {
	Credentials bool // the endpoint accepts the credentials
	Rights      bool // the credentials may call every operation
	Clock       bool // the clocks of the endpoint and of this machine agree
}

const (
	codeUnauthorized = "AUTHFAILURE_UNAUTHORIZED_OPERATION" // E
	codeExpired      = "AUTHFAILURE_SIGNATURE_EXPIRED"      // E

	// window is the most that a timestamp may deviate (E).
	window = 5 * time.Minute
	// windowMargin keeps the requests about a window clear of the second in which it ends.
	windowMargin = 10 * time.Second
	// timesAsked is how many reads must fail before a credential counts as refused.
	timesAsked = 6
)

// access records what a run has seen of its credentials: which of them the endpoint accepts, and
// for which operations. A 401 may be due to the credential or the local clock, and these are ruled
// out before the endpoint is blamed.
type access struct {
	client     *client.Client
	known      Known
	operations map[string]wire.Operation // all operations of the contract, by action
	reads      []wire.Operation          // reads that any caller may send without parameters

	mu      sync.Mutex
	refused map[wire.Scheme]bool // refused since it was last accepted
	turns   map[wire.Scheme]bool // the same request was both refused and accepted
	served  map[use]bool
}

// use is a call of an operation with a credential; scheme "" means any credential.
type use struct {
	action string
	scheme wire.Scheme
}

func newAccess(t Target, c *contract.Contract) *access {
	a := &access{
		client: t.Client, known: t.Known, operations: map[string]wire.Operation{},
		refused: map[wire.Scheme]bool{}, turns: map[wire.Scheme]bool{}, served: map[use]bool{},
	}
	reads := map[wire.Operation]bool{}
	for _, op := range c.Operations() {
		a.operations[op.Action] = op
		if l, has := c.Lifecycle(op); has {
			reads[l.Observed.Operation], reads[l.Changed.Operation] = true, true
		}
	}
	delete(reads, wire.Operation{}) // from lifecycles that only change the status
	a.reads = slices.SortedFunc(maps.Keys(reads), func(a, b wire.Operation) int { return strings.Compare(b.Action, a.Action) })
	return a
}

// explanation says why an answer may not be the endpoint's fault, with the exchanges that were made
// to find out.
type explanation struct {
	exchanges []wire.Exchange
	// unauthenticated means that the endpoint refuses the credential itself, which is known to be
	// good, and not only this request.
	unauthenticated bool
}

// blame sets the cause of the exchange, and of those that were made to find it out.
func (x explanation) blame(e *wire.Exchange, cause wire.Cause, detail string) {
	e.Cause, e.Detail = cause, detail
	for i := range x.exchanges {
		if asked := &x.exchanges[i]; asked.Judgeable() && asked.Received.Status == e.Received.Status {
			asked.Cause, asked.Detail = cause, detail
		}
	}
}

// explain examines the answer to a correctly authenticated request. It sets a cause on the exchange
// if the answer may be due to the credential or the local clock.
func (a *access) explain(ctx context.Context, req wire.Request, e *wire.Exchange) explanation {
	scheme, has := a.client.Scheme(req.Auth)
	if !has || !e.Judgeable() {
		return explanation{}
	}
	answer := wire.Answer{Status: e.Received.Status}
	if answer.Status == http.StatusUnauthorized {
		answer = wire.ReadAnswer(*e.Received)
	}
	if answer.Status == http.StatusUnauthorized && !wire.Enveloped(e.Received.Body) { // a proxy in front of the endpoint may require its own login
		return a.unauthorized(ctx, req, scheme, e, "without an envelope of this API")
	}
	if !right(req) || a.operations[req.Operation.Action] != req.Operation {
		return explanation{}
	}
	expired := answer.Status == http.StatusUnauthorized && answer.Code == codeExpired
	switch {
	case req.Auth.Skew != 0 && (expired || answer.Status != http.StatusUnauthorized):
		return a.inTime(ctx, req, e, expired)
	case answer.Status == http.StatusUnauthorized:
		return a.unauthorized(ctx, req, scheme, e, answer.Code)
	case answer.Succeeded():
		a.serve(req.Operation.Action, scheme)
	}
	return explanation{}
}

// right reports whether a request is authenticated as documented, whatever time its signature
// claims.
func right(req wire.Request) bool {
	auth := req.Auth
	switch auth.Scheme {
	case wire.SchemeNone, wire.SchemeRaw:
		return false
	}
	for name := range req.Header {
		if strings.EqualFold(name, "X-ZC-Timestamp") || strings.EqualFold(name, "X-ZC-Signature-Method") {
			return false
		}
	}
	auth.Scheme, auth.Skew, auth.SignAlso = wire.SchemeDefault, 0, nil
	return req.Method == "" && wire.Request{Auth: auth}.Usual()
}

// serve records that a correct request was accepted.
func (a *access) serve(action string, scheme wire.Scheme) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.served[use{action, scheme}], a.served[use{action, ""}] = true, true
	delete(a.refused, scheme)
}

func (a *access) hasServed(u use) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.served[u]
}

func (a *access) noted(of map[wire.Scheme]bool, scheme wire.Scheme) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return of[scheme]
}

func (a *access) note(of map[wire.Scheme]bool, scheme wire.Scheme) {
	a.mu.Lock()
	defer a.mu.Unlock()
	of[scheme] = true
}

// unauthorized explains a 401. It sends further reads until it is known whether the endpoint
// refuses this request or the credential.
func (a *access) unauthorized(ctx context.Context, req wire.Request, scheme wire.Scheme, e *wire.Exchange, code string) explanation {
	var x explanation
	switch {
	case a.noted(a.turns, scheme):
		x.unauthenticated = true
		return x
	case !a.noted(a.refused, scheme):
		var again, served bool
		x.exchanges, again, served = a.ask(ctx, req, scheme)
		switch {
		case right(req) && otherToken(scheme, *e, x.exchanges):
			x.blame(e, wire.CauseCredential, "the bearer token had expired, and reading it again did not give another one at once")
			return x
		case again:
			a.note(a.turns, scheme)
			x.unauthenticated = true
			return x
		case served && code == codeUnauthorized && !a.known.Rights && !a.hasServed(use{req.Operation.Action, scheme}):
			e.Cause, e.Detail = wire.CauseRights, fmt.Sprintf("401 %s, while other operations are served: the credential may lack the right to this one", code)
			return x
		case served:
			return x
		}
	}
	switch {
	case code == codeExpired && scheme != wire.SchemeBearer && !a.known.Clock: // a token has no timestamp (K)
		x.blame(e, wire.CauseClockSkew, "a request signed just now is refused as expired, and nothing tells the endpoint's clock: set the local clock, then run again")
	case !a.known.Credentials, !wire.Enveloped(e.Received.Body):
		x.blame(e, wire.CauseCredential, fmt.Sprintf("401 %s to a request that is authenticated as the documents say: the credential may be wrong, "+
			"or a gateway in front may rewrite what is signed (Host, Content-Type)", code))
	default:
		x.unauthenticated = true
	}
	return x
}

// otherToken reports whether the reads after a refusal carried a different token from the refused
// one. In that case the refused token had expired.
func otherToken(scheme wire.Scheme, refused wire.Exchange, asked []wire.Exchange) bool {
	const header = "Authorization"
	return scheme == wire.SchemeBearer && slices.ContainsFunc(asked, func(e wire.Exchange) bool {
		return e.Sent.Header.Get(header) != refused.Sent.Header.Get(header)
	})
}

// ask repeats the request if it changes nothing, and sends reads without parameters. again reports
// that the same request was not refused this time, served that a read was accepted.
func (a *access) ask(ctx context.Context, req wire.Request, scheme wire.Scheme) (exchanges []wire.Exchange, again, served bool) {
	for i := range timesAsked {
		if !req.Effect.Acts() && right(req) {
			e := a.send(ctx, req, &exchanges)
			if e != nil && e.Received.Status != http.StatusUnauthorized {
				return exchanges, true, served
			}
		}
		served = a.read(ctx, a.reads[i%len(a.reads)], wire.Auth{Scheme: scheme}, &exchanges) == http.StatusOK || served
	}
	if !served {
		a.note(a.refused, scheme)
	}
	return exchanges, false, served
}

// revoked checks whether the endpoint now refuses the credential. It returns why the run is
// inconclusive, or nil as soon as a read is not answered with 401.
func (a *access) revoked(ctx context.Context) (exchanges []wire.Exchange, why *steps.Inconclusive) {
	for i := range timesAsked {
		if a.read(ctx, a.reads[i%len(a.reads)], wire.Auth{}, &exchanges) != http.StatusUnauthorized {
			return exchanges, nil
		}
	}
	detail := "401 to reads that are authenticated as the documents say: the credential may have been revoked"
	for i := range exchanges {
		exchanges[i].Cause, exchanges[i].Detail = wire.CauseCredential, detail
	}
	return exchanges, &steps.Inconclusive{Cause: wire.CauseCredential, Reason: fmt.Sprintf("%s: %s", wire.CauseCredential, detail)}
}

// read requests the first page of a read operation, and returns the status of the answer, or 0 if
// the answer says nothing.
func (a *access) read(ctx context.Context, op wire.Operation, auth wire.Auth, exchanges *[]wire.Exchange) int {
	e := a.send(ctx, wire.Request{Operation: op, Body: []byte("{}"), Effect: wire.Reads, Auth: auth}, exchanges)
	if e == nil {
		return 0
	}
	if scheme, _ := a.client.Scheme(auth); e.Received.Status == http.StatusOK && auth.Skew == 0 {
		a.serve(op.Action, scheme)
	}
	return e.Received.Status
}

// send appends the exchanges of a request, and returns the last one, or nil if it says nothing.
func (a *access) send(ctx context.Context, req wire.Request, exchanges *[]wire.Exchange) *wire.Exchange {
	sent, err := a.client.Do(ctx, req, nil)
	if err != nil {
		return nil // the guard withheld the request, so nothing is known
	}
	*exchanges = append(*exchanges, sent...)
	if last := &sent[len(sent)-1]; last.Judgeable() {
		return last
	}
	return nil
}

// inTime explains an answer about the time window of signatures. If the endpoint's clock is not
// known, the window may be wrong or the clocks may differ. Reads signed for two other moments tell
// these apart: of two moments ten minutes apart, a window of the right size contains exactly one,
// whatever the clock shows.
func (a *access) inTime(ctx context.Context, req wire.Request, e *wire.Exchange, expired bool) explanation {
	var x explanation
	skew := req.Auth.Skew
	meant := skew.Abs() < window // the request should be accepted
	if a.known.Clock || meant != expired {
		return x
	}
	outwards, across := windowMargin, skew-2*window
	if skew < 0 {
		outwards, across = -windowMargin, skew+2*window
	}
	auth := req.Auth
	at := func(skew time.Duration) int {
		auth.Skew = skew
		return a.read(ctx, a.reads[0], auth, &x.exchanges)
	}
	var proved bool
	switch {
	case meant: // a more distant moment is accepted, or a nearer one on the other side is refused, too
		proved = at(skew+outwards) == http.StatusOK || at(across+outwards) == http.StatusUnauthorized
	case skew.Abs() > 2*window+windowMargin: // too far off for any difference of clocks
		proved = true
	default:
		proved = at(skew-outwards) == http.StatusUnauthorized || at(across-outwards) == http.StatusOK
	}
	if !proved || at(0) != http.StatusOK { // if requests signed for the current time are refused, too, the clock may show any time
		e.Cause = wire.CauseClockSkew
		e.Detail = fmt.Sprintf("the answer to a request signed %s off fits an endpoint whose clock differs from the local one: set the local clock, then run again", skew)
	}
	return x
}
