// Package foreign measures what a program that tests endpoints detects. It serves the mock with one
// defect or variant at a time, runs the program against it if the program can notice a difference,
// and takes its exit code as its verdict. A non-zero code is an accusation: a defect is then
// detected, while a variant or the correct mock is wrongly accused.
//
// It must not know what the program is, or the contract that this project judges by.
package foreign

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
)

// Verdict is the verdict of a program on one mock.
type Verdict string

// The verdicts.
const (
	Accused Verdict = "accused" // the program ended with a non-zero exit code
	Cleared Verdict = "cleared" // the program ended with exit code 0
	Timeout Verdict = "timeout" // the program did not end in its time, and counts as neither
	Unrun   Verdict = "not run" // the program could not be started
)

// Case is one mock to run the program against.
type Case struct {
	Kind     string `json:"kind"` // right, defect or variant
	Name     string `json:"name"` // "" for the correct mock
	Category string `json:"category,omitempty"`
	Clause   string `json:"clause,omitempty"`
	Text     string `json:"text,omitempty"`

	alter func(*mock.Mock) // alters the mock
}

// Result is the result for one case.
type Result struct {
	Case
	Verdict Verdict       `json:"verdict"`
	Exit    int           `json:"exit"`
	Took    time.Duration `json:"tookNs"`
	Unmet   bool          `json:"unmet,omitempty"`  // not run, because the mock answers all requests of the program like the correct one
	Output  string        `json:"output,omitempty"` // its last lines, if the verdict is not the right one
}

// Right reports whether the verdict is the right one.
func (r Result) Right() bool {
	return r.Verdict == Accused && r.Kind == "defect" || r.Verdict == Cleared && r.Kind != "defect"
}

// Cases returns the correct mock, then the defects and the variants. If sample is above 0, it
// returns at most that many defects of each category and that many variants, spread over their
// lists.
func Cases(sample int) []Case {
	cases := []Case{{Kind: "right"}}
	for _, category := range defects.Categories() {
		var some []Case
		for _, d := range defects.All() {
			if d.Category() == category {
				some = append(some, Case{Kind: "defect", Name: d.Name, Category: category, Clause: d.Clause, Text: d.Text, alter: d.Alter})
			}
		}
		cases = append(cases, spread(some, sample)...)
	}
	var variants []Case
	for _, v := range defects.Variants() {
		if !v.TLS {
			variants = append(variants, Case{Kind: "variant", Name: v.Name, Text: v.Text, alter: v.Alter})
		}
	}
	return append(cases, spread(variants, sample)...)
}

// Only returns the correct mock and the cases with the given names.
func Only(cases []Case, names []string) []Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return c.Kind != "right" && !slices.Contains(names, c.Name) })
}

func spread(cases []Case, n int) []Case {
	if n <= 0 || n >= len(cases) {
		return cases
	}
	some := make([]Case, n)
	for i := range some {
		some[i] = cases[i*len(cases)/n]
	}
	return some
}

// Options configure a measurement.
type Options struct {
	Command  string // for sh -c; {url} and {contract} stand for the mock's URL and the contract's folder
	Contract string // the folder
	Env      []string
	Cases    []Case
	Limit    time.Duration // for each run
	Resize   time.Duration // the duration of a change
	AtOnce   int
	All      bool         // run every case, even if the program cannot notice a difference
	Done     func(Result) // called with each result, one at a time; may be nil
}

// recordings is how often the program is run against the correct mock to learn what it sends,
// because a program may not send the same every time.
const recordings = 3

// Measure runs the program against every case, and returns the results in order. Unless o.All is
// set, it does not run the program if the mock answers all its requests like the correct one,
// because the program cannot distinguish them. It returns an error if the program accuses the
// correct mock or cannot be started, because its other verdicts would mean nothing, or if the
// context was cancelled.
func Measure(ctx context.Context, o Options) ([]Result, error) {
	right, sent, err := learn(ctx, o)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(o.Cases))
	results[0] = right
	var mu sync.Mutex
	var failed error
	var group sync.WaitGroup
	slots := make(chan struct{}, max(1, o.AtOnce))
	for i := 1; i < len(o.Cases); i++ {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			r, err := measure(ctx, o, sent, o.Cases[i])
			mu.Lock()
			defer mu.Unlock()
			results[i], failed = r, errors.Join(failed, err)
			if o.Done != nil && err == nil {
				o.Done(r)
			}
		})
	}
	group.Wait()
	return results, errors.Join(failed, ctx.Err())
}

// learn runs the program against the correct mock. sent is nil if a mock that gives the same
// answers may still look different to the program.
func learn(ctx context.Context, o Options) (right Result, sent *traces, err error) {
	runs := recordings
	if o.All {
		runs = 1
	}
	recorded := make([]*trace, runs)
	for i := range recorded {
		recorded[i] = &trace{}
		if right, err = meet(ctx, o, o.Cases[0], recorded[i]); err != nil {
			return right, nil, err
		}
		if err := trusted(ctx, o, right); err != nil {
			return right, nil, err
		}
	}
	if o.All {
		return right, nil, nil
	}
	sent, err = newTraces(ctx, o.Resize, recorded)
	return right, sent, err
}

// trusted rejects a program that does not clear the correct mock.
func trusted(ctx context.Context, o Options, right Result) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case right.Verdict == Unrun:
		return fmt.Errorf("the command cannot be run: exit code %d: %s", right.Exit, right.Output)
	case right.Verdict == Timeout:
		return fmt.Errorf("the command does not end within %s against the right mock: give more time, or a smaller suite", o.Limit)
	case right.Verdict == Accused:
		return fmt.Errorf("the command accuses the right mock (exit code %d), so that its verdicts on others mean nothing: %s", right.Exit, right.Output)
	}
	return nil
}

// measure runs the program against the mock of a case, if the program can notice a difference.
func measure(ctx context.Context, o Options, sent *traces, c Case) (Result, error) {
	if sent != nil {
		same, err := sent.same(ctx, c)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return Result{}, err
		}
		if same {
			return Result{Case: c, Verdict: Cleared, Unmet: true}, nil
		}
	}
	return meet(ctx, o, c, nil)
}

// meet serves the mock of a case and runs the program against it. It records the program's requests
// if a trace is given, which is so only for the correct mock.
func meet(ctx context.Context, o Options, c Case, recorded *trace) (r Result, err error) {
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	alter := c.alter
	if recorded != nil {
		recorded.start, alter = time.Now(), recorded.record
	}
	m := newMock(mock.Options{ResizeTime: o.Resize, Alter: alter})
	var h http.Handler = m
	if recorded != nil {
		h = recorded.before(m)
	}
	err = serve(ctx, m, h, func(address string) { r = run(ctx, o, c, m, "http://"+address) })
	return r, err
}

// newMock returns a mock with the account that every program uses.
func newMock(options mock.Options) *mock.Mock {
	m := mock.New(options)
	m.SeedAccount()
	return m
}

// serve serves a mock, behind a handler, while use runs.
func serve(ctx context.Context, m *mock.Mock, h http.Handler, use func(address string)) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("open a loopback port for the mock: %w", err)
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- m.ServeWith(serving, l, nil, h) }()
	use(l.Addr().String())
	stop()
	return <-served
}

func run(ctx context.Context, o Options, c Case, m *mock.Mock, url string) Result {
	bounded, cancel := context.WithTimeout(ctx, o.Limit)
	defer cancel()
	text := strings.NewReplacer("{url}", quote(url), "{contract}", quote(o.Contract)).Replace(o.Command)
	cmd := exec.CommandContext(bounded, "sh", "-c", text) //nolint:gosec // the user gives it
	group(cmd)
	creds := m.Credentials()
	cmd.Env = append(slices.Clone(o.Env),
		"ZENLAYERCLOUD_ACCESS_KEY_ID="+creds.KeyID, "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD="+creds.Password, "ZENLAYER_TOKEN="+creds.Token, "ZENLAYER_ENDPOINT="+url)
	out := &tail{}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = time.Second
	start := time.Now()
	err := cmd.Run()
	r := Result{Case: c, Took: time.Since(start), Exit: cmd.ProcessState.ExitCode()}
	switch {
	case bounded.Err() != nil:
		r.Verdict = Timeout
	case r.Exit == 126 || r.Exit == 127 || err != nil && cmd.ProcessState == nil:
		r.Verdict = Unrun
	case r.Exit != 0:
		r.Verdict = Accused
	default:
		r.Verdict = Cleared
	}
	if !r.Right() {
		r.Output = out.String()
	}
	return r
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// tail keeps the end of a program's output.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const maxTail = 2000 // bytes

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if extra := len(t.text) - maxTail; extra > 0 {
		t.text = append(t.text[:0], t.text[extra:]...)
	}
	return len(b), nil
}

// String returns what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(strings.ToValidUTF8(string(t.text), "?"))
}
