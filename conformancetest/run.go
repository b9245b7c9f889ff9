package conformancetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// ErrInconclusive is the error of a Result if a scenario could not be judged because of the
// network, a gateway or the credential, or if an instance was not restored.
var ErrInconclusive = errors.New("inconclusive")

// ErrNonConformant is the error of a Result if a documented fact is violated.
var ErrNonConformant = errors.New("non-conformant")

// Result is the result of a run.
type Result struct {
	Verdict      string // as on the command line: conformant, selected passed, non-conformant, partial, inconclusive
	Passed       int
	Failed       int
	Inconclusive int
	Skipped      int
	Report       string // the folder of the reports
}

// Err returns ErrNonConformant, ErrInconclusive, or nil.
func (r Result) Err() error {
	switch {
	case r.Failed > 0 || r.Verdict == string(verdict.NonConformant):
		return fmt.Errorf("%w: %d scenarios failed", ErrNonConformant, r.Failed)
	case r.Inconclusive > 0 || r.Verdict == string(verdict.InconclusiveVerdict):
		return fmt.Errorf("%w: %d scenarios could not be judged", ErrInconclusive, r.Inconclusive)
	}
	return nil
}

// Run runs the scenarios against a target, and reports each as a subtest of t named by its id. If
// the run is impossible, for example because of a wrong configuration, the test ends at once.
func Run(t *testing.T, target Target, opts ...Option) Result {
	t.Helper()
	o := &options{}
	for _, option := range opts {
		option(o)
	}
	if err := o.place(t.Name()); err != nil {
		t.Fatalf("conformancetest: %v", err)
	}
	file, name, err := target.prepare(o.folder)
	if err != nil {
		t.Fatalf("conformancetest: %v", err)
	}
	c := &command{target: target, out: o.folder, targetFlags: []string{"--config", file, "--target", name, "--out", o.folder}}
	ids := c.ids(t, o)
	played := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !wanted(t.Name(), id) })
	if len(played) == 0 {
		return Result{Report: o.folder} // -run selects other subtests
	}
	if target.Ephemeral {
		c.forget()
	}
	c.cleanup(t, o) // restore what a killed test has left
	t.Cleanup(func() { c.cleanup(t, o) })
	words := slices.Concat([]string{"run", "--quiet", "--allow-partial"}, c.targetFlags, o.flags())
	for _, waivers := range o.waivers {
		words = append(words, "--waivers", waivers)
	}
	if len(played) == len(ids) {
		words = append(words, o.tagged()...)
	} else {
		for _, id := range played {
			words = append(words, "--scenario", id)
		}
	}
	code, _, stderr := c.do(t.Context(), words...)
	if code == verdict.ExitUsage || code == verdict.ExitHarness {
		t.Fatalf("conformancetest: %s", stderr)
	}
	return c.tell(t, len(played) == len(ids))
}

// command is the command line, run within this process.
type command struct {
	target      Target
	out         string
	targetFlags []string
}

func (c *command) do(ctx context.Context, words ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = cli.Main(ctx, words, cli.System{In: strings.NewReader(""), Out: &out, Err: &errs, Env: c.target.env})
	return code, out.String(), strings.TrimSpace(errs.String())
}

// ids returns the ids of the selected scenarios.
func (c *command) ids(t *testing.T, o *options) []string {
	t.Helper()
	code, stdout, stderr := c.do(t.Context(), slices.Concat([]string{"list"}, o.tagged(), o.flags())...)
	if code != verdict.ExitConformant {
		t.Fatalf("conformancetest: %s", stderr)
	}
	var ids []string
	for line := range strings.Lines(stdout) {
		id, _, _ := strings.Cut(line, "  ")
		ids = append(ids, id)
	}
	return ids
}

// cleanup restores what is left changed according to the journal in the report folder. It needs the
// endpoint, and a context that outlasts the test.
func (c *command) cleanup(t *testing.T, o *options) {
	t.Helper()
	journals, _ := filepath.Glob(filepath.Join(c.out, "journal-*.jsonl")) // the pattern is valid
	if len(journals) == 0 {
		return
	}
	code, _, stderr := c.do(context.WithoutCancel(t.Context()), slices.Concat([]string{"cleanup"}, c.targetFlags, o.flags())...)
	if code != verdict.ExitConformant {
		t.Errorf("conformancetest: instances are not as they were: %s", stderr)
	}
}

// forget removes the journals of endpoints that no longer exist.
func (c *command) forget() {
	journals, _ := filepath.Glob(filepath.Join(c.out, "journal-*.jsonl"))
	for _, file := range journals {
		_ = os.Remove(file) // cleanup finds a remaining journal
	}
}

// tell reports each scenario of the report as a subtest. whole means that -run leaves none out.
func (c *command) tell(t *testing.T, whole bool) Result {
	t.Helper()
	reader, err := report.Open(filepath.Join(c.out, "report.json"))
	if err != nil {
		t.Fatalf("conformancetest: %v", err)
	}
	defer func() { _ = reader.Close() }()
	counts := reader.Head.Summary.Scenarios
	result := Result{
		Verdict: string(reader.Head.Verdict), Passed: counts.Passed, Failed: counts.Failed - counts.Waived,
		Inconclusive: counts.Inconclusive, Skipped: counts.Skipped, Report: c.out,
	}
	for s, err := range reader.Scenarios() {
		if err != nil {
			t.Fatalf("conformancetest: %v", err)
		}
		t.Run(s.ID, func(t *testing.T) { judge(t, s) })
	}
	if whole && counts.Skipped == counts.Total {
		t.Error("every scenario was skipped: nothing was judged")
	}
	for _, u := range reader.Head.Unrestored {
		t.Errorf("instance %s did not get its type %s back: %s", u.Instance, u.Type, u.Reason)
	}
	for _, w := range reader.Head.Waivers {
		if w.State == verdict.WaiverExpired || w.State == verdict.WaiverUnmatched || w.State == verdict.WaiverChanged {
			t.Errorf("waiver of %s%s: %s", w.Clause, w.Scenario, w.State)
		}
	}
	return result
}

// judge reports one scenario.
func judge(t *testing.T, s verdict.Scenario) {
	t.Helper()
	t.Logf("%s (%s:%d), %s", s.Name, s.File, s.Line, s.Duration.Round(1e6))
	fails := false
	for _, f := range s.Findings {
		switch {
		case f.Waived != "" || f.Level == verdict.Should:
			t.Log(f.Error())
		default:
			fails = true
			t.Error(f.Error() + requestID(f))
		}
	}
	switch s.Outcome {
	case verdict.Skipped:
		t.Skip(s.Reason)
	case verdict.Inconclusive:
		t.Errorf("inconclusive: the endpoint could not be judged: %s (%s)", s.Reason, s.Cause)
	case verdict.Broken:
		t.Errorf("broken: a fault of the harness: %s", s.Reason)
	}
	if fails {
		t.Logf("clauses %s, fingerprints %s", strings.Join(s.Clauses, " "), fingerprints(s))
	}
}

func requestID(f verdict.Finding) string {
	if f.RequestID == "" {
		return ""
	}
	return "; request id " + f.RequestID
}

func fingerprints(s verdict.Scenario) string {
	var all []string
	for _, f := range s.Findings {
		if !slices.Contains(all, f.Fingerprint()) {
			all = append(all, f.Fingerprint())
		}
	}
	return strings.Join(all, " ")
}
