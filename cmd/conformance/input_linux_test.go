package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheFirstSignalEndsTheWaitForInput: there is nothing to restore, so nobody has to insist.
func TestTheFirstSignalEndsTheWaitForInput(t *testing.T) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			pipe := filepath.Join(dir, "pipe")
			require.NoError(t, syscall.Mkfifo(pipe, 0o600))
			p := start(t, dir, "doctor", "--config", "pipe", "--target", "it")
			writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits until the process reads
			require.NoError(t, err)
			defer func() { _ = writer.Close() }()
			p.signal(s)
			assert.Equal(t, 3, p.wait(), p.printed())
			assert.Equal(t, "conformance: interrupted: there is no result\n", p.printed())
		})
	}
}
