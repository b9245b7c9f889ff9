package benchmark

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// How long a change takes at the account, and how closely it is polled.
const (
	accountResize = 5 * time.Second
	accountPoll   = 500 * time.Millisecond
	accountSettle = time.Second
)

// accountGoals are what a run may cost at an account of six instances.
const (
	accountChanges  = 8
	accountRequests = 750
)

// account measures what a run costs where changes cost something.
func (b *Bench) account(ctx context.Context) (Section, error) {
	s := Section{
		Title: "8. What a run costs at an account",
		About: fmt.Sprintf("What `conformance plan` says of a target that lists four stopped instances, a running one and a stopped GPU instance, with `allow: [ModifyInstanceType]`, at 5 requests a second, "+
			"beside the sum of what it says of each scenario alone; a test counts the changes and the requests at the mock (`go test ./internal/cli -run TestWhatARunCostsAtAnAccountOfSixInstances`). "+
			"Then `conformance run --tags \"@resize and @change\" --parallel N` against a mock whose changes take %s, three stopped instances and a running one listed.", accountResize),
	}
	if err := b.planned(ctx, &s); err != nil {
		return s, err
	}
	return s, b.changed(ctx, &s)
}

// planned is what a plan says that is shown here.
type planned struct {
	Scenarios []struct {
		ID              string
		Changes, Shared json.RawMessage // nil: it makes no change, and watches none
	}
	Resizes, Back struct{ Least, Most int }
	Requests      struct{ Least int }
	Polls         int
	Seconds       struct{ Least, Most int }
}

func (b *Bench) planned(ctx context.Context, s *Section) error {
	six := listed{instances: []mock.Instance{{ID: "ins-a1"}, {ID: "ins-a2"}, {ID: "ins-a3"}, {ID: "ins-a4"}, {ID: "ins-b1", Status: mock.Running}, {ID: "ins-g1", GPU: true}}, rate: 5}
	if err := b.configure(six, "http://127.0.0.1:1"); err != nil { // nothing is sent there
		return err
	}
	whole, err := b.plan(ctx)
	if err != nil {
		return err
	}
	alone, back := 0, 0
	for _, scenario := range whole.Scenarios {
		if scenario.Changes == nil && scenario.Shared == nil {
			continue
		}
		one, err := b.plan(ctx, "--scenario", scenario.ID)
		if err != nil {
			return err
		}
		alone, back = alone+one.Resizes.Least, back+one.Back.Most
	}
	each := fmt.Sprintf("each scenario for itself: %d, and up to %d that restore", alone, back)
	s.Rows = append(s.Rows,
		Row{
			What: "changes at least", Value: fmt.Sprintf("%d, and up to %d that restores", whole.Resizes.Least, whole.Back.Most), Baseline: each,
			Goal: fmt.Sprintf("at most %d", accountChanges), Over: float64(whole.Resizes.Least+whole.Back.Most) / accountChanges,
		},
		Row{What: "changes at most, then the run stops", Value: fmt.Sprint(whole.Resizes.Most)},
		Row{
			What: "requests besides polls", Value: fmt.Sprintf("about %d, and %d that follow changes", whole.Requests.Least, whole.Polls),
			Goal: fmt.Sprintf("at most %d", accountRequests), Over: float64(whole.Requests.Least) / accountRequests,
		},
		Row{What: "time with 3 minutes for a change", Value: fmt.Sprintf("about %s; %s at most", time.Duration(whole.Seconds.Least)*time.Second, time.Duration(whole.Seconds.Most)*time.Second)},
	)
	return nil
}

// changed runs what changes instances, one scenario at a time and three.
func (b *Bench) changed(ctx context.Context, s *Section) error {
	m := mock.New(mock.Options{ResizeTime: accountResize})
	at := listed{rate: 1000, timed: true}
	for _, in := range []mock.Instance{{}, {}, {}, {Status: mock.Running}} {
		at.instances = append(at.instances, m.Seed(in))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("open a loopback port for the mock: %w", err)
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = m.Serve(serving, listener, nil)
	}()
	defer func() { stop(); <-served }()
	if err := b.configure(at, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	var took []time.Duration
	for _, parallel := range []int{1, 3} {
		start := time.Now()
		_, err := b.program(ctx, "run", "--quiet", "--allow-partial", "--target", "account", "--tags", "@resize and @change", "--parallel", fmt.Sprint(parallel))
		if err != nil {
			return err
		}
		took = append(took, time.Since(start))
		row := Row{What: fmt.Sprintf("scenarios that change an instance, %d at once", parallel), Value: fmt.Sprintf("%.1f s", took[len(took)-1].Seconds())}
		if len(took) > 1 {
			row.Value += fmt.Sprintf(", %.2f times", ratio(took[1], took[0]))
			row.Baseline = fmt.Sprintf("one at a time: %.1f s", took[0].Seconds())
		}
		s.Rows = append(s.Rows, row)
	}
	return nil
}

// listed is what a target of a configuration file lists.
type listed struct {
	instances []mock.Instance
	rate      int
	timed     bool // changes take accountResize
}

// configure writes the configuration of the target.
func (b *Bench) configure(t listed, endpoint string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "targets:\n  account:\n    endpoint: %s\n    allow: [%s]\n    instances:\n", endpoint, b.contract.Operations()[0].Action)
	for _, in := range t.instances {
		status := in.Status
		if status == "" {
			status = mock.Stopped
		}
		fmt.Fprintf(&text, "      - {id: %s, status: %s, gpu: %t}\n", in.ID, status, in.GPU)
	}
	types := mock.New(mock.Options{}).Types()
	fmt.Fprintf(&text, "    instanceTypes: {resizable: [%s], unsupported: [%s], gpu: [%s]}\n    requestsPerSecond: %d\n",
		strings.Join(types.Resizable, ", "), strings.Join(types.Unsupported, ", "), strings.Join(types.GPU, ", "), t.rate)
	if t.timed {
		fmt.Fprintf(&text, "    timing: {resizeTimeout: %s, pollInterval: %s, settle: %s}\n", 10*accountResize, accountPoll, accountSettle)
	}
	return os.WriteFile(filepath.Join(b.temp, "conformance.yaml"), []byte(text.String()), 0o600)
}

// plan asks the program what it would do at the account.
func (b *Bench) plan(ctx context.Context, args ...string) (p planned, err error) {
	out, err := b.program(ctx, append([]string{"plan", "--json", "--target", "account"}, args...)...)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(out, &p); err != nil {
		return p, fmt.Errorf("read a plan: %w", err)
	}
	return p, nil
}

// program runs the built program at the account, and returns what it prints.
func (b *Bench) program(ctx context.Context, args ...string) ([]byte, error) {
	args = slices.Concat(args, []string{"--config", filepath.Join(b.temp, "conformance.yaml"), "--out", filepath.Join(b.temp, "account")})
	cmd := exec.CommandContext(ctx, b.built(), args...) //nolint:gosec // the program that was just built
	credentials := mock.DefaultCredentials()
	cmd.Env = append(os.Environ(), "ZENLAYERCLOUD_ACCESS_KEY_ID="+credentials.KeyID, "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD="+credentials.Password)
	out, err := cmd.Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return nil, fmt.Errorf("%v: %w: %s", args, err, failed.Stderr)
	}
	return out, err
}
