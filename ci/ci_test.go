// Package ci_test holds the ready files for continuous integration to what they say:
// each is read by a program that knows its format, and what it runs is run here as its
// service runs it, against a mock. It is no part of the program.
package ci_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/history"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// root is the folder of the project, which the files are used from.
const root = ".."

// patience bounds every wait of a test; nothing is measured by it.
const patience = 3 * time.Minute

// building bounds the building of a program of others, all that it is made of included.
const building = 15 * time.Minute

// program is the program, built as the container image builds it.
var program string

// TestMain lets more tests run at once than there are processors, as most of them wait: for
// packages to arrive, and for changes to end.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "4")
	dir, err := os.MkdirTemp("", "conformance-ci-*")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if program, err = buildAsTheImageDoes(dir); err != nil {
		panic(err)
	}
	m.Run()
}

// missing ends a test whose consumer is not there: as a failure where CI wants them all.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CONFORMANCE_CONSUMERS_REQUIRED") != "" {
		require.Fail(t, fmt.Sprintf(format, args...))
	}
	t.Skipf(format, args...)
}

// decode reads YAML as if it were JSON: by the names of the members, in any case.
func decode(t *testing.T, text string, into any) {
	t.Helper()
	var value any
	require.NoError(t, yaml.Unmarshal([]byte(text), &value))
	same, err := json.Marshal(value)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(same, into))
}

// job is a command, the folder it runs in, and all of its environment but PATH and HOME.
type job struct {
	dir  string
	env  map[string]string
	args []string
	wait time.Duration // 0: patience
}

// run runs the job and returns its exit code and what it printed, for messages.
func (j job) run(t *testing.T) (code int, said string) {
	t.Helper()
	code, out, log := j.output(t)
	return code, out + log
}

// output runs the job and returns its exit code, its results, and everything else that it
// printed. Only the results are compared: a first run prints what it fetches and installs.
func (j job) output(t *testing.T) (code int, out, log string) {
	t.Helper()
	cmd := j.command(t.Context(), t)
	var results, rest strings.Builder
	cmd.Stdout, cmd.Stderr = &results, &rest
	err := cmd.Run()
	if cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return cmd.ProcessState.ExitCode(), results.String(), rest.String()
}

func (j job) command(ctx context.Context, t *testing.T) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(j.wait, patience))
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, j.args[0], j.args[1:]...)
	cmd.Dir = j.dir
	for _, name := range []string{"PATH", "HOME", "GOFLAGS", "GOCACHE", "GOMODCACHE", "GOPROXY", "npm_config_cache"} {
		if value, set := os.LookupEnv(name); set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(j.env)) {
		cmd.Env = append(cmd.Env, name+"="+j.env[name])
	}
	return cmd
}

// keys are the credentials that the mock takes.
func keys() map[string]string {
	return map[string]string{"ZENLAYERCLOUD_ACCESS_KEY_ID": "mock-key-id", "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD": "mock-key-password", "ZENLAYER_TOKEN": "mock-token"}
}

// with joins environments; the later ones win.
func with(all ...map[string]string) map[string]string {
	joined := map[string]string{}
	for _, one := range all {
		maps.Copy(joined, one)
	}
	return joined
}

// serve serves a mock in a process of its own and returns the configuration it prints.
func serve(t *testing.T, args ...string) (config string) {
	t.Helper()
	cmd := exec.Command(program, append([]string{"mock"}, args...)...)
	summary, err := os.Create(filepath.Join(t.TempDir(), "summary"))
	require.NoError(t, err)
	defer func() { _ = summary.Close() }()
	cmd.Stderr = summary
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	_, err = bufio.NewReader(out).ReadString('\n') // its URL, once it listens
	require.NoError(t, err)
	text, err := os.ReadFile(summary.Name())
	require.NoError(t, err)
	return string(text)
}

// divided returns the mock's configuration in parts: each shard has instances of its
// own, as at an endpoint where a change is seen by everyone.
func divided(t *testing.T, config string, parts int) []string {
	t.Helper()
	var file struct{ Targets map[string]map[string]any }
	decode(t, config, &file)
	all, isList := file.Targets["mock"]["instances"].([]any)
	require.True(t, isList)
	var texts []string
	for part := range parts {
		var own []any
		for i, instance := range all {
			if i%parts == part {
				own = append(own, instance)
			}
		}
		target := maps.Clone(file.Targets["mock"])
		target["instances"], target["generate"] = own, false
		text, err := yaml.Marshal(map[string]any{"targets": map[string]any{"staging": target}})
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	return texts
}

// recorded returns the head of a report.
func recorded(t *testing.T, path ...string) verdict.Run {
	t.Helper()
	reader, err := report.Open(filepath.Join(path...))
	require.NoError(t, err)
	defer func() { assert.NoError(t, reader.Close()) }()
	return reader.Head
}

func put(t *testing.T, text string, path ...string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(path...), []byte(text), 0o644))
}

func get(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(text)
}

func lines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }

// killed starts a run that changes an instance, and kills it once it has begun to.
func killed(t *testing.T, dir, out string, args ...string) {
	t.Helper()
	j := job{dir: dir, env: keys(), args: append([]string{program, "run", "--scenario", "resize-succeeds", "--out", out}, args...)}
	cmd := j.command(t.Context(), t)
	require.NoError(t, cmd.Start())
	begun := func() bool {
		journal, err := os.ReadFile(filepath.Join(dir, out, "journal-mock.jsonl"))
		return err == nil && strings.Contains(string(journal), `"mark":"call"`)
	}
	require.Eventually(t, begun, patience, time.Millisecond)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
}

// overTime is what the program reads from a folder of reports.
func overTime(t *testing.T, path ...string) history.History {
	t.Helper()
	h, err := history.Read(filepath.Join(path...))
	require.NoError(t, err)
	require.Len(t, h.Targets, 1)
	require.Len(t, h.Targets[0].Runs, 2)
	return h
}

// many fills a folder with files that are no reports.
func many(t *testing.T, dir, name string, n int) {
	t.Helper()
	for i := range n {
		put(t, "{}", dir, fmt.Sprintf(name, i))
	}
}
