package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// built are the two programs that hold all mutants.
type built struct{ folder, walk, suite string }

// result is what became of one mutant.
type result struct {
	mutant
	differ  int    // answers of the walk that differ from the right mock's; -1: the walk broke off
	outcome string // detected, survived, or why the suite gave no verdict
}

// narrow is how many answers of the walk may differ at most for a mutant to count as narrow.
const narrow = 5

func build(ctx context.Context, root, folder string) (built, error) {
	b := built{folder, filepath.Join(folder, "walk"), filepath.Join(folder, "conformance")}
	overlay := "-overlay=" + filepath.Join(folder, "overlay.json")
	for _, args := range [][]string{
		{"test", "-c", overlay, "-o", b.walk, "./internal/mock"},
		{"build", overlay, "-o", b.suite, "./cmd/conformance"},
	} {
		c := exec.CommandContext(ctx, "go", args...)
		c.Dir = root
		if out, err := c.CombinedOutput(); err != nil {
			return b, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return b, nil
}

// run measures each mutant, and tells how many answers the walk has.
func (b built) run(ctx context.Context, o options, list []mutant, progress io.Writer) (results []result, answers int, err error) {
	right, err := b.answers(ctx, 0)
	if err != nil {
		return nil, 0, fmt.Errorf("walk through the right mock: %w", err)
	}
	if outcome := b.judge(ctx, 0, o.limit); outcome != "survived" {
		return nil, 0, fmt.Errorf("the suite against the right mock: %s", outcome)
	}
	results = make([]result, len(list))
	jobs := make(chan int)
	var workers sync.WaitGroup
	for range max(1, o.parallel) {
		workers.Go(func() {
			for i := range jobs {
				results[i] = b.one(ctx, list[i], right, o.limit)
				fmt.Fprintf(progress, "%d of %d: %s:%d %s %q: %d answers differ, %s\n",
					i+1, len(list), list[i].File, list[i].Line, list[i].Kind, list[i].Text, results[i].differ, results[i].outcome)
			}
		})
	}
	for i := range list {
		if ctx.Err() != nil {
			break
		}
		jobs <- i
	}
	close(jobs)
	workers.Wait()
	return results, len(right), ctx.Err()
}

func (b built) one(ctx context.Context, m mutant, right []string, limit time.Duration) result {
	r := result{mutant: m}
	answers, err := b.answers(ctx, m.Number)
	if err != nil {
		r.differ = -1
	} else {
		r.differ = differences(right, answers)
	}
	if r.differ == 0 {
		r.outcome = "the same answers"
		return r
	}
	if r.differ < 0 {
		r.outcome = "no endpoint"
		return r
	}
	r.outcome = b.judge(ctx, m.Number, limit)
	return r
}

func differences(a, b []string) int {
	n := max(len(a), len(b)) - min(len(a), len(b))
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// answers takes the walk through a mutant.
func (b built) answers(ctx context.Context, number int) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	file := filepath.Join(b.folder, fmt.Sprintf("walk-%d.txt", number))
	defer func() { _ = os.Remove(file) }()
	c := exec.CommandContext(ctx, b.walk, "-test.run", "^TestTheWalkIsWritten$", "-walk", file)
	c.Dir, c.Env = b.folder, mutantEnvironment(number)
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, bytes.TrimSpace(out))
	}
	text, err := os.ReadFile(file)
	return strings.Split(string(text), "\n"), err
}

// judge runs the suite against a mutant.
func (b built) judge(ctx context.Context, number int, limit time.Duration) string {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out := filepath.Join(b.folder, fmt.Sprintf("reports-%d", number))
	defer func() { _ = os.RemoveAll(out) }()
	c := exec.CommandContext(ctx, b.suite, "run", "--quiet", "--fail-fast", "--out", out)
	c.Dir, c.Env = b.folder, mutantEnvironment(number)
	err := c.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "survived"
	case ctx.Err() != nil:
		return "no verdict in time"
	case !errors.As(err, &exit):
		return err.Error()
	case exit.ExitCode() == 1:
		return "detected"
	default:
		return fmt.Sprintf("exit %d", exit.ExitCode())
	}
}

func mutantEnvironment(number int) []string {
	return append(os.Environ(), fmt.Sprintf("CONFORMANCE_MUTANT=%d", number))
}
