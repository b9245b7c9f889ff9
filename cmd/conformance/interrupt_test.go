package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience bounds every wait of a test; nothing is measured by it.
const patience = 3 * time.Minute

// process is the program, started as a person does.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	mu  sync.Mutex
	out bytes.Buffer // stdout and stderr
}

// Write implements io.Writer, for what the process prints.
func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(text)
}

func (p *process) printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p := prepare(t, dir, args...)
	require.NoError(t, p.cmd.Start())
	return p
}

// prepare makes the process, whose streams may still be led elsewhere.
func prepare(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	p := &process{t: t, cmd: exec.CommandContext(ctx, "conformance", args...)}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, p, p
	p.cmd.Env = append(os.Environ(), "ZENLAYERCLOUD_ACCESS_KEY_ID=mock-key-id",
		"ZENLAYERCLOUD_ACCESS_KEY_PASSWORD=mock-key-password", "ZENLAYER_TOKEN=mock-token",
		"XDG_STATE_HOME="+filepath.Join(dir, "state"))
	return p
}

// wait returns the exit code; -1 when a signal ended the process.
func (p *process) wait() int {
	p.t.Helper()
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(p.t, err)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) signal(s os.Signal) { require.NoError(p.t, p.cmd.Process.Signal(s), p.printed()) }

// prints waits until the process has printed a text, which a terminal may have folded.
func (p *process) prints(text string) {
	p.t.Helper()
	seen := func() bool { return strings.Contains(strings.Join(strings.Fields(p.printed()), " "), text) }
	if !assert.Eventually(p.t, seen, patience, time.Millisecond) {
		require.FailNow(p.t, "it was never printed: "+text, p.printed())
	}
}

// account is a mock in a process of its own, with a configuration file that leads to it
// through a gate.
type account struct {
	t        *testing.T
	dir, url string
	summary  string
	env      []string // besides that of any process
	was      map[string][2]string
}

func newAccount(t *testing.T) *account {
	t.Helper()
	a := newAccountWith(t, "--resize-time", "250ms")
	a.was = types(t, a.url)
	return a
}

// newAccountWith serves a mock with these flags.
func newAccountWith(t *testing.T, flags ...string) *account {
	t.Helper()
	a := &account{t: t, dir: t.TempDir()}
	cmd := exec.Command("conformance", append([]string{"mock"}, flags...)...)
	file, err := os.Create(filepath.Join(a.dir, "summary"))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	cmd.Stderr = file
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	summary, err := os.ReadFile(file.Name()) // it is printed before the URL
	require.NoError(t, err)
	a.url, a.summary = strings.TrimSpace(line), string(summary)
	return a
}

// through writes the configuration file for the way through a gate.
func (a *account) through(g *gate) {
	text := strings.Replace(a.summary, "endpoint: "+a.url, "endpoint: "+g.URL, 1)
	text = strings.Replace(text, "parallel: 8", "parallel: 1", 1)
	text = regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(text, "") // it shows the credentials, which is warned of
	require.NoError(a.t, os.WriteFile(filepath.Join(a.dir, "conformance.yaml"), []byte(text), 0o600))
}

func (a *account) start(command string, args ...string) *process {
	p := a.prepare(command, args...)
	require.NoError(a.t, p.cmd.Start())
	return p
}

// prepare makes the process of a command about the account.
func (a *account) prepare(command string, args ...string) *process {
	p := prepare(a.t, a.dir, append([]string{command, "--target", "mock"}, args...)...)
	p.cmd.Env = append(p.cmd.Env, a.env...)
	return p
}

func (a *account) journal() bool {
	_, err := os.Stat(filepath.Join(a.dir, "reports", "journal-mock.jsonl"))
	return err == nil
}

// The points at which a run is interrupted. The scenario changes one type; putting it
// back is the second change.
func asks(action string, changes int) func(moment) bool {
	return func(m moment) bool { return !m.answer && m.action == action && m.changes == changes }
}

func answers(action string, changes int) func(moment) bool {
	return func(m moment) bool { return m.answer && m.action == action && m.changes == changes }
}

func running(changes int) func(moment) bool {
	return func(m moment) bool { return answers(actionStatus, changes)(m) && strings.Contains(m.body, "RESIZING") }
}

func settling(changes int) func(moment) bool {
	return func(m moment) bool {
		return answers(actionStatus, changes)(m) && m.ran && strings.Contains(m.body, "STOPPED")
	}
}

// TestTypesAreBackAfterAnyInterrupt interrupts a run at one point after another. After
// a signal that can be obeyed the run itself restores everything, and is inconclusive
// unless all was proved by then; after kill -9 a run refuses to start as long as
// something is left, and cleanup finishes the work.
func TestTypesAreBackAfterAnyInterrupt(t *testing.T) {
	const kill = syscall.SIGKILL
	for _, c := range []struct {
		name      string
		at        func(moment) bool
		signal    syscall.Signal
		exit      int  // -1: killed
		left      bool // a journal is left
		unchanged bool // nothing is to be restored
	}{
		{"the type is being read, Ctrl-C", asks(actionList, 0), syscall.SIGINT, 3, false, true},
		{"the change is about to arrive, Ctrl-C", asks(actionModify, 1), syscall.SIGINT, 3, false, false},
		{"the change was accepted, the answer is on its way, SIGTERM", answers(actionModify, 1), syscall.SIGTERM, 3, false, false},
		{"the change runs, Ctrl-C", running(1), syscall.SIGINT, 3, false, false},
		{"the change settles, SIGTERM", settling(1), syscall.SIGTERM, 3, false, false},
		{"the change back is about to arrive, Ctrl-C", asks(actionModify, 2), syscall.SIGINT, 0, false, false},
		{"the change back runs, SIGTERM", running(2), syscall.SIGTERM, 0, false, false},
		{"the type is being read, kill -9", asks(actionList, 0), kill, -1, false, false},
		{"the change is about to arrive, kill -9", asks(actionModify, 1), kill, -1, true, false},
		{"the change was accepted, the answer is on its way, kill -9", answers(actionModify, 1), kill, -1, true, false},
		{"the change runs, kill -9", running(1), kill, -1, true, false},
		{"the change settles, kill -9", settling(1), kill, -1, true, false},
		{"the change back is about to arrive, kill -9", asks(actionModify, 2), kill, -1, true, false},
		{"the change back was accepted, kill -9", answers(actionModify, 2), kill, -1, true, false},
		{"the change back settles, kill -9", settling(2), kill, -1, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			g := newGate(t, a.url, c.at)
			a.through(g)
			p := a.start("run", "--scenario", "resize-succeeds")
			reach(t, g, p)
			p.signal(c.signal)
			if c.signal != kill {
				says, never := "interrupted: restoring the instances; only SIGKILL ends that early", "interrupted: ending the run"
				if c.unchanged {
					says, never = never, "restoring the instances"
				}
				p.prints(says)
				defer func() { assert.NotContains(t, p.printed(), never) }()
				g.resume <- true
			}
			assert.Equal(t, c.exit, p.wait(), p.printed())
			if c.signal == kill {
				g.resume <- false
			}
			assert.Equal(t, c.left, a.journal(), "the journal")
			if c.left {
				a.cleansUp()
			}
			assert.Equal(t, a.was, types(t, a.url), p.printed())
		})
	}
}

// reach waits until the gate has stopped the run at its point.
func reach(t *testing.T, g *gate, p *process) {
	t.Helper()
	select {
	case <-g.reached:
	case <-time.After(patience):
		require.Fail(t, "the point was never reached", p.printed())
	}
}

// cleansUp makes sure that nothing runs before cleanup has restored everything, and
// that there is nothing left to do afterwards.
func (a *account) cleansUp() {
	a.t.Helper()
	refused := a.start("run", "--scenario", "resize-succeeds")
	assert.Equal(a.t, 2, refused.wait())
	assert.Regexp(a.t, `^conformance: an earlier run did not restore ins-\d+ \(reports/journal-mock.jsonl\): run conformance cleanup --config 'conformance.yaml' --target 'mock' first\n$`, refused.printed())
	cleanup := a.start("cleanup")
	assert.Equal(a.t, 0, cleanup.wait(), cleanup.printed())
	assert.Contains(a.t, cleanup.printed(), "restored ")
	assert.False(a.t, a.journal(), "the journal is gone")
}

func TestACleanupThatIsKilledIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	g := newGate(t, a.url, settling(1))
	a.through(g)
	p := a.start("run", "--scenario", "resize-succeeds")
	reach(t, g, p)
	p.signal(syscall.SIGKILL)
	p.wait()
	g.resume <- false

	g.mu.Lock()
	g.at, g.reached = answers(actionModify, 2), make(chan struct{})
	g.mu.Unlock()
	cleanup := a.start("cleanup")
	reach(t, g, cleanup)
	cleanup.signal(syscall.SIGKILL)
	cleanup.wait()
	g.resume <- false
	assert.True(t, a.journal())
	a.cleansUp()
	assert.Equal(t, a.was, types(t, a.url))
}
