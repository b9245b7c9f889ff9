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

// Known is what is certain of a target, so that it cannot explain an answer.
type Known struct {
	Credentials bool // the endpoint knows them
	Rights      bool // they may call every operation
	Clock       bool // the endpoint's clock and ours agree
}

const (
	codeUnauthorized = "AUTHFAILURE_UNAUTHORIZED_OPERATION" // E
	codeExpired      = "AUTHFAILURE_SIGNATURE_EXPIRED"      // E

	// window is how far a timestamp may be off (E).
	window = 5 * time.Minute
	// windowMargin keeps what is asked about a window clear of the second at which it ends.
	windowMargin = 10 * time.Second
	// timesAsked is how often a read is asked for before a credential counts as refused.
	timesAsked = 6
)

// access is what a run has seen of the credentials it uses: which of them the endpoint
// serves, and which operations. Our credential, and our clock, are possible causes of a
// 401 before the endpoint is.
type access struct {
	client     *client.Client
	known      Known
	operations map[string]wire.Operation // of the contract, by action
	reads      []wire.Operation          // those that any caller may ask, without parameters

	mu      sync.Mutex
	refused map[wire.Scheme]bool // since it was served last
	turns   map[wire.Scheme]bool // the same request was refused and served
	served  map[use]bool
}

// use is an operation called with a credential; with scheme "", with any.
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
	delete(reads, wire.Operation{}) // of a lifecycle that changes the status alone
	a.reads = slices.SortedFunc(maps.Keys(reads), func(a, b wire.Operation) int { return strings.Compare(b.Action, a.Action) })
	return a
}

// explanation is why an answer need not be the endpoint's fault, with what was asked to find out.
type explanation struct {
	exchanges []wire.Exchange
	// unauthenticated says that the endpoint refuses the credential itself, which is known
	// to be good, and not this request alone.
	unauthenticated bool
}

// blame gives the answer, and those to what was asked because of it, a cause.
func (x explanation) blame(e *wire.Exchange, cause wire.Cause, detail string) {
	e.Cause, e.Detail = cause, detail
	for i := range x.exchanges {
		if asked := &x.exchanges[i]; asked.Judgeable() && asked.Received.Status == e.Received.Status {
			asked.Cause, asked.Detail = cause, detail
		}
	}
}

// explain looks at the answer to a request that is authenticated as the documents say. It
// gives the exchange a cause where the answer may be due to our credential or our clock.
func (a *access) explain(ctx context.Context, req wire.Request, e *wire.Exchange) explanation {
	scheme, has := a.client.Scheme(req.Auth)
	if !has || !e.Judgeable() {
		return explanation{}
	}
	answer := wire.Answer{Status: e.Received.Status}
	if answer.Status == http.StatusUnauthorized {
		answer = wire.ReadAnswer(*e.Received)
	}
	if answer.Status == http.StatusUnauthorized && !wire.Enveloped(e.Received.Body) { // whoever is in front may ask for a login of its own
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

// right reports whether a request is authenticated as the documents say, whenever it
// claims to be signed.
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

// serve notes that a right request was served.
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

// unauthorized explains a 401. Whether the endpoint refuses this request or the
// credential is asked of it by further reads, until it is known.
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

// otherToken reports whether what was asked because of a refusal was asked with another
// token than was refused. Then that one had expired.
func otherToken(scheme wire.Scheme, refused wire.Exchange, asked []wire.Exchange) bool {
	const header = "Authorization"
	return scheme == wire.SchemeBearer && slices.ContainsFunc(asked, func(e wire.Exchange) bool {
		return e.Sent.Header.Get(header) != refused.Sent.Header.Get(header)
	})
}

// ask sends the request again, if it changes nothing, and reads that need no parameter:
// again says that the same request was then not refused, served that a read was served.
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

// revoked asks whether the endpoint refuses the credential now, and returns what says so: nil where a read is served.
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

// read asks a read operation for its first page, and returns the status of the answer: 0
// when it says nothing.
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

// send adds what a request took to the exchanges, and returns the answer, or nil when it
// says nothing.
func (a *access) send(ctx context.Context, req wire.Request, exchanges *[]wire.Exchange) *wire.Exchange {
	sent, err := a.client.Do(ctx, req, nil)
	if err != nil {
		return nil // a guard keeps it back: nothing is known then
	}
	*exchanges = append(*exchanges, sent...)
	if last := &sent[len(sent)-1]; last.Judgeable() {
		return last
	}
	return nil
}

// inTime explains an answer about the window of time in which a signature holds. Where the
// endpoint's clock is not known, reads at two other moments tell a window that is too wide
// or too narrow, whatever the clock shows, from one that lies elsewhere because the clocks
// differ: of two moments ten minutes apart a right window holds exactly one.
func (a *access) inTime(ctx context.Context, req wire.Request, e *wire.Exchange, expired bool) explanation {
	var x explanation
	skew := req.Auth.Skew
	meant := skew.Abs() < window // to be accepted
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
	case meant: // a moment further out is accepted, or one nearer on the other side is refused as well
		proved = at(skew+outwards) == http.StatusOK || at(across+outwards) == http.StatusUnauthorized
	case skew.Abs() > 2*window+windowMargin: // so far off that no clock explains it
		proved = true
	default:
		proved = at(skew-outwards) == http.StatusUnauthorized || at(across-outwards) == http.StatusOK
	}
	if !proved || at(0) != http.StatusOK { // where requests signed now are refused, too, the clock may be anywhere
		e.Cause = wire.CauseClockSkew
		e.Detail = fmt.Sprintf("the answer to a request signed %s off fits an endpoint whose clock differs from the local one: set the local clock, then run again", skew)
	}
	return x
}
