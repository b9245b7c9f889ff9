package benchmark

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/cucumber/godog"
	"github.com/cucumber/godog/formatters"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/steps"
)

// The sizes between which a marginal cost is measured, and how often.
const (
	few, many = 200, 2000
	longPlays = 10 // scenarios that share the exchanges
)

// floor is the name of a godog formatter that writes nothing.
const floor = "floor"

func init() { // godog keeps its formatters in a registry of the process
	godog.Format(floor, "writes nothing", func(name string, w io.Writer) formatters.Formatter { return godog.NewBaseFmt(name, w) })
}

// marginal measures what one more exchange and one more scenario cost.
func (b *Bench) marginal(ctx context.Context) (s Section, err error) {
	s = Section{
		Title: "1. One more exchange, one more scenario",
		About: fmt.Sprintf("What a suite of %d costs more than one of %d, divided by the difference; the median of %d repetitions, harness and baseline in turn, "+
			"one request at a time over one kept-alive loopback connection to the same mock in the same process. "+
			"An exchange is formed, guarded, signed, sent, stripped of secrets, judged and written to the spool of the reports. "+
			"A scenario is read from its feature, acquires its instance, makes one exchange, compares its status and is written to the spool; "+
			"godog's own runs the same feature with a step that signs, sends and compares the status.", many, few, rounds),
	}
	local, err := target.Mock(ctx, mock.Options{})
	if err != nil {
		return s, err
	}
	defer func() { _ = local.Close() }()
	if err := b.oneExchange(ctx, local, &s); err != nil {
		return s, err
	}
	return s, b.oneScenario(ctx, local, &s)
}

func (b *Bench) oneExchange(ctx context.Context, at *target.Local, s *Section) error {
	change := b.contract.Operations()[0]
	client := newBare("http://"+at.Address, change)
	defer client.close()
	fixture, err := at.Fixtures.Acquire(ctx, steps.Needs{Instances: []steps.Need{{Status: mock.Running}}})
	if err != nil {
		return err
	}
	body := fmt.Appendf(nil, `{"instanceId":%q,"instanceType":%q}`, fixture.Instances[0].ID, fixture.Resizable[1])
	suites := []fs.FS{refusing(few / longPlays).memory(longPlays), refusing(many / longPlays).memory(longPlays)}
	harness := func(features fs.FS) func() error {
		return func() error { _, _, err := b.playAt(ctx, features, at.Target, 1); return err }
	}
	bare := func(times int) func() error {
		return func() error { return client.several(ctx, times, http.StatusBadRequest, body) }
	}
	took, err := alternate(harness(suites[0]), bare(few), harness(suites[1]), bare(many))
	if err != nil {
		return err
	}
	ours, theirs := perOne(took[2], took[0], many-few), perOne(took[3], took[1], many-few)
	s.compare("one exchange", ours, baseline{"bare net/http", theirs, 1.3})
	return fixture.Release(ctx)
}

func (b *Bench) oneScenario(ctx context.Context, at *target.Local, s *Section) error {
	read, _ := b.contract.Lifecycle(b.contract.Operations()[0])
	client := newBare("http://"+at.Address, read.Observed.Operation)
	defer client.close()
	fixture, err := at.Fixtures.Acquire(ctx, steps.Needs{Instances: []steps.Need{{Status: mock.Stopped}}})
	if err != nil {
		return err
	}
	body := fmt.Appendf(nil, `{"instanceIds":[%q]}`, fixture.Instances[0].ID)
	small, large := reading().memory(few), reading().memory(many)
	harness := func(features fs.FS) func() error {
		return func() error { _, _, err := b.playAt(ctx, features, at.Target, 1); return err }
	}
	gherkin := func(features fs.FS) func() error {
		return func() error { return playFloor(ctx, client, features, body) }
	}
	took, err := alternate(harness(small), gherkin(small), harness(large), gherkin(large))
	if err != nil {
		return err
	}
	ours, theirs := perOne(took[2], took[0], many-few), perOne(took[3], took[1], many-few)
	s.compare("one scenario with one exchange", ours, baseline{"godog and bare net/http", theirs, 1.5})
	return fixture.Release(ctx)
}

// baseline is what a value is compared with, and how many times as much it may be.
type baseline struct {
	what string
	took time.Duration
	goal float64
}

// compare adds a row.
func (s *Section) compare(what string, ours time.Duration, with baseline) {
	times := ratio(ours, with.took)
	s.Rows = append(s.Rows, Row{
		What: what, Value: fmt.Sprintf("%s, %.2f times", micros(ours), times), Baseline: with.what + ": " + micros(with.took),
		Goal: fmt.Sprintf("at most %.1f times the baseline", with.goal), Over: times / with.goal,
	})
}

// playFloor runs the features with godog alone.
func playFloor(ctx context.Context, client *bare, features fs.FS, body []byte) error {
	options := godog.Options{
		Format: floor, Output: io.Discard, Strict: true, Concurrency: 1, NoColors: true,
		DefaultContext: ctx, FS: features, Paths: []string{"."},
	}
	code := godog.TestSuite{Name: floor, Options: &options, ScenarioInitializer: func(sc *godog.ScenarioContext) {
		var status int
		sc.Step(`^a STOPPED instance$`, func() {})
		sc.Step(`^DescribeInstancesStatus is asked for it$`, func(ctx context.Context) (err error) {
			status, err = client.send(ctx, body)
			return err
		})
		sc.Step(`^the answer is a success$`, func() error {
			if status != http.StatusOK {
				return fmt.Errorf("status %d", status)
			}
			return nil
		})
	}}.Run()
	if code != 0 {
		return fmt.Errorf("godog's own run of the scenarios ended with %d", code)
	}
	return nil
}
