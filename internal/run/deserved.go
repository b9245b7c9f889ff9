package run

import (
	"slices"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// deserved judges the exchanges of one scenario by what each request deserved, with the model that
// also judges recorded traffic. A scenario has exclusive use of its instances, so its exchanges are
// one session. The caller holds the session's mu.
type deserved struct {
	model    *account.Judge
	under    int       // pending requests
	held     []arrived // exchanges that ended while other requests were pending, which may have begun earlier
	given    []int     // their positions in the scenario, in the order in which the model received them
	findings []account.Finding
}

// arrived is an exchange with the result of judging it by itself.
type arrived struct {
	exchange wire.Exchange
	faulty   bool
	position int
}

// newDeserved returns the model of a scenario. The account also has the instances of other
// scenarios. The model does not judge credentials, about which access knows more, or anything that
// depends on repetition or duration, for which the steps make further calls.
func newDeserved(r *account.Rules) *deserved {
	return &deserved{model: account.New(r, account.Options{Exclusive: true, Others: true, Single: true})}
}

// begin records that a request is being sent.
func (d *deserved) begin() { d.under++ }

// end records that a request has ended. When no request is pending, the model receives the
// exchanges that have ended, in the order in which they began.
func (d *deserved) end() {
	if d.under--; d.under > 0 {
		return
	}
	slices.SortStableFunc(d.held, func(a, b arrived) int { return a.exchange.Timing.Start.Compare(b.exchange.Timing.Start) })
	for _, one := range d.held {
		d.given = append(d.given, one.position)
		d.findings = append(d.findings, d.model.Add("", one.exchange, one.faulty)...)
	}
	clear(d.held)
	d.held = d.held[:0]
}

// arrive records an exchange that has ended.
func (d *deserved) arrive(one arrived) { d.held = append(d.held, one) }

// conclude returns the first finding of the model, if any. Later findings may only be consequences.
func (d *deserved) conclude() (verdict.Finding, bool) {
	d.findings = append(d.findings, d.model.End()...)
	first, found := verdict.Finding{}, false
	for _, f := range d.findings {
		f.Finding.Exchange = d.given[f.Number-1]
		if f.Level != verdict.Should && (!found || f.Finding.Exchange < first.Exchange) {
			first, found = f.Finding, true
		}
	}
	return first, found
}
