package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/table"
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
		line    string   // what some line of progress is like
		args    []string // of the run
	}{
		"a slow resize and 429s, 80 columns":  {[]string{"--resize-time", "3s", "--variant", "hiccups-429"}, 80, 0, `^\d/1 done, 0 failed, \d+s; ins-\d+ RESIZING [12]s \(resize-succeeds\)$`, nil},
		"a slow resize and 429s, 120 columns": {[]string{"--resize-time", "3s", "--variant", "hiccups-429"}, 120, 0, `^\d/1 done, 0 failed, \d+s; ins-\d+ RESIZING [12]s \(resize-succeeds\)$`, nil},
		"in Chinese, 80 columns":              {[]string{"--resize-time", "3s"}, 80, 0, `^已完成 \d/1，失败 0，\d+s；ins-\d+ RESIZING [12]s（resize-succeeds）$`, []string{"--lang", "zh"}},
		"a slow resize, no width":             {[]string{"--resize-time", "3s"}, 0, 0, `^\d/1 done, 0 failed, \d+s; ins-\d+ RESIZING [12]s \(resize-succeeds\)$`, nil},
		"a stuck instance, 80 columns":        {[]string{"--defect", "stuck-in-resizing"}, 80, 1, `^failed  resize-succeeds: M-RESIZE-STOPPED: got RESIZING when the time .*…$`, nil},
		"a stuck instance, 120 columns":       {[]string{"--defect", "stuck-in-resizing"}, 120, 1, `^failed  resize-succeeds: M-RESIZE-STOPPED: got RESIZING when the time allowed for it was over, want`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccountWith(t, c.flags...)
			config := regexp.MustCompile(`resizeTimeout: \w+`).ReplaceAllString(a.summary, "resizeTimeout: 8s")
			config = regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(config, "") // it shows the credentials, which is warned of
			require.NoError(t, os.WriteFile(filepath.Join(a.dir, "conformance.yaml"), []byte(config), 0o600))
			p := a.prepare("run", append([]string{"--scenario", "resize-succeeds"}, c.args...)...)
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
				if strings.Contains(line, " done, ") || strings.HasPrefix(line, "failed  resize-succeeds:") || strings.HasPrefix(line, "已完成") {
					assert.Less(t, table.Width(line), width, "a line that is as wide as the terminal makes it scroll: %s", line)
				}
			}
			assert.True(t, seen, "no line is like %s in\n%q", c.line, drawn(p.printed()))
		})
	}
}

// tooFast passes requests on to an endpoint, and sends every tenth one away with 429.
func tooFast(t *testing.T, to string) (address string, refused *atomic.Int64) {
	t.Helper()
	where, err := url.Parse(to)
	require.NoError(t, err)
	var count atomic.Int64
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(where)
		r.Out.Host = r.In.Host // it is signed
	}}
	refused = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if count.Add(1)%10 == 0 {
			refused.Add(1)
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, refused
}

// TestARunWhereAllGoesWrongAtATerminal watches many resizes of seconds, some requests sent away with 429,
// and instances whose resize never ends, as a person does.
func TestARunWhereAllGoesWrongAtATerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes resizes of seconds")
	}
	for name, columns := range map[string]uint16{"80 columns": 80, "120 columns": 120} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccountWith(t, "--resize-time", "2s", "--defect", "third-resize-stuck")
			address, refused := tooFast(t, a.url)
			config := strings.NewReplacer("endpoint: "+a.url, "endpoint: "+address, "parallel: 8", "parallel: 1").Replace(a.summary)
			config = regexp.MustCompile(`resizeTimeout: \w+`).ReplaceAllString(config, "resizeTimeout: 8s, restoreTimeout: 9s")
			config = regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(config, "")
			require.NoError(t, os.WriteFile(filepath.Join(a.dir, "conformance.yaml"), []byte(config), 0o600))
			p := a.prepare("run", "--tags", "@resize and @change", "--no-preflight", "--out", "my reports")
			p.onATerminalOf(columns)
			require.NoError(t, p.cmd.Start())
			assert.Equal(t, 1, p.wait(), p.printed())
			assert.NotZero(t, refused.Load(), "requests were sent away")
			var waited, named int
			for _, line := range drawn(p.printed()) {
				if strings.Contains(line, " done, ") {
					assert.Less(t, utf8.RuneCountInString(line), int(columns), line)
				}
				if regexp.MustCompile(`^\d+/\d+ done, \d failed, \d+s(, ~\d+s left)?; ins-\d+ RESIZING \d+s \(`).MatchString(line) {
					waited++
				}
				if strings.HasPrefix(line, "failed  ") && strings.Contains(line, ": M-RESIZE-STOPPED: ") {
					named++
				}
			}
			assert.NotZero(t, waited, "the instance, its status and since when stand in each line: %q", drawn(p.printed()))
			assert.Equal(t, 1, named, "one cause is named once while the run lasts")
			said := regexp.MustCompile("\x1b\\[[0-9;]*[mK]").ReplaceAllString(p.printed(), "")
			assert.Regexp(t, `skipped +\d+ scenarios: not started: ModifyInstanceType of ins-\d+ did not end within 8s`, said, "the limit is paid once")
			for _, command := range regexp.MustCompile(`(?m)(?:again: |repeat +|finish with: )(conformance .*?)\r?$`).FindAllStringSubmatch(said, -1) {
				assert.Contains(t, command[1], " --out 'my reports'", "every command has all flags")
				assert.Contains(t, command[1], " --target 'mock'")
			}
			assert.Regexp(t, `open +my reports/report.html`, said)
		})
	}
}
