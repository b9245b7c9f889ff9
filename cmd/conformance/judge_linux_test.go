package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestProgressOfJudgingAtATerminal watches a recording being judged at a terminal: how many
// entries are found, then how many of them are judged, on one line that is gone at the end.
func TestProgressOfJudgingAtATerminal(t *testing.T) {
	const count = 2000
	dir := t.TempDir()
	var text strings.Builder
	for n := range count {
		fmt.Fprintf(&text, `{"operation":{"path":"/other","action":"Other"},"request":{"method":"POST","url":"https://host.example/other"},"response":{"status":200,"body":"%d"},`+
			`"timing":{"start":"2026-11-26T12:00:00.%09dZ","endNs":10}}`+"\n", n, n)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "traffic.ndjson"), []byte(text.String()), 0o600))
	judge := func(args ...string) (int, string) {
		p := prepare(t, dir, append([]string{"judge", "--out", "judged", "traffic.ndjson"}, args...)...)
		p.onATerminalOf(80)
		require.NoError(t, p.cmd.Start())
		code := p.wait()
		return code, p.printed()
	}
	code, printed := judge()
	assert.Equal(t, 3, code, printed)
	found, judged := 0, 0
	for _, line := range drawn(printed) {
		var n, of int
		if got, _ := fmt.Sscanf(line, "%d entries found", &n); got == 1 && strings.HasSuffix(line, " found") {
			found++
			assert.LessOrEqual(t, n, count, line)
		}
		if got, _ := fmt.Sscanf(line, "%d of %d entries judged", &n, &of); got == 2 {
			judged++
			assert.Equal(t, count, of, line)
		}
	}
	assert.Positive(t, found, "%q", printed)
	assert.Positive(t, judged, "%q", printed)
	shown := strings.ReplaceAll(printed, "\r\n", "\n")
	last := shown[strings.LastIndex(shown, " entries judged")+len(" entries judged"):]
	assert.True(t, strings.HasPrefix(last, "\r\x1b[K"), "the line is taken off at the end: %q", last)

	code, printed = judge("--quiet")
	assert.Equal(t, 3, code, printed)
	assert.NotContains(t, printed, "entries", "nothing but the verdict")
}
