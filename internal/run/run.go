// Package run runs scenarios against one target. It acquires what each scenario needs, has every
// exchange judged by the contract, and combines the results into a verdict.Run.
//
// It knows no operation, no report format and no command line, and keeps no scenario after handing
// it over.
package run

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/generate"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// Target is the endpoint under test, with what may be done there.
type Target struct {
	Info     verdict.Target
	Client   *client.Client
	Fixtures steps.Fixtures
	Timing   steps.Timing
	Known    Known
}

// Plan is what to run and how.
type Plan struct {
	Contract *contract.Contract
	Suite    *suite.Suite
	Cases    []suite.Case       // the selected cases
	Schedule *schedule.Schedule // decides which cases run; nil means all
	Tags     string             // how the cases were selected, for the report
	Named    []string           // likewise
	Shard    *verdict.Shard
	Target   Target
	Parallel int   // the number of concurrent scenarios, at least 1
	Seed     int64 // the seed for the order of the cases; 0 means the order of the features
	Tool     verdict.Tool
	Clock    func() time.Time
	// Exchange, if not nil, is called with each exchange before secrets are removed from it. It may
	// judge the exchange but must not keep it. It is called from several goroutines.
	Exchange func(wire.Exchange)
	// Lost is why no scenario can judge the endpoint. If it is not nil, every scenario ends with
	// it, and nothing is sent.
	Lost *steps.Inconclusive
	// MaxFindings is the number of different findings after which no further scenario starts; 0
	// means no limit.
	MaxFindings int
	// GiveUpOnce prevents scenarios from repeating an action that has left an instance stuck.
	GiveUpOnce bool
	// Ended holds the scenarios to take over from the run that is being resumed; nil if no run is.
	Ended iter.Seq2[verdict.Scenario, error]
	// Waive marks the findings of a scenario that do not fail the run. It may be nil.
	Waive func(*verdict.Scenario)
	// Started, Waiting and Done are called for each scenario, from the goroutine that runs it. The
	// first two may be nil. Waiting receives the status of an instance that the scenario waits for,
	// "" when the wait is over. Done receives the only copy of the result; the run does not keep
	// one.
	Started func(suite.Case)
	Waiting func(c suite.Case, instance, does string)
	Done    func(index int, s verdict.Scenario) error
}

// StepsContract converts the contract to the values that steps use.
func StepsContract(c *contract.Contract) *steps.Contract {
	view := &steps.Contract{
		Operations: map[string]wire.Operation{}, Reading: map[string]bool{}, Open: map[string]bool{}, Lifecycles: map[string]lifecycle.Definition{},
		Parameters: map[string][]generate.Parameter{}, Shown: map[string][]string{}, Common: c.Pairs(wire.Operation{}),
	}
	for _, op := range c.Operations() {
		view.Actions = append(view.Actions, op.Action)
		view.Operations[op.Action], view.Reading[op.Action], view.Open[op.Action] = op, !c.Changes(op), c.Open(op)
		view.Pairs = append(view.Pairs, c.Pairs(op)...)
		view.Superseded = append(view.Superseded, c.Superseded(op)...)
		view.Shown[op.Action] = c.Shown(op)
		request, _ := c.Request(op)
		for _, m := range request.Members {
			view.Parameters[op.Action] = append(view.Parameters[op.Action], parameter(m, request.Required))
		}
		if l, has := c.Lifecycle(op); has {
			view.Lifecycles[op.Action] = l
			view.Statuses = append(view.Statuses, slices.DeleteFunc(slices.Clone(l.States), func(s string) bool { return slices.Contains(view.Statuses, s) })...)
		}
	}
	for _, clause := range c.Clauses() {
		view.AddClause(clause)
	}
	return view
}

// parameter converts a member of a request schema.
func parameter(m contract.Member, required []string) generate.Parameter {
	p := generate.Parameter{Name: m.Name, Type: m.Schema.Type, Required: slices.Contains(required, m.Name), Maximum: m.Schema.Maximum}
	if m.Schema.Items != nil {
		p.Items = m.Schema.Items.Type
	}
	return p
}

// Execute runs the cases of a plan. It returns the run without its scenarios, which Done has
// received. An error means that the harness failed; nothing that the endpoint does causes one.
func Execute(ctx context.Context, p Plan) (verdict.Run, error) {
	if len(p.Cases) == 0 {
		return verdict.Run{}, fmt.Errorf("no scenario to run: an empty run proves nothing")
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	r := &runner{
		plan: p, contract: StepsContract(p.Contract), judge: p.Contract.NewJudge(), rules: account.Read(p.Contract),
		tapes: map[string]*tape{}, firsts: originals(p), shortest: map[string]time.Duration{}, tally: verdict.NewTally(p.Contract.Clauses()),
		access: newAccess(p.Target, p.Contract), failed: map[string]bool{}, limit: newLimit(p.MaxFindings), stuck: stuck{by: map[string]string{}}, unseen: newUnseen(),
	}
	r.judge.Clean = p.Target.Client.RedactText
	r.selected = len(p.Cases)
	if err := r.takeOver(); err != nil {
		return verdict.Run{}, err
	}
	started := p.Clock()
	first, observers, repeats := r.split()
	unchanging, changing := p.Schedule.Apart(first)
	r.playAll(ctx, unchanging)
	r.playAll(ctx, changing)
	r.playAll(ctx, r.observe(ctx, observers))
	r.settleRest(ctx)
	r.repeat(repeats)
	if err := r.complete(); err != nil {
		return verdict.Run{}, err
	}
	return r.result(started), nil
}

// playAll runs cases, as many at once as the plan allows.
func (r *runner) playAll(ctx context.Context, cases []suite.Case) {
	turns := make(chan suite.Case)
	var players sync.WaitGroup
	for range min(max(1, r.plan.Parallel), len(cases)) {
		players.Go(func() {
			for c := range turns {
				r.play(ctx, c)
			}
		})
	}
	for _, c := range r.order(cases) {
		turns <- c
	}
	close(turns)
	players.Wait()
}

// play has godog run a single case, because godog keeps about 25 KiB for each scenario that it was
// given until it has run them all.
func (r *runner) play(ctx context.Context, c suite.Case) {
	options := godog.Options{
		Format: silent, Output: nowhere{}, Strict: true, Concurrency: 1,
		DefaultContext: ctx, FeatureContents: []godog.Feature{feature(c)}, NoColors: true,
	}
	bind := func(sc *godog.ScenarioContext) { r.bind(sc, c) }
	godog.TestSuite{Name: "conformance", ScenarioInitializer: bind, Options: &options}.Run()
}

// runner is a run in progress.
type runner struct {
	plan     Plan
	contract *steps.Contract
	judge    *contract.Judge
	rules    *account.Rules
	quiet    sync.RWMutex // every request holds it for reading, and Quiet holds it for writing
	access   *access
	limit    *limit
	stuck    stuck
	unseen   unseen

	selected  int // the number of scenarios, including those taken over
	takenOver int

	mu      sync.Mutex
	tally   *verdict.Tally
	fault   error            // the first error of handing a scenario over
	waiting []ended          // scenarios that wait for proof that an operation accepts any request
	tapes   map[string]*tape // the tapes of scenarios whose changes others share, by scenario id
	firsts  map[string]ended // the results of scenarios that others repeat, by scenario id
	failed  map[string]bool  // actions whose correct calls were refused in scenarios that did not pass

	shortest map[string]time.Duration // the duration of the shortest change seen running, by action; "" means any action
}

// feature converts a case to a feature for godog. The file was parsed before, so godog gets only
// the sentences.
func feature(c suite.Case) godog.Feature {
	text := []byte("Feature: a selected scenario\nScenario:\n")
	for _, step := range c.Steps {
		text = fmt.Appendf(text, "* %s\n", step.Text)
	}
	return godog.Feature{Name: "selected.feature", Contents: text}
}

// order returns the cases in the order in which they run: shuffled by the seed, or the order of the
// features. In a concurrent run without a seed, files whose scenarios mostly wait for changes come
// first, so that the others run in the meantime. If changes have a cost, those scenarios come before
// the others whose instances need no preparation.
func (r *runner) order(cases []suite.Case) []suite.Case {
	ordered := slices.Clone(cases)
	switch {
	case r.plan.Seed != 0:
		order := rand.New(rand.NewPCG(uint64(r.plan.Seed), 0))
		order.Shuffle(len(ordered), func(i, j int) { ordered[i], ordered[j] = ordered[j], ordered[i] })
	case r.plan.Parallel > 1:
		all, changing := map[string]int{}, map[string]int{}
		for _, c := range cases {
			all[c.File]++
			if len(c.Needs.Changes) > 0 {
				changing[c.File]++
			}
		}
		slices.SortStableFunc(ordered, func(a, b suite.Case) int { return changing[b.File]*all[a.File] - changing[a.File]*all[b.File] })
		r.plan.Schedule.LongestFirst(ordered)
	}
	return r.plan.Schedule.Arrange(ordered)
}

// bind creates the state of a case and binds its sentences to it.
func (r *runner) bind(sc *godog.ScenarioContext, c suite.Case) {
	play := r.newPlay(c)
	var matches []steps.Match
	for _, step := range c.Steps {
		matches = append(matches, step.Match)
	}
	steps.Bind(sc, play.world, matches)
	sc.Before(play.before)
	sc.StepContext().Before(play.beforeStep)
	sc.StepContext().After(play.afterStep)
	sc.After(play.after)
}

func (r *runner) newPlay(c suite.Case) *play {
	p := &play{runner: r, scene: c}
	p.session = &session{play: p, judged: map[string]int{}, named: contract.Named{}, deserved: newDeserved(r.rules)}
	p.world = steps.NewWorld(r.contract, r.plan.Target.Timing, p.session, r.plan.Seed)
	return p
}

// finish counts a scenario and hands it over.
func (r *runner) finish(e ended) {
	r.mu.Lock()
	r.firstOf(e)
	r.mu.Unlock()
	s := e.result
	if r.plan.Waive != nil {
		r.plan.Waive(&s)
	}
	r.noteStuck(e, s)
	r.noteUnseen(e, s)
	r.limit.count(s, e.suspect)
	r.mu.Lock()
	r.tally.Add(s, e.judged)
	r.mu.Unlock()
	if r.plan.Done == nil {
		return
	}
	if err := r.plan.Done(e.scene.Index, s); err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.fault == nil {
			r.fault = fmt.Errorf("record scenario %s: %w", s.ID, err)
		}
	}
}

// complete checks that every selected case has ended and was handed over.
func (r *runner) complete() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != nil {
		return r.fault
	}
	if ran := r.tally.Scenarios().Total; ran != r.selected {
		return fmt.Errorf("%d scenarios were selected, %d ran: the runner lost some", r.selected, ran)
	}
	return nil
}

// result builds the run from the tally.
func (r *runner) result(started time.Time) verdict.Run {
	p := r.plan
	out := verdict.Run{
		SchemaVersion: verdict.SchemaVersion,
		Tool:          p.Tool,
		Contract:      p.Contract.Document(),
		Features:      verdict.Document{Title: "features", SHA256: p.Suite.SHA256},
		Target:        p.Target.Info,
		Selection: verdict.Selection{
			Tags: p.Tags, Scenarios: p.Named, Selected: r.selected, Available: len(p.Suite.Cases),
			Seed: p.Seed, Parallel: max(1, p.Parallel), Shard: p.Shard, Ended: r.limit.ended(), Resumed: r.takenOver,
		},
		Volatile: verdict.Volatile{Started: started.UTC(), Duration: p.Clock().Sub(started)},
	}
	out.Tool.Go = runtime.Version()
	r.tally.Conclude(&out)
	return out
}
