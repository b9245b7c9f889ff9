// Command benchmark measures the harness, compares it with other tools, and writes
// docs/performance.md. It is run from the module's folder and is not part of the program.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/zec-tools/conformance/internal/benchmark"
)

func main() {
	if err := measure(); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func measure() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := benchmark.Bench{Root: ".", Log: os.Stderr}
	result, err := b.Measure(ctx)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := result.Write(&page, "make bench"); err != nil {
		return err
	}
	file := filepath.Join("docs", "performance.md")
	if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil { //nolint:gosec // a page for others to read
		return fmt.Errorf("write the page: %w", err)
	}
	for _, row := range result.Fails() {
		err = fmt.Errorf("%s: %s is more than twice the goal, %s", row.What, row.Value, row.Goal)
		fmt.Fprintln(os.Stderr, "benchmark:", err)
	}
	return err
}
