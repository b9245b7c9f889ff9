package benchmark

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// How often a process is started: for the median, and of the default run for the slowest, too.
const (
	starts        = 9
	defaultStarts = 40
)

// ended is what one process took.
type ended struct {
	wall, cpu time.Duration
	peak      int64 // bytes; 0: this system does not tell
}

// conformance runs the built program to its verdict.
func (b *Bench) conformance(ctx context.Context, args ...string) (ended, error) {
	args = append(args, "--quiet", "--out", filepath.Join(b.temp, "reports"))
	cmd := exec.CommandContext(ctx, b.built(), args...) //nolint:gosec // the program that was just built
	start := time.Now()
	text, err := cmd.CombinedOutput()
	out := ended{wall: time.Since(start)}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == verdict.ExitInconclusive {
		return out, fmt.Errorf("run %v: inconclusive: %s", args, text)
	}
	if err != nil {
		return out, fmt.Errorf("run %v: %w: %s", args, err, text)
	}
	out.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	out.peak = peak(cmd.ProcessState)
	return out, nil
}

func (b *Bench) built() string { return filepath.Join(b.temp, "conformance") }

// process measures the program from its start to its verdict.
func (b *Bench) process(ctx context.Context) (Section, error) {
	s := Section{
		Title: "4. The whole process",
		About: fmt.Sprintf("The built program from its start to its exit, its reports on disk; medians of %d runs of the whole suite and of %d of one scenario. "+
			"The processor time is what a machine of its own would need at least, spread over its processors.", defaultStarts, starts),
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", b.built(), "./cmd/conformance") //nolint:gosec // the program that was just built
	build.Dir = b.Root
	if text, err := build.CombinedOutput(); err != nil {
		return s, fmt.Errorf("build the program: %w: %s", err, text)
	}
	whole, err := b.starts(ctx, defaultStarts, "run")
	if err != nil {
		return s, err
	}
	slowest := whole[len(whole)-1].wall
	s.Rows = append(s.Rows, rows("conformance run", whole, 450*time.Millisecond)...)
	s.Rows = append(s.Rows, Row{
		What: fmt.Sprintf("the slowest of %d", defaultStarts), Value: fmt.Sprintf("%s, %.2f times the median", millis(slowest), ratio(slowest, middle(whole).wall)),
		Baseline: "the median: " + millis(middle(whole).wall), Goal: "at most twice the median", Over: ratio(slowest, 2*middle(whole).wall),
	})
	one, err := b.starts(ctx, starts, "run", "--scenario", "status-of-one")
	if err != nil {
		return s, err
	}
	s.Rows = append(s.Rows, rows("conformance run --scenario status-of-one", one, 25*time.Millisecond)...)
	return s, nil
}

// starts runs the program so often, and returns what each run took, the fastest first.
func (b *Bench) starts(ctx context.Context, times int, args ...string) ([]ended, error) {
	all := make([]ended, times)
	for i := range all {
		var err error
		if all[i], err = b.conformance(ctx, args...); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(x, y ended) int { return cmp.Compare(x.wall, y.wall) })
	return all, nil
}

func middle(sorted []ended) ended { return sorted[len(sorted)/2] }

// rows says what runs took that are sorted, the fastest first.
func rows(what string, sorted []ended, goal time.Duration) []Row {
	const memory = 64 << 20
	mid, highest := middle(sorted), int64(0)
	for _, e := range sorted {
		highest = max(highest, e.peak)
	}
	return []Row{{
		What: what, Value: fmt.Sprintf("%s (fastest %s), %s of processor time", millis(mid.wall), millis(sorted[0].wall), millis(mid.cpu)),
		Goal: "at most " + goal.String(), Over: ratio(mid.wall, goal), Unbound: true,
	}, {
		What: "its peak memory", Value: mebi(highest) + " at most", Goal: "at most " + mebi(memory),
		Over: float64(highest) / memory, Unbound: true,
	}}
}
