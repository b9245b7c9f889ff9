package run

import (
	"slices"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// deserved judges the exchanges of one scenario by what each request deserved, with the model
// that judges recorded traffic. A scenario holds its instances alone, so it is one session. The
// caller holds the session's mu.
type deserved struct {
	model    *account.Judge
	under    int       // requests under way
	held     []arrived // exchanges that came while one was under way that may have begun before them
	given    []int     // their positions in the scenario, in the order in which the model got them
	findings []account.Finding
}

// arrived is an exchange with what was made of it by itself.
type arrived struct {
	exchange wire.Exchange
	faulty   bool
	position int
}

// newDeserved returns the model of a scenario. The account has instances that others hold. The model
// does not judge our credentials, of which access knows more, nor what is a matter of how often or how
// long, for which the steps make further calls.
func newDeserved(r *account.Rules) *deserved {
	return &deserved{model: account.New(r, account.Options{Exclusive: true, Others: true, Single: true})}
}

// begin says that a request leaves.
func (d *deserved) begin() { d.under++ }

// end says that a request has ended. When none is under way the model gets what has come
// meanwhile, in the order in which it began.
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

// arrive takes in an exchange.
func (d *deserved) arrive(one arrived) { d.held = append(d.held, one) }

// conclude returns what the model has found first, if anything: what follows may be due to it.
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
