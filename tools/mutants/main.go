// Command mutants measures how many small changes to the correct mock the suite detects.
//
// It mutates the source of the mock, one small change at a time: a condition negated or removed, a
// constant changed, a statement removed. It keeps the mutants whose answers differ from the correct
// mock's on the walk of the mock's own tests, and runs the whole suite against each of them. It
// knows no scenarios, clauses or defects.
//
// All mutants are compiled into one program, each behind a switch that an environment variable
// sets, so that a mutant takes two short processes and no build.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.root, "root", "", "the root of the module whose mock is changed")
	flag.StringVar(&o.explained, "explained", "", "a YAML file that says, mutant by mutant, why one that survives breaks no documented fact")
	flag.IntVar(&o.parallel, "parallel", runtime.NumCPU(), "mutants measured at once")
	flag.IntVar(&o.every, "every", 1, "measure every nth mutant only")
	flag.StringVar(&o.only, "only", "", "measure only the mutants whose file, function, kind and source text match this regular expression")
	flag.DurationVar(&o.limit, "limit", 5*time.Minute, "the time for one suite")
	flag.StringVar(&o.page, "page", "", "a Markdown file that the table is written into")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx, o, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

type options struct {
	root, explained string
	page, only      string
	parallel, every int
	limit           time.Duration
}

// measure builds the mutants, runs them and prints the table.
func measure(ctx context.Context, o options, out, progress io.Writer) error {
	root, err := filepath.Abs(o.root)
	if err != nil {
		return err
	}
	o.root = root
	reasons, err := readReasons(o.explained)
	if err != nil {
		return err
	}
	if o.page != "" {
		if _, _, err := place(o.page); err != nil {
			return err
		}
	}
	folder, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	list, err := instrument(ctx, o.root, folder)
	if err != nil {
		return err
	}
	b, err := build(ctx, o.root, folder)
	if err != nil {
		return err
	}
	fmt.Fprintf(progress, "%d mutants of the mock are built\n", len(list))
	only, err := regexp.Compile(o.only)
	if err != nil {
		return fmt.Errorf("read -only: %w", err)
	}
	list = slices.DeleteFunc(list, func(m mutant) bool { return !only.MatchString(m.key()) })
	results, answers, err := b.run(ctx, o, sample(list, o.every), progress)
	if err != nil {
		return err
	}
	s := sum(results, reasons, answers)
	s.print(out)
	if o.page != "" {
		if err := s.write(o.page); err != nil {
			return err
		}
	}
	if !s.all.reaches(goal) || !s.narrow.reaches(goalNarrow) {
		return fmt.Errorf("too few were detected: the goal is %d %% of all and %d %% of the narrow ones", goal, goalNarrow)
	}
	return nil
}

func sample(list []mutant, every int) []mutant {
	var some []mutant
	for i, m := range list {
		if i%every == 0 {
			some = append(some, m)
		}
	}
	return some
}
