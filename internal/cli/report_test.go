package cli_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
)

// sampleReport is a report with a scenario of every outcome.
const sampleReport = "../report/testdata/report.json"

// call runs a command of a program whose environment has nothing but what is given.
func call(t *testing.T, env map[string]string, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = cli.Main(context.Background(), args, cli.System{
		In: strings.NewReader(""), Out: &stdout, Err: &stderr, Env: func(name string) string { return env[name] },
	})
	return code, stdout.String(), stderr.String()
}

func TestReportWritesTheFormatsThatAreNamed(t *testing.T) {
	dir := t.TempDir()
	code, out, stderr := call(t, nil, "report", "--from", sampleReport, "--out", dir, "--format", "har,ctrf", "--format", "json")
	require.Zero(t, code, stderr)
	assert.Equal(t, []string{"report.json", "ctrf.json", "exchanges.har"}, names(dir, strings.Fields(out)))
	again, err := os.ReadFile(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	first, err := os.ReadFile(sampleReport)
	require.NoError(t, err)
	assert.Equal(t, string(first), string(again), "the canonical form is reached at once")
}

func names(dir string, paths []string) []string {
	var files []string
	for _, path := range paths {
		files = append(files, strings.TrimPrefix(path, dir+string(filepath.Separator)))
	}
	return files
}

func TestReportPrintsAnnotationsAndWritesNoFileForThem(t *testing.T) {
	dir := t.TempDir()
	code, out, _ := call(t, nil, "report", "--from", sampleReport, "--out", dir, "--format", "annotations", "--features", "api/features")
	require.Zero(t, code)
	for line := range strings.Lines(out) {
		assert.Regexp(t, `^::(error|warning) file=api/features/resize/refused\.feature,line=\d+,`, line)
	}
	assert.Equal(t, 3, strings.Count(out, "\n"))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestReportRefusesInOneLineWhatIsNoReport(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte("{\n  \"schemaVersion\": }"), 0o600))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no file":            {[]string{"report", "--from", "nowhere.json"}, "open the report: open nowhere.json"},
		"malformed":          {[]string{"report", "--from", bad}, "bad.json:2:"},
		"a format unknown":   {[]string{"report", "--from", sampleReport, "--format", "pdf"}, `--format: no report format "pdf": choose from`},
		"no --from":          {[]string{"report"}, "the command needs --from"},
		"a run's bad format": {[]string{"run", "--format", "pdf"}, `--format: no report format "pdf"`},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, stderr := call(t, nil, c.args...)
			assert.Equal(t, 2, code)
			assert.Empty(t, out)
			assert.Contains(t, stderr, c.want)
			assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		})
	}
}

func TestRunWritesWhatIsAskedFor(t *testing.T) {
	dir := t.TempDir()
	code, out, stderr := call(t, map[string]string{"GITHUB_ACTIONS": "true"}, "run", "--tags", "@auth", "--out", dir, "--format", "ctrf")
	require.Zero(t, code, stderr)
	assert.NotContains(t, out, "::", "nothing to annotate")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2)
	assert.Equal(t, []string{"ctrf.json", "report.json"}, []string{left[0].Name(), left[1].Name()})
}

func TestRunAnnotatesTheFailingLinesOnGitHub(t *testing.T) {
	gone := rewritten(func(status int, body []byte) (int, []byte) {
		if status == http.StatusNotFound {
			status = http.StatusGone
		}
		return status, body
	})
	b := newBench(t, gone, mock.Options{})
	b.env["GITHUB_ACTIONS"] = "true"
	e := b.run("--scenario", "unknown-instance")
	assert.Equal(t, 1, e.code, e.err)
	assert.Regexp(t, `(?m)^::error file=features/resize/[a-z]+\.feature,line=\d+,title=unknown-instance failed::.*410`, e.out)
	delete(b.env, "GITHUB_ACTIONS")
	assert.NotContains(t, b.run("--scenario", "unknown-instance").out, "::error")
}

func TestAReportSaysHowItsRunIsMadeAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	e := b.run("--scenario", "no-authorization[DescribeInstances]", "--seed", "3", "--parallel", "2", "--shard", "1/1")
	again, out, _ := strings.Cut(e.report.Repeat, " --out ")
	assert.Equal(t, "conformance run --scenario 'no-authorization[DescribeInstances]' --seed 3 --parallel 2 --shard 1/1 --config '"+
		b.config+"' --target 'it'", again, e.err)
	assert.NotEmpty(t, out, "the folder was not the default one")
}
