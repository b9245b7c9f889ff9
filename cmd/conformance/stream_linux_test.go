package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/disktest"
)

// full opens a device on which nothing can be written.
func full(t *testing.T) *os.File {
	t.Helper()
	device, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = device.Close() })
	return device
}

// unread opens a pipe whose reader has ended.
func unread(t *testing.T) *os.File {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	t.Cleanup(func() { _ = writer.Close() })
	return writer
}

// TestEveryCommandMindsItsOutput gives every command an output that cannot be written, which
// is exit code 4 without ending it, and one that nobody reads, which changes nothing.
func TestEveryCommandMindsItsOutput(t *testing.T) {
	a := newAccount(t)
	g := newGate(t, a.url, nil)
	a.through(g)
	require.Equal(t, 0, start(t, a.dir, "run", "--quiet", "--scenario", "resize-succeeds").wait())
	report := filepath.Join("reports", "report.json")
	for _, args := range [][]string{
		{"run", "--scenario", "resize-succeeds"}, {"run", "--quiet", "--scenario", "resize-succeeds"}, {"run", "--target", "mock", "--scenario", "resize-succeeds"},
		{"steps"}, {"list"}, {"coverage"}, {"diff", report, report}, {"rejudge", report}, {"man"}, {"spec", "--action", actionModify},
		{"plan", "--target", "mock"}, {"doctor", "--target", "mock"}, {"cleanup", "--target", "mock"}, {"completion", "bash"}, {"help"}, {"--version"},
		{"call", actionList, "--target", "mock"}, {"selftest", "--list"}, {"report", "--from", report, "--format", "json"},
	} {
		t.Run(args[0], func(t *testing.T) {
			usual := prepare(t, a.dir, args...)
			require.NoError(t, usual.cmd.Start())
			code := usual.wait()
			spoilt := prepare(t, a.dir, args...)
			spoilt.cmd.Stdout = full(t)
			require.NoError(t, spoilt.cmd.Start())
			if usual.printed() == "" {
				assert.Equal(t, code, spoilt.wait(), "it prints nothing")
			} else {
				assert.Equal(t, 4, spoilt.wait(), spoilt.printed())
				assert.Contains(t, spoilt.printed(), "conformance: stdout could not be written: ")
			}
			alone := prepare(t, a.dir, args...)
			alone.cmd.Stdout, alone.cmd.Stderr = unread(t), unread(t)
			require.NoError(t, alone.cmd.Start())
			assert.Equal(t, code, alone.wait())
		})
	}
}

// TestARunGoesOnWithoutStreams has reports written and instances restored whatever becomes
// of stdout and stderr.
func TestARunGoesOnWithoutStreams(t *testing.T) {
	for name, c := range map[string]struct {
		out, err func(*testing.T) *os.File
		exit     int
	}{
		"nobody reads stdout":    {unread, nil, 0},
		"nobody reads stderr":    {nil, unread, 0},
		"nobody reads either":    {unread, unread, 0},
		"stdout is full":         {full, nil, 4},
		"stderr is never needed": {nil, full, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.through(newGate(t, a.url, nil))
			p := a.prepare("run", "--scenario", "resize-succeeds")
			if c.out != nil {
				p.cmd.Stdout = c.out(t)
			}
			if c.err != nil {
				p.cmd.Stderr = c.err(t)
			}
			require.NoError(t, p.cmd.Start())
			assert.Equal(t, c.exit, p.wait(), p.printed())
			assert.FileExists(t, filepath.Join(a.dir, "reports", "report.html"))
			assert.False(t, a.journal())
			assert.Equal(t, a.was, types(t, a.url))
		})
	}
}

// TestARunOnADiskThatFillsUp fills the disk of the reports and the journal when the first
// change has been accepted: the instance is restored all the same. It takes root.
func TestARunOnADiskThatFillsUp(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	reports := filepath.Join(a.dir, "reports")
	require.NoError(t, os.Mkdir(reports, 0o755))
	disktest.Small(t, reports)
	g := newGate(t, a.url, answers(actionModify, 1))
	a.through(g)
	p := a.start("run", "--scenario", "resize-succeeds", "--scenario", "there-and-back", "--scenario", "second-change")
	reach(t, g, p)
	fill(t, filepath.Join(reports, "filler"))
	g.resume <- true
	assert.Equal(t, 4, p.wait(), p.printed())
	assert.Contains(t, p.printed(), "no space left on device")
	assert.False(t, a.journal())
	assert.Equal(t, a.was, types(t, a.url), p.printed())
}

// fill writes until the disk is full.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	for size := 4096; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else {
			require.NoError(t, err)
		}
	}
}
