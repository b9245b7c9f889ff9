package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/wire"
)

// Check is one thing that a run needs, and whether it is so.
type Check struct {
	Name  language.Phrase
	Found language.Phrase
	Fix   language.Phrase // what to do about it; none when it is ok
	Cause wire.Cause      // why the endpoint or the credential cannot be judged; "" when it can
	// Tolerable says that a run goes on all the same: it judges the endpoint for it, or
	// skips what it cannot do.
	Tolerable bool
	// Doubt says that it is the endpoint's own fault, as far as reads can show: a run
	// judges it, and no configuration can fix it.
	Doubt bool
}

// OK reports whether nothing has to be done about it.
func (c Check) OK() bool { return c.Fix == language.Phrase{} }

// clockTolerance is how far the local clock may be off: scenarios sign four and six
// minutes off, so that a minute more or less would carry them over the limit (E).
const clockTolerance = 45 * time.Second

// Examine asks the endpoint, by reading alone, for what a run needs, and looks for what
// earlier runs have left. It ends with the first check without which the others cannot be made.
func (r *Remote) Examine(ctx context.Context) ([]Check, error) {
	d, err := r.examine(ctx)
	if err != nil {
		return d.checks, err
	}
	d.journal()
	return d.checks, nil
}

// Preflight returns the checks that a run would be a lost cause against, of those of
// Examine: the configuration is wrong, or endpoint or credential cannot be judged. What the
// endpoint itself seems to do wrong it returns as doubts.
func (r *Remote) Preflight(ctx context.Context) (failed, doubts []Check, err error) {
	d, err := r.examine(ctx)
	for _, c := range d.checks {
		switch {
		case c.Doubt:
			doubts = append(doubts, c)
		case !c.OK() && !c.Tolerable:
			failed = append(failed, c)
		}
	}
	return failed, doubts, err
}

func (r *Remote) examine(ctx context.Context) (*doctor, error) {
	d := &doctor{Remote: r}
	var err error
	if d.lifecycle, err = r.restorer.changer.lifecycle(); err != nil {
		return d, err
	}
	for _, examine := range []func(context.Context) error{d.endpoint, d.instances, d.types} {
		if err := examine(ctx); err != nil {
			if errors.Is(err, errEnough) {
				break
			}
			return d, err
		}
	}
	return d, nil
}

// errEnough ends an examination: without what failed the rest cannot be seen.
var errEnough = errors.New("nothing more can be found out")

type doctor struct {
	*Remote
	lifecycle contract.Lifecycle
	checks    []Check
	first     []string        // the ids that the first page of a read without a filter shows
	there     map[string]bool // the listed instances that exist
	blind     bool            // what the first page shows is not found by its id
}

func (d *doctor) ok(name language.Phrase, found string, args ...any) {
	d.checks = append(d.checks, Check{Name: name, Found: language.Said(found, args...)})
}

// fail is for what the configuration has to set right.
func (d *doctor) fail(name, found, fix language.Phrase) {
	d.checks = append(d.checks, Check{Name: name, Found: found, Fix: fix})
}

// tolerate is for what a run can go on with.
func (d *doctor) tolerate(name, found, fix language.Phrase) {
	d.checks = append(d.checks, Check{Name: name, Found: found, Fix: fix, Tolerable: true})
}

// doubt is for what the endpoint itself does wrong: a run judges it.
func (d *doctor) doubt(name language.Phrase, found string, args ...any) {
	d.odd(name, language.Said(found, args...))
}

// odd is for what the endpoint shows that no right one does.
func (d *doctor) odd(name, found language.Phrase) {
	fix := language.Said("nothing to configure: conformance run judges this")
	d.checks = append(d.checks, Check{Name: name, Found: found, Fix: fix, Tolerable: true, Doubt: true})
}

// unjudged is for what says nothing about the endpoint.
func (d *doctor) unjudged(name language.Phrase, cause wire.Cause, found any) {
	fix := cmp.Or(language.Advice(cause), language.Said("check that endpoint is the address of the API"))
	d.checks = append(d.checks, Check{Name: name, Found: language.Said("{0}: {1}", cause, found), Fix: fix, Cause: cause})
}

// What a check is of, where that is no listed instance.
func endpointCheck() language.Phrase   { return language.Said("endpoint") }
func instancesCheck() language.Phrase  { return language.Said("instances") }
func credentialCheck() language.Phrase { return language.Said("credentials") }

// endpoint looks at what an exchange of each kind of authentication shows.
func (d *doctor) endpoint(ctx context.Context) error {
	schemes := map[wire.Scheme]language.Phrase{}
	if d.pool.hmac {
		schemes[wire.SchemeHMAC] = language.Said("the key of {0}", d.Config.Credentials.KeyID)
	}
	if d.pool.bearer {
		schemes[wire.SchemeBearer] = language.Said("the token of {0}", d.Config.Credentials.tokenPlace())
	}
	accepted := true
	for i, scheme := range slices.Sorted(maps.Keys(schemes)) {
		e, err := d.ask(ctx, d.lifecycle.Observed, nil, scheme)
		if err != nil {
			return err
		}
		if !e.Judgeable() {
			d.unjudged(endpointCheck(), e.Cause, e.Detail)
			return errEnough
		}
		if i == 0 {
			d.ok(endpointCheck(), "{0} answers ({1})", d.Config.Endpoint, e.Received.Proto)
			if way := d.Config.way(d.env); len(way) > 0 {
				d.checks = append(d.checks, Check{Name: language.Said("connection"), Found: language.List(way)})
			}
			d.transport()
			d.clock(*e)
		}
		accepted = d.credential(scheme, schemes[scheme], *e.Received) && accepted
	}
	if !accepted {
		return errEnough
	}
	return nil
}

func (d *doctor) transport() {
	name := language.Said("tls")
	switch {
	case strings.HasPrefix(d.Config.Endpoint, "http:"):
		d.ok(name, "plain http, as allowed: credentials travel in the clear")
	case d.Config.TLS.InsecureSkipVerify:
		d.tolerate(name, language.Said("the certificate is not checked"), language.Said("remove tls.insecureSkipVerify and set tls.caFile to the certificate authority"))
	default:
		d.ok(name, "the certificate is valid for the host")
	}
}

func (d *doctor) clock(e wire.Exchange) {
	name := language.Said("clock")
	date, err := http.ParseTime(e.Received.Header.Get("Date"))
	if err != nil {
		d.ok(name, "the endpoint sends no Date, so the clocks cannot be compared")
		return
	}
	off := e.Timing.Start.Add(e.Timing.End / 2).Sub(date).Round(time.Second)
	if off.Abs() > clockTolerance {
		d.unjudged(name, wire.CauseClockSkew, language.Said("the local clock is {0} off the endpoint's Date", off))
		return
	}
	d.ok(name, "the local clock is within {0} of the endpoint's", clockTolerance)
}

// credential looks at the answer to a right read, and reports whether it was served.
func (d *doctor) credential(scheme wire.Scheme, which language.Phrase, r wire.Received) bool {
	a, name := wire.ReadAnswer(r), credentialCheck()
	switch {
	case a.Succeeded() && wire.Enveloped(r.Body):
		d.ok(name, "{0} is accepted", which)
		d.first = append(d.first, a.Column(d.lifecycle.Observed.Rows, d.lifecycle.Observed.Key)...)
		return true
	case a.Status == http.StatusUnauthorized && !wire.Enveloped(r.Body):
		d.unjudged(name, wire.CauseCredential, language.Said("{0} is refused: 401 without an envelope of this API, so by whoever stands in front", which))
	case a.Status == http.StatusUnauthorized && a.Code == codeExpired && scheme != wire.SchemeBearer: // a token has no timestamp (K)
		d.unjudged(name, wire.CauseClockSkew, language.Said("a request signed just now with {0} is refused: 401 {1}", which, a.Code))
	case a.Status == http.StatusUnauthorized && !d.Config.Credentials.KnownGood:
		d.unjudged(name, wire.CauseCredential, language.Said("{0} is refused: 401 {1}", which, a.Code))
	default:
		d.doubt(name, "a read with {0} is answered with {1}", which, shown(a))
	}
	return false
}

// shown is an answer in words: its status and its code, or that it has none.
func shown(a wire.Answer) language.Phrase {
	if a.Code == "" {
		return language.Said("{0} and no result of the API", a.Status)
	}
	return language.Quoted(fmt.Sprintf("%d %s", a.Status, a.Code))
}

// codeExpired refuses a timestamp that is too far off (E).
const codeExpired = "AUTHFAILURE_SIGNATURE_EXPIRED"
