package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// block is a fenced block of a document.
type block struct{ language, text string }

func blocks(t *testing.T, document string) []block {
	t.Helper()
	var found []block
	for _, m := range regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```").FindAllStringSubmatch(document, -1) {
		found = append(found, block{m[1], m[2]})
	}
	require.NotEmpty(t, found)
	return found
}

// sooner makes the configuration of the document one for a mock whose resizes are short.
var sooner = strings.NewReplacer("pollInterval: 2s", "pollInterval: 20ms", "settle: 10s", "settle: 50ms", "requestsPerSecond: 5", "requestsPerSecond: 2000")

// TestTheWalkOfRealEndpointsIsAsItStands types every command of docs/real-endpoints.md
// along, in order, and wants what is shown there. Only times and ids may be others.
func TestTheWalkOfRealEndpointsIsAsItStands(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "real-endpoints.md"))
	require.NoError(t, err)
	const shown = "127.0.0.1:8443"
	require.Contains(t, string(text), "conformance mock --tls --listen "+shown+" 2>mock.yaml &")
	a := newAccountWith(t, "--tls", "--resize-time", "150ms")
	document := strings.ReplaceAll(string(text), shown, strings.TrimPrefix(a.url, "https://"))
	require.NoError(t, os.WriteFile(filepath.Join(a.dir, "mock.yaml"), []byte(a.summary), 0o600))

	var exports, commands string
	for i, b := range blocks(t, document) {
		switch {
		case b.language == "sh" && i == 0:
			_, copying, _ := strings.Cut(b.text, "\n")
			a.types(t, copying)
		case b.language == "sh":
			exports += b.text
		case b.language == "yaml":
			require.NoError(t, os.WriteFile(filepath.Join(a.dir, "conformance.yaml"), []byte(sooner.Replace(b.text)), 0o600))
		case b.language == "console":
			commands += b.text
		}
	}
	code := 0
	for _, command := range strings.Split(commands, "$ ")[1:] {
		line, want, _ := strings.Cut(command, "\n")
		var out string
		out, code = a.types(t, fmt.Sprintf("%s\n(exit %d)\n%s", exports, code, line))
		assert.NoError(t, shows(want, out), line)
	}
}

// types types a command into a shell, and returns what it printed and its exit code.
func (a *account) types(t *testing.T, command string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir, cmd.Env = a.dir, append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(a.dir, "state"))
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

var varying = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`\b(?:\d+(?:\.\d+)?(?:ms|h|m|s))+\b`), "TIME"},
	{regexp.MustCompile(`Date: .*`), "Date: DATE"},
	{regexp.MustCompile(`"T[0-9A-F-]{36}"`), `"ID"`},
	{regexp.MustCompile(`exchanges +\d+`), "exchanges N"},
	{regexp.MustCompile(`plus about \d+ polls`), "plus about N polls"},
	{regexp.MustCompile(`at \d+ requests a second`), "at N requests a second"},
	{regexp.MustCompile(`\s+`), " "},
}

func settled(line string) string {
	for _, v := range varying {
		line = v.what.ReplaceAllString(line, v.by)
	}
	return strings.TrimSpace(line)
}

// shows compares what a document shows with what was printed; a line of three dots
// stands for any number of lines.
func shows(want, got string) error {
	lines := strings.Split(strings.TrimSpace(got), "\n")
	leaps := false
	for wanted := range strings.Lines(strings.TrimSpace(want)) {
		wanted = settled(wanted)
		if wanted == "..." {
			leaps = true
			continue
		}
		for leaps && len(lines) > 1 && settled(lines[0]) != wanted {
			lines = lines[1:]
		}
		if len(lines) == 0 || settled(lines[0]) != wanted {
			return fmt.Errorf("want the line %q in:\n%s", wanted, got)
		}
		lines, leaps = lines[1:], false
	}
	if len(lines) > 0 && !leaps && strings.TrimSpace(strings.Join(lines, "")) != "" {
		return fmt.Errorf("not shown: %q", lines)
	}
	return nil
}
