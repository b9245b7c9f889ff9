package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// doubleName is the name of a double in verdict lines and reports.
const doubleName = "a double derived from the contract, which tests the features and no endpoint"

// The duration of a double's changes, and its limit.
const (
	doubleWork    = 40 * time.Millisecond
	doubleTimeout = 5 * time.Second
)

// workOf returns the duration of a double's changes. A change that no action undoes cannot be called
// again by a scenario that met it too late, so it takes longer.
func workOf(c *contract.Contract) time.Duration {
	for _, op := range c.Operations() {
		if d, has := c.Lifecycle(op); has && !d.Repeats() {
			return 4 * doubleWork
		}
	}
	return doubleWork
}

// doubled is a double that is served on its own loopback port.
type doubled struct {
	run.Target
	close func() error
}

// serveDouble serves a double of a contract.
func serveDouble(c *contract.Contract, defect string) (*doubled, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a loopback port for the double: %w", err)
	}
	work := workOf(c)
	d := double.New(c, work, defect)
	server := &http.Server{Handler: d, ReadHeaderTimeout: doubleTimeout}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	sender, err := client.New(client.Options{
		Endpoint: &url.URL{Scheme: "http", Host: listener.Addr().String()}, Retry: client.Retry{Base: 5 * time.Millisecond},
		Credentials: client.Credentials{
			KeyID: double.Credentials.KeyID, Password: secret.New(double.Credentials.Password), Token: secret.New(double.Credentials.Token),
		},
	})
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &doubled{
		Target: run.Target{
			Info:   verdict.Target{Name: doubleName, Kind: "mock", Endpoint: "http://localhost"},
			Client: sender, Fixtures: d, Known: run.Known{Credentials: true, Rights: true, Clock: true},
			Timing: steps.Timing{ResizeTimeout: doubleTimeout, PollInterval: work / 8, Settle: work},
		},
		close: func() error {
			sender.Close()
			err := server.Close()
			if served := <-served; !errors.Is(served, http.ErrServerClosed) {
				err = errors.Join(err, served)
			}
			return err
		},
	}, nil
}

// checkDouble rejects a contract from which no double can be derived.
func checkDouble(c *contract.Contract, from source) error {
	if err := double.Check(c); err != nil {
		return usageError(fmt.Errorf("%s/%w", from.folder, err))
	}
	return nil
}

// openDouble prepares a double for a run.
func openDouble(c *contract.Contract, from source, parallel int) (*readyTarget, error) {
	if err := checkDouble(c, from); err != nil {
		return nil, err
	}
	d, err := serveDouble(c, "")
	if err != nil {
		return nil, harnessError(err)
	}
	if parallel == 0 {
		parallel = mockParallel
	}
	return &readyTarget{Target: d.Target, parallel: parallel, unrestored: func() []verdict.Unrestored { return nil }, close: d.close}, nil
}

// selftestDouble runs the features against the double without defects and with each of its defects.
// It prints which defects they detect, ignoring what they also find without a defect.
func selftestDouble(ctx context.Context, sys System, c *contract.Contract, from source, all *suite.Suite, list bool) error {
	if err := checkDouble(c, from); err != nil {
		return err
	}
	defects := double.Defects(c)
	if list {
		for _, d := range defects {
			fmt.Fprintf(sys.Out, "defect  %s  %s\n", d.Name, strings.Join(d.Clauses(c), " "))
		}
		return nil
	}
	right, err := againstDouble(ctx, c, all, "")
	if err != nil {
		return harnessError(err)
	}
	always, broken := right.found, right.broken
	detected, named := 0, 0
	for _, d := range defects {
		result, err := againstDouble(ctx, c, all, d.Name)
		if err != nil {
			return harnessError(err)
		}
		broken = append(broken, result.broken...)
		// A finding that also occurs without the defect does not detect it.
		found := slices.DeleteFunc(result.found, func(id string) bool { return slices.Contains(always, id) })
		seen := result.Verdict == verdict.NonConformant && len(found) > 0
		is := slices.ContainsFunc(d.Clauses(c), func(id string) bool { return slices.Contains(found, id) })
		switch {
		case !seen:
			fmt.Fprintf(sys.Out, "survived  %s: the features do not notice it; it breaks %s\n", d.Name, strings.Join(d.Clauses(c), " or "))
		case !is:
			fmt.Fprintf(sys.Out, "misnamed  %s: found as %s; it breaks %s\n", d.Name, strings.Join(found, ", "), strings.Join(d.Clauses(c), " or "))
		}
		if seen {
			detected++
		}
		if is {
			named++
		}
	}
	fmt.Fprintf(sys.Out, "detected  %d of %d defects of %s\n", detected, len(defects), doubleName)
	fmt.Fprintf(sys.Out, "named     %d of %d defects\n", named, len(defects))
	fmt.Fprintf(sys.Out, "without   a defect: %s %s\n", right.Verdict, strings.Join(always, " "))
	slices.SortFunc(broken, func(a, b verdict.Scenario) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Reason, b.Reason))
	})
	for _, s := range slices.CompactFunc(broken, func(a, b verdict.Scenario) bool { return a.ID == b.ID && a.Reason == b.Reason }) {
		fmt.Fprintf(sys.Out, "broken    %s: %s\n", s.ID, report.Plain(s.Reason))
	}
	unjudged := right.Verdict == verdict.InconclusiveVerdict || len(broken) > 0
	switch {
	case slices.ContainsFunc(broken, func(s verdict.Scenario) bool { return s.Fault == verdict.FaultHarness }):
		return &exitError{code: verdict.ExitHarness}
	case named < len(defects) || len(always) > 0 || unjudged:
		return &exitError{code: verdict.ExitNonConformant}
	}
	return nil
}

// doubleResult is the result of running the features against a double.
type doubleResult struct {
	verdict.Run
	found  []string           // the clauses of the findings
	broken []verdict.Scenario // the broken scenarios
}

// againstDouble runs the features against a double.
func againstDouble(ctx context.Context, c *contract.Contract, all *suite.Suite, defect string) (r doubleResult, err error) {
	d, err := serveDouble(c, defect)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	var mu sync.Mutex
	r.Run, err = run.Execute(ctx, run.Plan{
		Contract: c, Suite: all, Cases: all.Cases, Target: d.Target, Parallel: mockParallel,
		Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			for _, f := range s.Findings {
				if !slices.Contains(r.found, f.Clause) {
					r.found = append(r.found, f.Clause)
				}
			}
			if s.Outcome == verdict.Broken {
				r.broken = append(r.broken, s)
			}
			return nil
		},
	})
	slices.Sort(r.found)
	return r, errors.Join(err, ctx.Err())
}

// serveDouble only serves a double, until the command is interrupted.
func (o *mockOptions) serveDouble(ctx context.Context, sys System, c *contract.Contract, from source) error {
	defects := double.Defects(c)
	known := o.defect == "" || slices.ContainsFunc(defects, func(d double.Defect) bool { return d.Name == o.defect })
	switch {
	case o.ofBuiltIn():
		return usageError(errors.New("with another contract, mock takes --listen, --resize-time and --defect alone: the other flags are of the built-in mock"))
	case !known:
		return usageError(fmt.Errorf("--defect %s: the double of this contract has no such defect: selftest --contract %s --list names them", o.defect, from.folder))
	}
	if err := checkDouble(c, from); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usageError(fmt.Errorf("--listen %s: %w", o.listen, err))
	}
	d := double.New(c, o.resizeTime, o.defect)
	address := "http://" + listener.Addr().String()
	fmt.Fprint(sys.Err, doubleSummary(c, d, address, from.folder, o.resizeTime))
	fmt.Fprintln(sys.Out, address)
	server := &http.Server{Handler: d, ReadHeaderTimeout: doubleTimeout}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return harnessError(err)
	}
	return nil
}

// doubleSummary describes a double as a configuration file, with a target for each kind of subject.
// Its credentials open nothing else, so they may be shown. Nothing in it is real, so everything
// that can be undone is allowed.
func doubleSummary(c *contract.Contract, d *double.Double, address, folder string, work time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# At %s: %s. Ctrl-C ends it. Save this as conformance.yaml, then:\n", address, doubleName)
	creds := double.Credentials
	fmt.Fprintf(&b, "#   export ZENLAYERCLOUD_ACCESS_KEY_ID=%s ZENLAYERCLOUD_ACCESS_KEY_PASSWORD=%s ZENLAYER_TOKEN=%s\n", creds.KeyID, creds.Password, creds.Token)
	fmt.Fprintf(&b, "#   conformance run --config conformance.yaml --target double\ntargets:\n")
	kind := ""
	for _, s := range d.SeedAccount() {
		if s.Kind != kind {
			name := "double"
			if kind != "" {
				name += "-" + s.Kind
			}
			kind = s.Kind
			fmt.Fprintf(&b, "  %s:\n    endpoint: %s\n    contract: %q\n    credentials: {tokenEnv: ZENLAYER_TOKEN}\n    generate: true\n", name, address, folder)
			if actions := undoable(c, kind); len(actions) > 0 {
				fmt.Fprintf(&b, "    allow: [%s]\n", strings.Join(actions, ", "))
			}
			if values := d.Values(kind); len(values) > 0 {
				fmt.Fprintf(&b, "    instanceTypes: {resizable: [%s]}\n", scalars(values))
			}
			fmt.Fprintf(&b, "    timing: {resizeTimeout: %s, pollInterval: %s, settle: %s}\n    requestsPerSecond: 2000\n    parallel: 8\n    instances:\n",
				10*work+doubleTimeout, max(work/8, time.Millisecond), max(work/4, 20*time.Millisecond))
		}
		fmt.Fprintf(&b, "      - {id: %s, status: %s, kind: %s}\n", s.ID, s.Status, s.Kind)
	}
	return b.String()
}

// undoable returns the actions that change subjects of a kind and that another action undoes.
func undoable(c *contract.Contract, kind string) []string {
	return slices.DeleteFunc(changing(c), func(action string) bool {
		op, _ := c.Operation(action)
		l, _ := c.Lifecycle(op)
		return l.Kind != kind || !l.Returns() && l.Inverse == ""
	})
}
