package report_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
)

// consumersRequired makes a consumer that is not there a failure and no skip: CI sets it,
// so that a green run there has asked them all.
const consumersRequired = "CONFORMANCE_CONSUMERS_REQUIRED"

// missing ends a test whose consumer is not there.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv(consumersRequired) != "" {
		require.Fail(t, fmt.Sprintf(format, args...))
	}
	t.Skipf(format, args...)
}

// consumers are the npm programs that read reports, installed once as their lock file says.
type consumers struct{ dir string }

var installed = sync.OnceValues(install)

// install returns the folder of the programs. It is kept between runs, under a name that
// changes with what is to be installed.
func install() (string, error) {
	source := filepath.Join("testdata", "consumers")
	lock, err := os.ReadFile(filepath.Join(source, "package-lock.json"))
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "zec-conformance", "consumers-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "fresh-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	if err := os.CopyFS(fresh, os.DirFS(source)); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--no-progress", "--loglevel=error")
	npm.Dir = fresh
	if said, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w: %.300s", err, said)
	}
	if err := os.Rename(fresh, dir); err != nil && !isDir(dir) { // another test may have been first
		return "", err
	}
	return dir, nil
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func npmConsumers(t *testing.T) consumers {
	t.Helper()
	if testing.Short() {
		t.Skip("npm's consumers of reports take long")
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, "%s is not here: the programs that read reports are not asked", program)
		}
	}
	dir, err := installed()
	if err != nil {
		missing(t, "the programs that read reports cannot be installed: %v", err)
	}
	return consumers{dir}
}

// ask runs one script and reads what it says into the value.
func (c consumers) ask(t *testing.T, into any, script string, args ...string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "consumers", script))
	require.NoError(t, err)
	// The script runs from among the programs, as it is now and not as it was when they were installed.
	file, err := os.CreateTemp(c.dir, "*-"+script)
	require.NoError(t, err)
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", append([]string{file.Name()}, args...)...)
	node.Dir = c.dir
	said, err := node.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		require.Fail(t, script+" refuses the report", "%.2000s", exit.Stderr)
	}
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(said, into), string(said))
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "chromium is not here: the page is not opened in a browser")
	return ""
}

// saved writes a format of a reader to a file of its own.
func saved(t *testing.T, reader *report.Reader, format string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), format)
	if format == "html" {
		file += ".html"
	}
	require.NoError(t, os.WriteFile(file, written(t, reader, format), 0o600))
	return file
}

func TestCucumberRendersTheMessages(t *testing.T) {
	t.Parallel()
	c := npmConsumers(t)
	for name, reader := range readers(t) {
		t.Run(name, func(t *testing.T) {
			var result struct{ Envelopes int }
			page := filepath.Join(t.TempDir(), "cucumber.html")
			c.ask(t, &result, "messages.mjs", saved(t, reader, "messages"), page)
			assert.GreaterOrEqual(t, result.Envelopes, 3)
			if name != "every outcome" {
				return
			}
			var shown struct {
				Errors []string
				Text   string
			}
			c.ask(t, &shown, "rendered.mjs", page, chromium(t))
			assert.Empty(t, shown.Errors)
			for _, want := range []string{
				"33.3% (2 / 6) passed", "PASSED 2", "FAILED 2", "SKIPPED 1", "UNKNOWN 1",
				"MIT-STATUS-01[RUNNING]: An instance that is not stopped is refused",
				"M-STATUS-DENIED (M): /code: want OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT, got INVALID_PARAMETER_VALUE",
			} {
				assert.Contains(t, shown.Text, want)
			}
		})
	}
}

func TestCTRFIsReadByItsOwnMakers(t *testing.T) {
	t.Parallel()
	c := npmConsumers(t)
	for name, reader := range readers(t) {
		t.Run(name, func(t *testing.T) {
			var summary struct{ Tests int }
			c.ask(t, &summary, "ctrf.mjs", saved(t, reader, "ctrf"))
			assert.Equal(t, reader.Len()+len(reader.Head.Unrestored), summary.Tests)
		})
	}
}

func TestJUnitIsReadByItsReaders(t *testing.T) {
	t.Parallel()
	c := npmConsumers(t)
	for name, reader := range readers(t) {
		t.Run(name, func(t *testing.T) {
			var read struct {
				Tests, Failures, Errors, Skipped, Cases, WithFailure, WithError, WithSkip int
				Converted                                                                 struct{ Tests, Failed, Skipped int }
			}
			c.ask(t, &read, "junit.mjs", saved(t, reader, "junit"))
			assert.Equal(t, []int{read.Tests, read.Failures, read.Errors, read.Skipped},
				[]int{read.Cases, read.WithFailure, read.WithError, read.WithSkip}, "the numbers are those of the cases")
			assert.Equal(t, max(reader.Len(), 1)+len(reader.Head.Unrestored), read.Tests)
			assert.Equal(t, []int{read.Tests, read.Failures + read.Errors, read.Skipped},
				[]int{read.Converted.Tests, read.Converted.Failed, read.Converted.Skipped})
		})
	}
}

func TestABrowserAnswersFromTheHAR(t *testing.T) {
	t.Parallel()
	c := npmConsumers(t)
	browser := chromium(t)
	var result struct{ Entries, Replayed int }
	c.ask(t, &result, "har.mjs", saved(t, sampleReader(t), "har"), browser)
	assert.Equal(t, 8, result.Entries)
	assert.Equal(t, 1, result.Replayed)
	for name, reader := range readers(t) {
		c.ask(t, &result, "har.mjs", saved(t, reader, "har"))
		assert.Equal(t, reader.Head.Summary.Exchanges, result.Entries, name)
	}
}

func TestThePageIsForEverybody(t *testing.T) {
	t.Parallel()
	c := npmConsumers(t)
	browser := chromium(t)
	all := readers(t)
	for _, name := range []string{"every outcome", "waived", "hostile", "challenge"} {
		t.Run(name, func(t *testing.T) {
			var result struct {
				Violations, Messages, Requests, Overflow []string
				Languages                                []string
				Scenarios, Found, Again, Plain, Kept     int
				Unfolded                                 bool
			}
			pdf := filepath.Join(t.TempDir(), "report.pdf")
			c.ask(t, &result, "page.mjs", saved(t, all[name], "html"), browser, pdf)
			for what, found := range map[string][]string{
				"axe finds nothing": result.Violations, "the console is silent": result.Messages,
				"nothing is fetched": result.Requests, "nothing is wider than the screen": result.Overflow,
			} {
				assert.Empty(t, slices.Compact(found), what)
			}
			assert.Equal(t, all[name].Len(), result.Scenarios)
			assert.Equal(t, 1, result.Found, "the word of one scenario finds it")
			assert.Equal(t, result.Scenarios, result.Again)
			assert.Equal(t, result.Scenarios, result.Plain, "without script")
			assert.True(t, result.Unfolded, "without script")
			chinese, english := "^zh-Hans .*，2025-03-04 zh$", "^en .*, 2025-03-04 en$"
			require.Len(t, result.Languages, 6)
			for i, want := range []string{chinese, english, english, chinese, english, english} {
				assert.Regexp(t, want, result.Languages[i], "language %d", i)
			}
			assert.Zero(t, result.Kept, "no choice is kept")
			printed, err := os.Stat(pdf)
			require.NoError(t, err)
			assert.Greater(t, printed.Size(), int64(10_000))
		})
	}
}
