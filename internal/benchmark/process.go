package benchmark

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

const starts = 9 // of a process, for one median

// ended is what one process took.
type ended struct {
	wall, cpu time.Duration
	peak      int64 // bytes; 0: this system does not tell
}

// conformance runs the built program to its verdict.
func (b *Bench) conformance(ctx context.Context, args ...string) (ended, error) {
	args = append(args, "--quiet", "--out", filepath.Join(b.temp, "reports"))
	cmd := exec.CommandContext(ctx, b.program(), args...) //nolint:gosec // the program that was just built
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

func (b *Bench) program() string { return filepath.Join(b.temp, "conformance") }

// process measures the program from its start to its verdict.
func (b *Bench) process(ctx context.Context) (Section, error) {
	s := Section{
		Title: "4. The whole process",
		About: fmt.Sprintf("The built program from its start to its exit, its reports on disk; medians of %d runs. "+
			"The processor time is what a machine of its own would need at least, spread over its processors.", starts),
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", b.program(), "./cmd/conformance") //nolint:gosec // the program that was just built
	build.Dir = b.Root
	if text, err := build.CombinedOutput(); err != nil {
		return s, fmt.Errorf("build the program: %w: %s", err, text)
	}
	for _, c := range []struct {
		what string
		args []string
		goal time.Duration
	}{
		{"conformance run", []string{"run"}, 300 * time.Millisecond},
		{"conformance run --scenario status-of-one", []string{"run", "--scenario", "status-of-one"}, 40 * time.Millisecond},
	} {
		all := make([]ended, starts)
		for i := range all {
			var err error
			if all[i], err = b.conformance(ctx, c.args...); err != nil {
				return s, err
			}
		}
		slices.SortFunc(all, func(x, y ended) int { return int(x.wall - y.wall) })
		mid, highest := all[starts/2], int64(0)
		for _, e := range all {
			highest = max(highest, e.peak)
		}
		s.Rows = append(s.Rows, Row{
			What: c.what, Value: fmt.Sprintf("%s (fastest %s), %s of processor time", millis(mid.wall), millis(all[0].wall), millis(mid.cpu)),
			Goal: "at most " + c.goal.String(), Over: ratio(mid.wall, c.goal), Unbound: true,
		})
		const memory = 64 << 20
		s.Rows = append(s.Rows, Row{
			What: "its peak memory", Value: mebi(highest) + " at most", Goal: "at most " + mebi(memory),
			Over: float64(highest) / memory, Unbound: true,
		})
	}
	return s, nil
}
