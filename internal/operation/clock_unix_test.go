//go:build unix

package operation_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/operation"
)

// stopped is how long a process is stopped. It is long beside what a busy machine takes.
const stopped = 2 * time.Second

// TestTimeInWhichTheProcessIsStoppedIsNobodys stops a process that runs a clock.
func TestTimeInWhichTheProcessIsStoppedIsNobodys(t *testing.T) {
	if os.Getenv("OPERATION_CLOCK") != "" {
		clock, start := operation.StartClock(), time.Now()
		defer clock.Stop()
		_, _ = os.Stdout.WriteString("started\n")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		_, _ = os.Stdout.WriteString(strconv.FormatBool(time.Since(start)-clock.Elapsed() >= stopped/2) + "\n")
		return
	}
	child := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), "OPERATION_CLOCK=1")
	in, err := child.StdinPipe()
	require.NoError(t, err)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.Equal(t, "started", lines.Text())
	require.NoError(t, child.Process.Signal(syscall.SIGSTOP))
	time.Sleep(stopped) // the time that must not count
	require.NoError(t, child.Process.Signal(syscall.SIGCONT))
	_, err = in.Write([]byte("\n"))
	require.NoError(t, err)
	require.True(t, lines.Scan())
	assert.Equal(t, "true", strings.TrimSpace(lines.Text()), "the time in which the process was stopped was counted")
	require.NoError(t, child.Wait())
}

func TestTimeInWhichTheProcessRunsCounts(t *testing.T) {
	clock := operation.StartClock()
	defer clock.Stop()
	for clock.Elapsed() < 3*time.Millisecond {
		time.Sleep(time.Millisecond)
	}
}
