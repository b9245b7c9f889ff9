package run

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// session connects one scenario to its endpoint: it sends requests through the target's client, has
// every exchange judged, and keeps the evidence.
type session struct {
	play  *play
	alone bool // this scenario has paused the others
	// tape records the readings for scenarios that share the changes; player answers requests from
	// such a tape. Both may be nil.
	tape   *tape
	player *player

	mu           sync.Mutex
	exchanges    []wire.Exchange
	findings     []verdict.Finding
	trajectories []verdict.Trajectory
	choices      []verdict.Choice
	overdue      []verdict.Trajectory
	unseen       []string       // clauses for which repeated changes were never seen running
	judged       map[string]int // the number of exchanges judged, by clause
	named        contract.Named // the ids that its requests have named
	calls        calls
	deserved     *deserved
}

// within marks the context of a request that is sent while another one is pending.
type within struct{}

// Send implements steps.Session.
func (s *session) Send(ctx context.Context, req wire.Request) (steps.Answer, error) {
	return s.Change(ctx, req, nil)
}

// Change implements steps.Session.
func (s *session) Change(ctx context.Context, req wire.Request, unstarted func(context.Context) bool) (steps.Answer, error) {
	if s.player != nil {
		return s.player.answer(req)
	}
	answer, err := s.change(ctx, req, unstarted)
	s.tape.add(req, answer, err)
	return answer, err
}

func (s *session) change(ctx context.Context, req wire.Request, unstarted func(context.Context) bool) (steps.Answer, error) {
	if !s.alone && ctx.Value(within{}) == nil { // a read lock must not be taken twice
		s.play.runner.quiet.RLock()
		defer s.play.runner.quiet.RUnlock()
	}
	inside := context.WithValue(ctx, within{}, true)
	s.under(s.deserved.begin)
	defer s.under(s.deserved.end)
	exchanges, err := s.play.runner.plan.Target.Client.Do(inside, req, unstarted)
	why := s.explain(inside, req, exchanges)
	position, faulty := s.record(exchanges)
	s.record(why.exchanges)
	if refused := (*guard.Refusal)(nil); errors.As(err, &refused) {
		return steps.Answer{}, &steps.Withheld{Reason: req.Operation.Action + " was " + refused.Error()}
	}
	if spent := (*steps.Lacking)(nil); errors.As(err, &spent) {
		return steps.Answer{}, spent
	}
	if err != nil {
		return steps.Answer{}, fmt.Errorf("send %s: %w", req.Operation, err)
	}
	last := exchanges[len(exchanges)-1]
	answer := steps.Answer{Operation: last.Operation, Exchange: position, Timing: last.Timing, Faulty: faulty, Usual: req.Usual()}
	if len(exchanges) > 1 {
		answer.Retried = exchanges[len(exchanges)-2].Cause
	}
	if !last.Judgeable() {
		return answer, &steps.Inconclusive{Cause: last.Cause, Reason: fmt.Sprintf("%s: %s", last.Cause, last.Detail)}
	}
	answer.Answer = wire.ReadAnswer(*last.Received)
	answer.Unauthenticated = why.unauthenticated
	answer.Scheme, _ = s.play.runner.access.client.Scheme(req.Auth)
	s.mu.Lock()
	s.calls.note(req, answer.Scheme, answer.Status)
	s.mu.Unlock()
	return answer, nil
}

// explain looks for causes of the last answer other than the endpoint.
func (s *session) explain(ctx context.Context, req wire.Request, exchanges []wire.Exchange) explanation {
	if len(exchanges) == 0 {
		return explanation{}
	}
	return s.play.runner.access.explain(ctx, req, &exchanges[len(exchanges)-1])
}

// record judges the exchanges as received and keeps them without secrets. It returns the position
// of the last one, and whether it violates a clause of level must.
func (s *session) record(exchanges []wire.Exchange) (position int, faulty bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ex := range exchanges {
		if s.play.runner.plan.Exchange != nil {
			s.play.runner.plan.Exchange(ex)
		}
		judgement := s.play.runner.judge.ExchangeAmong(s.named, ex)
		faulty = s.keep(ex, judgement.Findings)
		s.deserved.arrive(arrived{ex, faulty, len(s.exchanges)})
		for _, clause := range judgement.Judged {
			s.judged[clause]++
		}
	}
	return len(s.exchanges), faulty
}

// observe judges the successful exchanges that the target makes to acquire and restore instances,
// and keeps those with findings, which may explain why no scenario can use an instance. It ignores
// failures, because only access can tell whether the endpoint or the credential caused them.
func (s *session) observe(exchanges []wire.Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ex := range exchanges {
		if ex.Received == nil || ex.Received.Status != http.StatusOK {
			continue
		}
		if judgement := s.play.runner.judge.Exchange(ex); len(judgement.Findings) > 0 {
			s.keep(ex, judgement.Findings)
		}
	}
}

// keep keeps an exchange without secrets, and its findings. It reports whether any of them violates
// a clause of level must.
func (s *session) keep(ex wire.Exchange, found []verdict.Finding) (faulty bool) {
	s.exchanges = append(s.exchanges, s.play.runner.plan.Target.Client.Redact(ex))
	for _, f := range found {
		f.Exchange = len(s.exchanges)
		faulty = faulty || f.Level != verdict.Should
		s.findings = append(s.findings, f)
	}
	return faulty
}

// status returns the status of an exchange's answer, or 0 if there is none.
func (s *session) status(position int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if position < 1 || position > len(s.exchanges) || s.exchanges[position-1].Received == nil {
		return 0
	}
	return s.exchanges[position-1].Received.Status
}

func (s *session) under(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// judgeRequests returns the first finding about what the scenario's requests deserved, if there is
// one and the contract has found no violation of level must.
func (s *session) judgeRequests() (verdict.Finding, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.findings, func(f verdict.Finding) bool { return f.Level != verdict.Should }) {
		return verdict.Finding{}, false
	}
	f, found := s.deserved.conclude()
	for _, text := range []*string{&f.Where, &f.Want, &f.Got} {
		*text = s.play.runner.plan.Target.Client.RedactText(*text) // before it is shortened
		if len(*text) > quotedBytes {
			*text = strings.ToValidUTF8((*text)[:quotedBytes], "") + "…"
		}
	}
	return f, found
}

// quotedBytes limits each text in such a finding, because an answer can contain an id of a
// megabyte.
const quotedBytes = 200

// Quiet implements steps.Session.
func (s *session) Quiet() func() {
	if s.player != nil {
		return func() {}
	}
	s.tape.spoil()
	s.play.runner.quiet.Lock()
	s.alone = true
	return func() {
		s.alone = false
		s.play.runner.quiet.Unlock()
	}
}

// Waiting implements steps.Session.
func (s *session) Waiting(instance, status string) {
	if s.player != nil {
		return
	}
	s.play.waiting(instance, s.play.runner.plan.Target.Client.RedactText(status)) // before it is shortened to a line
}

// Took implements steps.Session.
func (s *session) Took(action string, d time.Duration) {
	r := s.play.runner
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, of := range []string{action, ""} {
		if least, known := r.shortest[of]; !known || d < least {
			r.shortest[of] = d
		}
	}
}

// Shortest implements steps.Session.
func (s *session) Shortest(action string) time.Duration {
	s.play.runner.mu.Lock()
	defer s.play.runner.mu.Unlock()
	return s.play.runner.shortest[action]
}

// Overdue implements steps.Session.
func (s *session) Overdue(t verdict.Trajectory) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.overdue = append(s.overdue, t)
}

// Unseen implements steps.Session.
func (s *session) Unseen(clause string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unseen = append(s.unseen, clause)
}

// UnseenIn implements steps.Session.
func (s *session) UnseenIn(clause string) string { return s.play.runner.unseen.of(clause) }

// RepeatAlone implements steps.Session.
func (s *session) RepeatAlone(ctx context.Context, clause string) {
	if s.player == nil && s.play.runner.plan.GiveUpOnce {
		s.play.runner.unseen.alone(ctx, clause, s.play.scene.ID)
	}
}

// Trajectory implements steps.Session.
func (s *session) Trajectory(t verdict.Trajectory) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trajectories = append(s.trajectories, t)
}

// Choice implements steps.Session.
func (s *session) Choice(clause, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.choices = append(s.choices, verdict.Choice{Clause: clause, Answer: answer})
}

// faulty reports whether an exchange was found to violate the contract.
func (s *session) faulty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.findings) > 0
}

func (s *session) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.exchanges)
}

// close moves the evidence into the result of the scenario.
func (s *session) close(r *verdict.Scenario) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Exchanges, r.Findings, r.Trajectories, r.Choices = s.exchanges, s.findings, s.trajectories, s.choices
}
