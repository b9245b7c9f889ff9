package cli_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
