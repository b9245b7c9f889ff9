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

// Check is the result for one thing that a run needs.
type Check struct {
	Name  language.Phrase
	Found language.Phrase
	Fix   language.Phrase // what to do about it; empty if it is ok
	Cause wire.Cause      // why the endpoint or the credential cannot be judged; "" if it can
	// Tolerable means that a run can continue: it reports the problem as a finding about the
	// endpoint, or skips what it cannot do.
	Tolerable bool
	// Doubt means that, as far as reads show, the endpoint itself is wrong. A run judges that; no
	// configuration can fix it.
	Doubt bool
}

// OK reports whether nothing needs to be done about it.
func (c Check) OK() bool { return c.Fix == language.Phrase{} }

// clockTolerance is how much the local clock may be off. Scenarios sign four and six minutes off,
// and a further minute would carry them across the limit (E).
const clockTolerance = 45 * time.Second

// Examine checks what a run needs by sending only reads, and looks for what earlier runs have left.
// It stops at the first failed check without which the others are impossible.
func (r *Remote) Examine(ctx context.Context) ([]Check, error) {
	d, err := r.examine(ctx)
	if err != nil {
		return d.checks, err
	}
	d.journal()
	return d.checks, nil
}

// Preflight returns the failed checks of Examine that would make a run pointless: the configuration
// is wrong, or endpoint or credential cannot be judged. It returns what the endpoint itself seems
// to do wrong as doubts.
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

// errEnough ends an examination that cannot continue after a failed check.
var errEnough = errors.New("nothing more can be found out")

type doctor struct {
	*Remote
	lifecycle contract.Lifecycle
	checks    []Check
	first     []string        // the ids on the first page of a read without a filter
	there     map[string]bool // the listed instances that exist
	blind     bool            // what the first page shows cannot be found by its id
}

func (d *doctor) ok(name language.Phrase, found string, args ...any) {
	d.checks = append(d.checks, Check{Name: name, Found: language.Said(found, args...)})
}

// fail adds a check that the configuration must fix.
func (d *doctor) fail(name, found, fix language.Phrase) {
	d.checks = append(d.checks, Check{Name: name, Found: found, Fix: fix})
}

// tolerate adds a check that a run can continue with.
func (d *doctor) tolerate(name, found, fix language.Phrase) {
	d.checks = append(d.checks, Check{Name: name, Found: found, Fix: fix, Tolerable: true})
}

// doubt adds a check about a fault of the endpoint itself, which a run judges.
func (d *doctor) doubt(name language.Phrase, found string, args ...any) {
	d.odd(name, language.Said(found, args...))
}

// odd adds a check about something that no correct endpoint shows.
func (d *doctor) odd(name, found language.Phrase) {
	fix := language.Said("nothing to configure: conformance run judges this")
	d.checks = append(d.checks, Check{Name: name, Found: found, Fix: fix, Tolerable: true, Doubt: true})
}

// unjudged adds a check about something that says nothing about the endpoint.
func (d *doctor) unjudged(name language.Phrase, cause wire.Cause, found any) {
	fix := cmp.Or(language.Advice(cause), language.Said("check that endpoint is the address of the API"))
	d.checks = append(d.checks, Check{Name: name, Found: language.Said("{0}: {1}", cause, found), Fix: fix, Cause: cause})
}

// The names of checks that are not about a listed instance.
func endpointCheck() language.Phrase   { return language.Said("endpoint") }
func instancesCheck() language.Phrase  { return language.Said("instances") }
func credentialCheck() language.Phrase { return language.Said("credentials") }

// endpoint examines an exchange for each kind of authentication.
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

// credential examines the answer to a correct read, and reports whether it was accepted.
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

// shown describes an answer: its status and its code, if it has one.
func shown(a wire.Answer) language.Phrase {
	if a.Code == "" {
		return language.Said("{0} and no result of the API", a.Status)
	}
	return language.Quoted(fmt.Sprintf("%d %s", a.Status, a.Code))
}

// codeExpired is the error code for a timestamp that is too far off (E).
const codeExpired = "AUTHFAILURE_SIGNATURE_EXPIRED"
