package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
)

// Check is one thing that a run needs, and whether it is so.
type Check struct {
	Name    string
	Said    string // what was found
	Fix     string // what to do about it; "" when it is well
	Silence bool   // nothing could be found out: the endpoint did not answer
}

// clockTolerance is how far the local clock may be off: scenarios sign four and six
// minutes off, so that a minute more or less would carry them over the limit (E).
const clockTolerance = 45 * time.Second

// idsPerRequest is how many ids one read names: as many as a page mostly holds when its
// size is not named.
const idsPerRequest = 20

// Examine asks the endpoint, by reading alone, for what a run needs. It ends with the
// first check without which the others cannot be made.
func (r *Remote) Examine(ctx context.Context) ([]Check, error) {
	l, err := r.restorer.changer.lifecycle()
	if err != nil {
		return nil, err
	}
	d := &doctor{Remote: r, lifecycle: l}
	for _, examine := range []func(context.Context) error{d.endpoint, d.instances, d.types} {
		if err := examine(ctx); err != nil {
			if errors.Is(err, errEnough) {
				break
			}
			return d.checks, err
		}
	}
	d.journal()
	return d.checks, nil
}

// errEnough ends an examination: without what failed the rest cannot be seen.
var errEnough = errors.New("nothing more can be found out")

type doctor struct {
	*Remote
	lifecycle contract.Lifecycle
	checks    []Check
	there     map[string]bool // the listed instances that exist
}

func (d *doctor) well(name, format string, args ...any) {
	d.checks = append(d.checks, Check{Name: name, Said: fmt.Sprintf(format, args...)})
}

func (d *doctor) ill(name, said, fix string) {
	d.checks = append(d.checks, Check{Name: name, Said: said, Fix: fix})
}

// endpoint looks at what an exchange of each kind of authentication shows.
func (d *doctor) endpoint(ctx context.Context) error {
	schemes := map[wire.Scheme]string{}
	if d.pool.hmac {
		schemes[wire.SchemeHMAC] = "the key of " + d.Config.Credentials.KeyID
	}
	if d.pool.bearer {
		schemes[wire.SchemeBearer] = "the token of " + d.Config.Credentials.Token
	}
	for i, scheme := range slices.Sorted(maps.Keys(schemes)) {
		e, err := d.ask(ctx, d.lifecycle.Observed, nil, scheme)
		if err != nil {
			return err
		}
		if !e.Judgeable() {
			d.checks = append(d.checks, Check{Name: "endpoint", Said: fmt.Sprintf("%s: %s", e.Cause, e.Detail), Fix: fixes(e.Cause), Silence: true})
			return errEnough
		}
		if i == 0 {
			d.well("endpoint", "%s answers (%s)", d.Config.Endpoint, e.Received.Proto)
			d.transport()
			d.clock(*e)
		}
		d.credentials(schemes[scheme], wire.ReadAnswer(*e.Received))
	}
	if d.checks[len(d.checks)-1].Fix != "" {
		return errEnough
	}
	return nil
}

func (d *doctor) transport() {
	switch {
	case strings.HasPrefix(d.Config.Endpoint, "http:"):
		d.well("tls", "plain http, as allowed: credentials travel in the clear")
	case d.Config.TLS.InsecureSkipVerify:
		d.ill("tls", "the certificate is not checked", "remove tls.insecureSkipVerify, and name the certificate's authority with tls.caFile")
	default:
		d.well("tls", "the certificate is valid for the host")
	}
}

func (d *doctor) clock(e wire.Exchange) {
	date, err := http.ParseTime(e.Received.Header.Get("Date"))
	if err != nil {
		d.well("clock", "the endpoint sends no Date: the clock cannot be compared")
		return
	}
	off := e.Timing.Start.Add(e.Timing.End / 2).Sub(date).Round(time.Second)
	if off.Abs() > clockTolerance {
		d.ill("clock", fmt.Sprintf("the local clock is %s off the endpoint's", off), "set the local clock, by NTP for example: signatures die when it is five minutes off")
		return
	}
	d.well("clock", "the local clock is within %s of the endpoint's", clockTolerance)
}

func (d *doctor) credentials(which string, a wire.Answer) {
	switch {
	case a.Succeeded():
		d.well("credentials", "%s is accepted", which)
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		d.ill("credentials", fmt.Sprintf("%s is refused: %d %s", which, a.Status, a.Code), "export the credentials of this endpoint's account, with the right to call its operations")
	default:
		d.ill("credentials", fmt.Sprintf("a read with %s is answered with %d %s", which, a.Status, a.Code), "make sure that the endpoint serves the path of the contract")
	}
}

// fixes says what to do about a cause.
func fixes(cause wire.Cause) string {
	switch cause {
	case wire.CauseDNS:
		return "correct the host of endpoint, or the resolver of this machine"
	case wire.CauseTLS:
		return "correct the scheme, host or port of endpoint; an authority of your own is named with tls.caFile"
	case wire.CauseClockSkew:
		return "set the local clock, by NTP for example"
	case wire.CauseRefused, wire.CauseUnreachable, wire.CauseTimeout, wire.CauseLost:
		return "make sure that the endpoint is up and can be reached from here (port, firewall, VPN)"
	case wire.CauseProxy:
		return "let the proxy through to the endpoint, or name the host in NO_PROXY"
	case wire.CauseChallenge, wire.CauseLegal, wire.CauseRedirect, wire.CauseBadGateway, wire.CauseGatewayTimeout:
		return "what stands in front of the endpoint answers in its place: name the endpoint itself, or have this machine let through"
	case wire.CauseRateLimited:
		return "lower requestsPerSecond, or wait"
	case wire.CauseUnavailable:
		return "wait until the service is available"
	}
	return "make sure that endpoint names the API itself"
}

// ask sends one read of instances, or of the first page when none is named.
func (d *doctor) ask(ctx context.Context, r contract.Reading, ids []string, scheme wire.Scheme) (*wire.Exchange, error) {
	parameters := map[string]any{}
	if len(ids) > 0 {
		parameters[r.Filter] = ids
	}
	body, err := json.Marshal(parameters)
	if err != nil {
		return nil, fmt.Errorf("form a request to %s: %w", r.Operation, err)
	}
	exchanges, err := d.Client.Do(ctx, wire.Request{Operation: r.Operation, Body: body, Effect: wire.Reads, Auth: wire.Auth{Scheme: scheme}}, nil)
	if err != nil {
		return nil, fmt.Errorf("send %s: %w", r.Operation, err)
	}
	return &exchanges[len(exchanges)-1], nil
}

// column reads one field of instances; those that are not there are left out.
func (d *doctor) column(ctx context.Context, r contract.Reading, ids []string) (map[string]string, error) {
	values := map[string]string{}
	for part := range slices.Chunk(ids, idsPerRequest) {
		e, err := d.ask(ctx, r, part, wire.SchemeDefault)
		if err != nil {
			return nil, err
		}
		if !e.Judgeable() {
			d.checks = append(d.checks, Check{Name: "instances", Said: fmt.Sprintf("%s: %s", e.Cause, e.Detail), Fix: fixes(e.Cause), Silence: true})
			return nil, errEnough
		}
		for _, row := range wire.ReadAnswer(*e.Received).Rows(r.Rows) {
			values[row[r.Key]] = row[r.Field]
		}
	}
	return values, nil
}

// instances compares each listed instance with what the endpoint says of it.
func (d *doctor) instances(ctx context.Context) error {
	ids := make([]string, len(d.Config.Instances))
	for i, in := range d.Config.Instances {
		ids[i] = in.ID
	}
	if len(ids) == 0 {
		d.ill("instances", "none is listed", "list the instances that a run may use under instances")
		return errEnough
	}
	statuses, err := d.column(ctx, d.lifecycle.Observed, ids)
	if err != nil {
		return err
	}
	d.there = map[string]bool{}
	for _, in := range d.Config.Instances {
		status, there := statuses[in.ID]
		d.there[in.ID] = there
		switch {
		case !there:
			d.ill("instance "+in.ID, "does not exist", d.absence(in.ID))
		case status != in.Status:
			d.ill("instance "+in.ID, fmt.Sprintf("is %s, listed as %s", status, in.Status), "bring it into the status listed, or list the one it has")
		default:
			d.well("instance "+in.ID, "is %s", status)
		}
	}
	return nil
}

// types looks whether what can be resized could be put back.
func (d *doctor) types(ctx context.Context) error {
	known := d.Config.InstanceTypes
	switch {
	case len(d.Config.Allow) == 0:
		d.well("types", "allow names no action: no scenario that changes a listed instance runs")
	case len(known.Resizable) < 2:
		d.ill("types", fmt.Sprintf("instanceTypes.resizable lists %d types", len(known.Resizable)), "list two or more that the instances can be moved between")
	default:
		d.well("types", "%d can be moved between", len(known.Resizable))
	}
	for _, kind := range known.Unsupported {
		if slices.Contains(known.Resizable, kind) {
			d.ill("type "+kind, "is listed as resizable and as unsupported", "remove it from one of the two")
		}
	}
	var ids []string
	for _, in := range d.Config.Instances {
		if d.there[in.ID] && !in.GPU && slices.Contains(d.lifecycle.Start, in.Status) {
			ids = append(ids, in.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	kinds, err := d.column(ctx, d.lifecycle.Changed, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if kind := kinds[id]; !slices.Contains(known.Resizable, kind) {
			d.ill("type of "+id, fmt.Sprintf("is %s, which instanceTypes.resizable does not list", kind), "list it there if the instance can be changed back to it, or take another instance")
			continue
		}
		d.well("type of "+id, "is %s", kinds[id])
	}
	return nil
}

// absence says what to do about an instance that does not exist.
func (d *doctor) absence(id string) string {
	if _, open := d.Left()[id]; open {
		return fmt.Sprintf("an earlier run has changed it: if it was released, run %s --forget %s, then remove it from instances", d.cleanup, id)
	}
	return "correct its id, or remove it from instances"
}

// journal looks for what earlier runs have left. What cleanup cannot restore, because it
// does not exist, absence has told about.
func (d *doctor) journal() {
	err := d.Ready()
	if err == nil {
		return
	}
	for id := range d.Left() {
		if there, looked := d.there[id]; !looked || there {
			d.ill("journal", err.Error(), "run "+d.cleanup)
			return
		}
	}
	if behind := (*LeftBehind)(nil); errors.As(err, &behind) && behind.Journals[0].Journal == d.Journal.Path() && len(behind.Journals) == 1 {
		return // every instance in it was told about
	}
	d.ill("journal", err.Error(), "run "+d.cleanup)
}
