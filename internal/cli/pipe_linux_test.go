package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
)

// aPipe makes a named pipe from which a text can be read once, as from a process substitution.
func aPipe(t *testing.T, text []byte) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(name, 0o600))
	go func() { _ = os.WriteFile(name, text, 0o600) }() // until it is read
	return name
}

// TestAConfigurationIsReadOnce from a pipe, which has nothing left the second time.
func TestAConfigurationIsReadOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	text, err := os.ReadFile(b.config)
	require.NoError(t, err)
	for _, args := range [][]string{
		{"doctor"}, {"plan"}, {"cleanup"}, {"call", "DescribeInstances"}, {"run", "--scenario", "resize-succeeds"},
	} {
		b.config = aPipe(t, text)
		e := b.command(args[0], args[1:]...)
		assert.Zero(t, e.code, "%q: %s", args, e.err)
	}
}

// TestAnInterruptEndsTheWaitForInput of every command that may be given a pipe. Nobody writes to it,
// or nobody goes on.
func TestAnInterruptEndsTheWaitForInput(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for name, args := range map[string][]string{
		"judge":     {"judge", "-", "--out", t.TempDir()},
		"call":      {"call", "DescribeInstances", "--data", "-", "--config", b.config, "--target", "it"},
		"report":    {"report", "--from", pipe},
		"diff":      {"diff", pipe, pipe},
		"rejudge":   {"rejudge", pipe},
		"docs":      {"docs", "--report", pipe, "--out", t.TempDir()},
		"merge":     {"merge", pipe},
		"waive":     {"waive", "--from", pipe, "--reason", "r", "--owner", "o", "--expires", "2999-01-01"},
		"doctor":    {"doctor", "--config", pipe, "--target", "it"},
		"run":       {"run", "--config", pipe, "--target", "it", "--out", t.TempDir()},
		"seed file": {"mock", "--seed-file", pipe},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, interrupt := context.WithCancel(t.Context())
			in, write := io.Pipe()
			go func() { // what is read is read: the rest is waited for
				if name == "judge" || name == "call" {
					_, _ = write.Write([]byte("{"))
				} else {
					time.Sleep(50 * time.Millisecond)
				}
				interrupt()
			}()
			var out, messages bytes.Buffer
			code := cli.Main(ctx, args, cli.System{In: in, Out: &out, Err: &messages, Env: func(name string) string { return b.env[name] }})
			assert.Equal(t, 3, code)
			assert.Empty(t, out.String())
			assert.Equal(t, "conformance: interrupted: there is no result\n", messages.String())
		})
	}
	t.Cleanup(func() { // whoever still waits for the pipe is let go
		if f, err := os.OpenFile(pipe, os.O_RDWR, 0); err == nil {
			_ = f.Close()
		}
	})
}
