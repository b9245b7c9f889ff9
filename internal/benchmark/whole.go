package benchmark

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/cucumber/godog"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/steps"
)

// least measures what the scenarios, steps and requests of the whole suite cost without the harness.
func (b *Bench) least(ctx context.Context) (Section, error) {
	s := Section{
		Title: "9. The least that a run costs",
		About: fmt.Sprintf("The median of %d runs of the built program, compared with godog, whose steps do nothing, and bare net/http, "+
			"for as many scenarios, steps and requests.", starts),
	}
	runs, err := b.starts(ctx, starts, "run")
	if err != nil {
		return s, err
	}
	row, err := b.whole(ctx, middle(runs))
	s.Rows = append(s.Rows, row)
	return s, err
}

// whole compares a run of the whole suite with the least that its scenarios, steps and requests
// cost. It reads from the run's report how many there were.
func (b *Bench) whole(ctx context.Context, run ended) (row Row, err error) {
	text, err := os.ReadFile(filepath.Join(b.temp, "reports", "report.json"))
	if err != nil {
		return row, fmt.Errorf("read what the run did: %w", err)
	}
	local, err := target.Mock(ctx, mock.Options{})
	if err != nil {
		return row, err
	}
	defer func() { err = errors.Join(err, local.Close()) }()
	fixture, err := local.Fixtures.Acquire(ctx, steps.Needs{Instances: []steps.Need{{Status: mock.Stopped}}})
	if err != nil {
		return row, err
	}
	read, _ := b.contract.Lifecycle(b.contract.Operations()[0])
	client := newBare("http://"+local.Address, read.Observed.Operation)
	defer client.close()
	body := fmt.Appendf(nil, `{"instanceIds":[%q]}`, fixture.Instances[0].ID)
	feature := stepless(text)
	took, err := alternate(func() error { return playRequests(ctx, client, feature, body) })
	if err != nil {
		return row, err
	}
	return Row{
		What: "conformance run", Value: fmt.Sprintf("%s, %.2f times", millis(run.wall), ratio(run.wall, took[0])),
		Baseline: "godog and bare net/http: " + millis(took[0]),
	}, fixture.Release(ctx)
}

// stepless writes the scenarios of a report as a feature: their first step sends as many requests
// as the scenario did, the others do nothing.
func stepless(report []byte) []byte {
	var out strings.Builder
	out.WriteString("Feature: What a run did\n")
	gjson.GetBytes(report, "scenarios").ForEach(func(_, s gjson.Result) bool {
		fmt.Fprintf(&out, "\n  Scenario: %s\n    Given %d requests\n", s.Get("id").Str, len(s.Get("exchanges").Array()))
		for range len(s.Get("steps").Array()) - 1 {
			out.WriteString("    Then nothing\n")
		}
		return true
	})
	return []byte(out.String())
}

// playRequests runs a feature of stepless with godog alone.
func playRequests(ctx context.Context, client *bare, feature, body []byte) error {
	options := godog.Options{
		Format: floor, Output: io.Discard, Strict: true, Concurrency: 2 * runtime.GOMAXPROCS(0), NoColors: true,
		DefaultContext: ctx, FeatureContents: []godog.Feature{{Name: "run.feature", Contents: feature}},
	}
	code := godog.TestSuite{Name: floor, Options: &options, ScenarioInitializer: func(sc *godog.ScenarioContext) {
		sc.Step(`^(\d+) requests$`, func(ctx context.Context, times int) error {
			return client.several(ctx, times, http.StatusOK, body)
		})
		sc.Step(`^nothing$`, func() {})
	}}.Run()
	if code != 0 {
		return fmt.Errorf("godog's own run of the scenarios ended with %d", code)
	}
	return nil
}
