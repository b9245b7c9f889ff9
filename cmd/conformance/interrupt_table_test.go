//go:build unix

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	interrupts = flag.Int("interrupts", 1, "how many runs to interrupt in each way")
	resizeTime = flag.Duration("resize-time", 250*time.Millisecond, "how long a resize of the mock takes that these runs meet")
)

// interruptTable is the document that holds the figures of TestTheTableOfInterrupts.
const interruptTable = "../../docs/real-endpoints.md"

// way is one way in which a run can end early, or lose its streams.
type way struct {
	name   string
	signal syscall.Signal // to the process; 0: none
	out    bool           // the reader of stdout goes away
	err    bool           // that of stderr
	tee    bool           // run | tee, and Ctrl-C for the whole group
}

var ways = []way{
	{name: "SIGKILL", signal: syscall.SIGKILL},
	{name: "SIGTERM", signal: syscall.SIGTERM},
	{name: "SIGINT", signal: syscall.SIGINT},
	{name: "SIGHUP", signal: syscall.SIGHUP},
	{name: "SIGQUIT", signal: syscall.SIGQUIT},
	{name: "stdout closed", out: true},
	{name: "stderr closed", err: true},
	{name: "both closed", out: true, err: true},
	{name: "Ctrl-C, piped into tee", tee: true},
}

// changing are the scenarios of these runs: each changes instances, several at once.
var changing = []string{"run", "--scenario", "resize-succeeds", "--scenario", "there-and-back", "--scenario", "second-change", "--scenario", "same-type"}

// result is what became of one run.
type result struct{ reports, left, leftAfterCleanup bool }

// TestTheTableOfInterrupts interrupts runs at random moments, in every way. Whatever it is,
// but SIGKILL, the run itself leaves nothing changed, and has written its reports; after
// SIGKILL cleanup does it. With -update the figures go into the document.
func TestTheTableOfInterrupts(t *testing.T) {
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP) // whoever started the tests may ignore it, and processes inherit that
	t.Cleanup(func() { signal.Stop(heard) })
	moments := uninterrupted(t)
	results := make([][]result, len(ways))
	var mu sync.Mutex
	t.Run("runs", func(t *testing.T) {
		for i, w := range ways {
			for n := range *interrupts {
				t.Run(fmt.Sprintf("%s %d", w.name, n), func(t *testing.T) {
					t.Parallel()
					r := w.interrupt(t, moments)
					mu.Lock()
					results[i] = append(results[i], r)
					mu.Unlock()
					killed := w.signal == syscall.SIGKILL
					assert.False(t, r.left && !killed, "something is left changed")
					assert.True(t, r.reports || killed, "the reports are missing")
					assert.False(t, r.leftAfterCleanup)
				})
			}
		}
	})
	table := tableOf(results)
	t.Log("\n" + table)
	if *update && !t.Failed() {
		writeTable(t, table)
	}
}

// uninterrupted returns how many requests and answers a run has that nobody interrupts.
func uninterrupted(t *testing.T) int {
	t.Helper()
	a := newAccountWith(t, "--resize-time", resizeTime.String())
	count := 0
	g := newGate(t, a.url, func(moment) bool { count++; return false })
	a.through(g)
	p := a.start(changing[0], changing[1:]...)
	require.Equal(t, 0, p.wait(), p.printed())
	return count
}

// interrupt starts a run, interrupts it at a random one of its moments, waits for its end,
// and looks what it has left.
func (w way) interrupt(t *testing.T, moments int) (r result) {
	t.Helper()
	a := newAccountWith(t, "--resize-time", resizeTime.String())
	was := types(t, a.url)
	at := 1 + rand.IntN(max(moments*9/10, 1)) // a run is not quite like the other
	count := 0
	g := newGate(t, a.url, func(moment) bool { count++; return count == at })
	a.through(g)
	interrupt, wait := w.start(t, a)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		wait()
	}()
	select {
	case <-g.reached:
	case <-ended: // a busy machine reads less often
		return w.interrupt(t, at)
	}
	interrupt()
	g.resume <- true
	<-ended
	_, err := os.Stat(filepath.Join(a.dir, "reports", "report.json"))
	r.reports = err == nil
	r.left = changed(was, types(t, a.url))
	if w.signal == syscall.SIGKILL {
		cleanup := a.start("cleanup")
		assert.Equal(t, 0, cleanup.wait(), cleanup.printed())
	}
	assert.False(t, a.journal(), "a journal is left")
	r.leftAfterCleanup = changed(was, types(t, a.url))
	return r
}

// changed reports whether an instance has another type or status than it had.
func changed(was, now map[string][2]string) bool {
	for id, state := range was {
		if now[id] != state {
			return true
		}
	}
	return false
}

// start starts a run, and returns what interrupts it and what waits for its end.
func (w way) start(t *testing.T, a *account) (interrupt, wait func()) {
	t.Helper()
	if w.tee {
		return piped(t, a)
	}
	p := a.prepare(changing[0], changing[1:]...)
	var readers []*os.File
	lead := func() *os.File {
		reader, writer, err := os.Pipe()
		require.NoError(t, err)
		t.Cleanup(func() { _ = writer.Close() })
		readers = append(readers, reader)
		return writer
	}
	if w.out {
		p.cmd.Stdout = lead()
	}
	if w.err {
		p.cmd.Stderr = lead()
	}
	require.NoError(t, p.cmd.Start())
	return func() {
			for _, reader := range readers {
				assert.NoError(t, reader.Close())
			}
			if w.signal != 0 {
				p.signal(w.signal)
			}
		}, func() {
			code := p.wait()
			if len(readers) > 0 {
				assert.Equal(t, 0, code, p.printed())
			}
		}
}

// piped starts a run in a shell that leads its output to tee, all of them one process
// group, as a terminal has it. Ctrl-C reaches all of them.
func piped(t *testing.T, a *account) (interrupt, wait func()) {
	t.Helper()
	alive, inherited, err := os.Pipe() // ends with the last of the processes
	require.NoError(t, err)
	p := a.prepare(changing[0], changing[1:]...)
	line := "'" + strings.Join(p.cmd.Args, "' '") + "' 2>&1 | tee log >/dev/null"
	shell := exec.CommandContext(t.Context(), "sh", "-c", line)
	shell.Dir, shell.Env, shell.ExtraFiles = a.dir, p.cmd.Env, []*os.File{inherited}
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, shell.Start())
	require.NoError(t, inherited.Close())
	return func() { assert.NoError(t, syscall.Kill(-shell.Process.Pid, syscall.SIGINT)) }, func() {
		_ = shell.Wait() // its exit code is tee's
		_, err := alive.Read(make([]byte, 1))
		assert.ErrorContains(t, err, "EOF", "all of them have ended")
		assert.NoError(t, alive.Close())
	}
}

// tableOf writes the figures as a table.
func tableOf(results [][]result) string {
	var b strings.Builder
	b.WriteString("| a run meets | runs | reports written | something left changed | and after `cleanup` |\n|---|---|---|---|---|\n")
	for i, w := range ways {
		reports, left, after := 0, 0, 0
		for _, r := range results[i] {
			reports, left, after = reports+count(r.reports), left+count(r.left), after+count(r.leftAfterCleanup)
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", w.name, len(results[i]), reports, left, after)
	}
	return b.String()
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// writeTable puts the table into the document in the place of the one that is there.
func writeTable(t *testing.T, table string) {
	t.Helper()
	text, err := os.ReadFile(interruptTable)
	require.NoError(t, err)
	first, _, _ := strings.Cut(table, "\n")
	before, rest, found := strings.Cut(string(text), first)
	require.True(t, found, "the document has no table that begins with %s", first)
	_, after, found := strings.Cut(rest, "\n\n")
	require.True(t, found)
	require.NoError(t, os.WriteFile(interruptTable, []byte(before+table+"\n"+after), 0o600))
}
