package docs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/docs"
)

// missing ends a test whose consumer is not there: as a failure where CI wants them all.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CONFORMANCE_CONSUMERS_REQUIRED") != "" {
		require.Fail(t, fmt.Sprintf(format, args...))
	}
	t.Skipf(format, args...)
}

// TestThePageIsForEverybody opens the page of either language in Chromium, light and wide, dark and narrow,
// with everything unfolded, and has axe look at it.
func TestThePageIsForEverybody(t *testing.T) {
	if testing.Short() {
		t.Skip("the page is not opened in a browser in short tests")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "chromium is not installed: the page is not opened in a browser")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		missing(t, "npm is not installed: axe does not look at the page")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	where, err := exec.CommandContext(ctx, "npm", "exec", "--yes", "--package=playwright-core@1.65.1", "--package=axe-core@4.14.1",
		"--", "sh", "-c", "command -v playwright-core").Output()
	if err != nil {
		missing(t, "axe cannot be fetched from npm: %v", err)
	}
	// The script stands beside the programs, where it finds them.
	programs := filepath.Dir(filepath.Dir(filepath.Dir(strings.TrimSpace(string(where)))))
	script, err := os.ReadFile("testdata/page.mjs")
	require.NoError(t, err)
	beside, err := os.CreateTemp(programs, "page-*.mjs")
	require.NoError(t, err)
	defer func() { assert.NoError(t, os.Remove(beside.Name())) }()
	_, err = beside.Write(script)
	require.NoError(t, err)
	require.NoError(t, beside.Close())

	s := source(t)
	s.Results = results(t, s)
	files, err := docs.Files(s)
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, docs.Write(dir, files))
	out, err := exec.CommandContext(ctx, "node", beside.Name(), chromium, filepath.Join(dir, "index.html"), filepath.Join(dir, "index.zh.html")).Output()
	require.NoError(t, err, "%s %s", out, stderrOf(err))
	var seen struct{ Violations, Messages, Requests, Overflow, Search, Hidden []string }
	require.NoError(t, json.Unmarshal(out, &seen))
	assert.Empty(t, seen.Violations)
	assert.Empty(t, seen.Messages)
	assert.Empty(t, seen.Requests, "the page stands alone")
	assert.Empty(t, seen.Overflow, "the page is as wide as the window")
	assert.Empty(t, seen.Hidden, "a link leads to where it is seen")
	assert.Len(t, seen.Search, 2)
	for _, found := range seen.Search {
		assert.Contains(t, found, "#m-gpu-denied")
	}
}

// stderrOf is what a program that failed has said.
func stderrOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return ""
}
