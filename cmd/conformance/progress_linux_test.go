package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// resized gives a terminal a width.
func resized(t *testing.T, terminal *os.File, columns uint16) {
	t.Helper()
	size := struct{ rows, columns, x, y uint16 }{rows: 24, columns: columns}
	_, _, fault := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size)))
	require.Zero(t, fault)
}

// drawn returns the lines that were drawn over each other, without their colours.
func drawn(text string) []string {
	text = regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(text, "")
	return regexp.MustCompile("\r|\n|\x1b\\[K").Split(text, -1)
}

// TestProgressAtATerminal has resizes of seconds and an endpoint that sends some requests
// away with 429, or never ends a resize, watched on terminals of usual widths.
func TestProgressAtATerminal(t *testing.T) {
	for name, c := range map[string]struct {
		flags   []string
		columns uint16 // 0: the terminal does not tell
		code    int
		line    string // what some line of progress is like
	}{
		"a slow resize and 429s, 80 columns":  {[]string{"--resize-time", "3s", "--variant", "hiccups-429"}, 80, 0, `^\d/1 done, 0 failed, \d+s; ins-\d+ RESIZING [12]s \(resize-succeeds\)$`},
		"a slow resize and 429s, 120 columns": {[]string{"--resize-time", "3s", "--variant", "hiccups-429"}, 120, 0, `^\d/1 done, 0 failed, \d+s; ins-\d+ RESIZING [12]s \(resize-succeeds\)$`},
		"a slow resize, no width":             {[]string{"--resize-time", "3s"}, 0, 0, `^\d/1 done, 0 failed, \d+s; ins-\d+ RESIZING [12]s \(resize-succeeds\)$`},
		"a stuck instance, 80 columns":        {[]string{"--defect", "stuck-in-resizing"}, 80, 1, `^failed  resize-succeeds: M-RESIZE-STOPPED: got RESIZING when the time .*…$`},
		"a stuck instance, 120 columns":       {[]string{"--defect", "stuck-in-resizing"}, 120, 1, `^failed  resize-succeeds: M-RESIZE-STOPPED: got RESIZING when the time allowed for it was over, want`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccountWith(t, c.flags...)
			config := regexp.MustCompile(`resizeTimeout: \w+`).ReplaceAllString(a.summary, "resizeTimeout: 8s")
			config = regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(config, "") // it shows the credentials, which is warned of
			require.NoError(t, os.WriteFile(filepath.Join(a.dir, "conformance.yaml"), []byte(config), 0o600))
			p := a.prepare("run", "--scenario", "resize-succeeds")
			p.onATerminalOf(c.columns)
			require.NoError(t, p.cmd.Start())
			assert.Equal(t, c.code, p.wait(), p.printed())
			width := int(c.columns)
			if width == 0 {
				width = 80
			}
			seen, wanted := false, regexp.MustCompile(c.line)
			for _, line := range drawn(p.printed()) {
				seen = seen || wanted.MatchString(line)
				if strings.Contains(line, " done, ") || strings.HasPrefix(line, "failed  resize-succeeds:") {
					assert.Less(t, utf8.RuneCountInString(line), width, "a line that is as wide as the terminal makes it scroll: %s", line)
				}
			}
			assert.True(t, seen, "no line is like %s in\n%q", c.line, drawn(p.printed()))
		})
	}
}
