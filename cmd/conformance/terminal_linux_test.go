package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// openTerminal opens a terminal: what a process writes to the slave is read from the master.
func openTerminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminal is to be had: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	var unlocked, number int32
	control(t, master, syscall.TIOCSPTLCK, &unlocked)
	control(t, master, syscall.TIOCGPTN, &number)
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = slave.Close() })
	return master, slave
}

func control(t *testing.T, of *os.File, request uintptr, value *int32) {
	t.Helper()
	_, _, fault := syscall.Syscall(syscall.SYS_IOCTL, of.Fd(), request, uintptr(unsafe.Pointer(value)))
	require.Zero(t, fault)
}

// onATerminal leads stderr of a process to a terminal, and keeps what it shows.
func (p *process) onATerminal() { p.onATerminalOf(0) }

// onATerminalOf does so with one of so many columns; 0: it does not tell.
func (p *process) onATerminalOf(columns uint16) {
	p.t.Helper()
	master, slave := openTerminal(p.t)
	resized(p.t, slave, columns)
	p.cmd.Stderr = slave
	go func() {
		text := make([]byte, 4096)
		for {
			n, err := master.Read(text)
			_, _ = p.Write(text[:n])
			if err != nil {
				return
			}
		}
	}()
}

const offered = "press Ctrl-C again to leave them as they are"

// TestASecondInterruptLeavesTheRestToCleanup is for a person who was told what it does.
func TestASecondInterruptLeavesTheRestToCleanup(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	g := newGate(t, a.url, asks(actionModify, 2))
	a.through(g)
	p := a.prepare("run", "--scenario", "resize-succeeds")
	p.onATerminal()
	require.NoError(t, p.cmd.Start())
	reach(t, g, p)
	p.signal(os.Interrupt)
	p.prints(offered)
	later := make(chan struct{})
	g.mu.Lock()
	g.at, g.reached = func(moment) bool { return true }, later
	g.mu.Unlock()
	pauseBetweenKeystrokes()
	p.signal(os.Interrupt)
	assert.Equal(t, 3, p.wait(), p.printed())
	g.mu.Lock()
	g.at = nil
	g.mu.Unlock()
	g.resume <- false
	select {
	case <-later:
		g.resume <- false
		assert.Fail(t, "something was sent after it was given up", p.printed())
	default:
	}
	assert.Regexp(t, `NOT RESTORED  instance ins-\d+ still has type z2a\.cpu\.[248]; it had type z2a\.cpu\.1`, p.printed())
	assert.Contains(t, p.printed(), "finish with: conformance cleanup --config 'conformance.yaml' --target 'mock'")
	for _, file := range []string{"report.json", "report.md", "report.html", "junit.xml"} {
		text, err := os.ReadFile(filepath.Join(a.dir, "reports", file))
		require.NoError(t, err)
		assert.Regexp(t, `still has type z2a\.cpu\.[248]; it had type z2a\.cpu\.1`, string(text), file)
	}
	assert.True(t, a.journal())
	a.cleansUp()
	assert.Equal(t, a.was, types(t, a.url))
}

// pauseBetweenKeystrokes waits for longer than the program takes two signals for one.
func pauseBetweenKeystrokes() { time.Sleep(1200 * time.Millisecond) }

// hangupIgnored is asked before any test: one that asks to be told of a signal ends that it is ignored.
var hangupIgnored = signal.Ignored(syscall.SIGHUP)

// TestNothingElseGivesUp sends what wrappers, process groups and CI services send.
func TestNothingElseGivesUp(t *testing.T) {
	for name, c := range map[string]struct {
		terminal bool
		signals  []syscall.Signal
		apart    bool
	}{
		"one interrupt, delivered twice":         {true, []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, false},
		"two interrupts that nobody is told of":  {false, []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, true},
		"a CI service: an interrupt, then TERM":  {false, []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}, true},
		"the same at a terminal":                 {true, []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}, true},
		"a terminal that closes: HUP, then TERM": {true, []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM}, true},
		"TERM, twice":                            {true, []syscall.Signal{syscall.SIGTERM, syscall.SIGTERM}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if slices.Contains(c.signals, syscall.SIGHUP) && hangupIgnored {
				t.Skip("the tests were started with SIGHUP ignored, as nohup does, and so is what they start")
			}
			t.Parallel()
			a := newAccount(t)
			g := newGate(t, a.url, running(1))
			a.through(g)
			p := a.prepare("run", "--scenario", "resize-succeeds")
			if c.terminal {
				p.onATerminal()
			}
			require.NoError(t, p.cmd.Start())
			reach(t, g, p)
			for i, s := range c.signals {
				if i > 0 && c.apart {
					p.prints("interrupted: restoring the instances")
					pauseBetweenKeystrokes()
				}
				p.signal(s)
			}
			g.resume <- true
			assert.Equal(t, 3, p.wait(), p.printed())
			assert.False(t, a.journal())
			assert.Equal(t, a.was, types(t, a.url), p.printed())
		})
	}
}
