// Package judge judges recorded traffic: each exchange by the contract, and the session as a whole
// by what each request deserved. The result is a verdict.Run with a scenario for each operation.
//
// It sends nothing and runs no features. A recording without findings only shows that nothing wrong
// was seen; it proves nothing about requests that it does not contain.
package judge

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/recording"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// keptExchanges is the number of exchanges with findings that are kept per operation, and of
// findings per clause.
const keptExchanges = 100

// Options say what the traffic is judged by.
type Options struct {
	Contract *contract.Contract
	Account  account.Options
	Repeat   string // the command that judges the recording again
	Redact   func(wire.Exchange) wire.Exchange
	Clean    func(string) string     // removes secrets from a text
	Waive    func(*verdict.Scenario) // marks findings that do not fail the run; may be nil
	Progress func(done int)          // called for each entry; may be nil
	Done     func(index int, s verdict.Scenario) error
}

// Session judges the traffic of one session, one exchange after the other.
type Session struct {
	options Options
	alone   *contract.Judge
	rules   *account.Rules
	hosts   map[string]*host
	order   []*operation
	summary verdict.Recording
	seen    map[uint64]recorded // the exchanges so far, by a hash of their content
	told    map[string]string   // the first finding per clause that the recording itself contains, with its place
}

// host is one endpoint of the session.
type host struct {
	name       string
	account    *account.Judge
	named      contract.Named
	operations map[wire.Operation]*operation
}

// operation holds what the session shows about one operation of one endpoint.
type operation struct {
	scenario  verdict.Scenario
	judged    map[string]int
	clauses   map[string]int // the number of findings, by clause
	exchanges int            // the number of exchanges that say something
	left      int            // the number of findings that are not kept
}

// New returns a session without any exchanges.
func New(o Options) *Session {
	alone := o.Contract.NewJudge()
	alone.Clean = o.Clean
	return &Session{options: o, alone: alone, rules: account.Read(o.Contract), hosts: map[string]*host{}, seen: map[uint64]recorded{}, told: map[string]string{}, summary: verdict.Recording{NoEvidence: map[string]int{}}}
}

// Recording judges all entries of a recording.
func Recording(ctx context.Context, r *recording.Recording, o Options) (verdict.Run, error) {
	s := New(o)
	for entry, err := range r.Entries() {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return verdict.Run{}, err
		}
		if x := entry.Exchange; o.Account.Exclusive && x.Cause == recording.CauseUnreadable {
			return verdict.Run{}, fmt.Errorf("%s cannot be read: %s; it may have changed an instance: leave out --exclusive", entry.Place(), x.Detail)
		}
		s.Add(entry)
		if o.Progress != nil {
			o.Progress(s.summary.Entries)
		}
	}
	return s.Conclude()
}

// Add judges the next exchange, in the order in which the exchanges began. It returns the resulting
// findings, which may be about earlier exchanges.
func (s *Session) Add(entry recording.Entry) []verdict.Finding {
	s.summary.Entries++
	x := entry.Exchange
	if x.Cause == recording.CauseUnreadable {
		s.unreadable(entry)
		return nil
	}
	op, _ := s.options.Contract.Operation(x.Operation.Action)
	if op != x.Operation {
		if s.ofTheAccount(x) {
			s.host(x).account.Other(x)
		}
		s.summary.Others++
		return nil
	}
	if s.again(entry) {
		s.summary.Duplicates++
		return nil
	}
	if x.Cause == "" && x.Received != nil {
		x.Cause = wire.CauseOf(*x.Received)
		entry.Exchange = x
	}
	s.tell(entry)
	h := s.host(x)
	to := s.operation(h, op, entry)
	judgement := s.alone.ExchangeAmong(h.named, x)
	if !x.Judgeable() {
		s.summary.NoEvidence[string(cmp.Or(x.Cause, recording.CauseNotRecorded))]++
	} else {
		s.summary.Judged++
		to.exchanges++
	}
	for _, clause := range judgement.Judged {
		to.judged[clause]++
	}
	var found []verdict.Finding
	faulty := false
	for _, f := range judgement.Findings {
		faulty = faulty || f.Level != verdict.Should
		f.Place = entry.Place()
		found = append(found, s.keep(to, x, f))
	}
	for _, f := range h.account.Add(entry.Place(), x, faulty) {
		found = append(found, s.keep(h.operations[f.Exchange.Operation], f.Exchange, f.Finding))
	}
	return found
}

// ofTheAccount reports whether an exchange may change something in the account under test.
func (s *Session) ofTheAccount(x wire.Exchange) bool {
	return x.Sent.Method == http.MethodPost && slices.ContainsFunc(s.options.Contract.Operations(), func(op wire.Operation) bool { return op.Path == x.Operation.Path })
}

// sameMoment is the largest difference between the times of one exchange in two recordings, because
// some recorders round to the microsecond.
const sameMoment = 2 * time.Microsecond

var hashSeed = maphash.MakeSeed()

// recorded says when an exchange was recorded, and in which file.
type recorded struct {
	file   string
	timing wire.Timing
}

// again reports whether an exchange was recorded before. It may occur twice, or in a second file of
// a recorder between the client and the endpoint, which saw it begin later and end earlier.
func (s *Session) again(entry recording.Entry) bool {
	x := entry.Exchange
	if x.Received == nil || x.Timing.Start.IsZero() {
		return false
	}
	var h maphash.Hash
	h.SetSeed(hashSeed)
	for _, part := range [][]byte{x.Sent.Body, {0}, x.Received.Body, {0}, []byte(x.Operation.Action)} {
		_, _ = h.Write(part)
	}
	before, seen := s.seen[h.Sum64()]
	s.seen[h.Sum64()] = recorded{entry.File, x.Timing}
	if seen && before.file != entry.File {
		return !before.timing.Start.After(x.Timing.Finished().Add(sameMoment)) && !x.Timing.Start.After(before.timing.Finished().Add(sameMoment))
	}
	return seen && before.timing.Start.Sub(x.Timing.Start).Abs() <= sameMoment && (before.timing.End-x.Timing.End).Abs() <= sameMoment
}

func (s *Session) host(x wire.Exchange) *host {
	name := ""
	if at, err := url.Parse(x.Sent.URL); err == nil {
		name = at.Scheme + "://" + at.Host
	}
	h := s.hosts[name]
	if h == nil {
		h = &host{
			name: name, account: account.New(s.rules, s.options.Account), named: contract.Named{},
			operations: map[wire.Operation]*operation{},
		}
		s.hosts[name] = h
		s.summary.Endpoints = append(s.summary.Endpoints, name)
	}
	return h
}

func (s *Session) operation(h *host, op wire.Operation, entry recording.Entry) *operation {
	to := h.operations[op]
	if to == nil {
		to = &operation{judged: map[string]int{}, clauses: map[string]int{}}
		id := op.Action
		if len(s.hosts) > 1 {
			id = h.name + " " + id
		}
		to.scenario = verdict.Scenario{
			ID: id, Feature: "recorded traffic", File: entry.File, Line: entry.Number, Clauses: []string{}, Tags: []string{},
			Start: entry.Exchange.Timing.Start, Repeat: s.options.Repeat, Steps: []verdict.Step{},
		}
		h.operations[op] = to
		s.order = append(s.order, to)
	}
	to.scenario.Duration = entry.Exchange.Timing.Finished().Sub(to.scenario.Start)
	return to
}

// keep keeps a finding and its exchange, up to the limits.
func (s *Session) keep(to *operation, x wire.Exchange, f verdict.Finding) verdict.Finding {
	to.clauses[f.Clause]++
	if to.clauses[f.Clause] > keptExchanges || len(to.scenario.Exchanges) >= 10*keptExchanges {
		to.left++
		return f
	}
	if s.options.Redact != nil {
		x = s.options.Redact(x)
	}
	to.scenario.Exchanges = append(to.scenario.Exchanges, x)
	f.Exchange = len(to.scenario.Exchanges)
	to.scenario.Findings = append(to.scenario.Findings, f)
	return f
}

// Conclude judges the remaining exchanges. It returns the run without its scenarios, which Done has
// received.
func (s *Session) Conclude() (verdict.Run, error) {
	for _, h := range s.hosts {
		for _, f := range h.account.End() {
			_ = s.keep(h.operations[f.Exchange.Operation], f.Exchange, f.Finding)
		}
		for _, t := range h.account.Trajectories() {
			for op, to := range h.operations {
				if op.Action == t.Action && len(to.scenario.Trajectories) < keptExchanges {
					to.scenario.Trajectories = append(to.scenario.Trajectories, t)
				}
			}
		}
	}
	for _, h := range s.hosts {
		for clause, count := range h.account.Proved() {
			for _, to := range h.operations { // the counts are per endpoint, so any of its operations may carry them
				to.judged[clause] += count
				break
			}
		}
	}
	tally := verdict.NewTally(s.options.Contract.Clauses())
	for i, to := range s.order {
		sc := s.concluded(to)
		tally.Add(sc, to.judged)
		if s.options.Done != nil {
			if err := s.options.Done(i, sc); err != nil {
				return verdict.Run{}, fmt.Errorf("record %s: %w", sc.ID, err)
			}
		}
	}
	slices.Sort(s.summary.Endpoints)
	s.unshown()
	c := s.options.Contract
	out := verdict.Run{
		SchemaVersion: verdict.SchemaVersion, Recording: &s.summary, Repeat: s.options.Repeat,
		Contract: c.Document(),
	}
	tally.Conclude(&out)
	out.Summary.Exchanges = s.summary.Judged
	return out, nil
}

// concluded returns the result for the exchanges of one operation.
func (s *Session) concluded(to *operation) verdict.Scenario {
	sc := &to.scenario
	sc.Name = fmt.Sprintf("%d exchanges judged", to.exchanges)
	sc.Outcome = verdict.Passed
	if to.exchanges == 0 {
		sc.Outcome, sc.Reason, sc.Cause = verdict.Inconclusive, "no recorded exchange says anything", recording.CauseNotRecorded
	}
	if slices.ContainsFunc(sc.Findings, func(f verdict.Finding) bool { return f.Level != verdict.Should }) {
		sc.Outcome, sc.Reason, sc.Cause = verdict.Failed, "", ""
	}
	if to.left > 0 {
		sc.Name += fmt.Sprintf(", %d further findings left out", to.left)
	}
	if s.options.Waive != nil {
		s.options.Waive(sc)
	}
	return *sc
}
