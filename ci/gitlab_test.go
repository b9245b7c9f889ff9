package ci_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// template is ci/gitlab.yml.
type template struct {
	Shared struct {
		Variables    map[string]string
		BeforeScript []string `json:"before_script"`
	} `json:".conformance"`
	Shards struct {
		Parallel            int
		Script, AfterScript []string
		Artifacts           struct {
			Paths   []string
			Reports struct{ JUnit string }
		}
	} `json:"conformance"`
	Report struct {
		Needs, Script, AfterScript []string
		Artifacts                  struct{ Paths []string }
		Cache                      struct {
			Key, When string
			Paths     []string
		}
	} `json:"conformance-report"`
	Variables map[string]string
}

// gitlab is a runner with a project checked out.
type gitlab struct {
	template template
	dir      string
	said     string
}

func newGitlab(t *testing.T) *gitlab {
	t.Helper()
	g := &gitlab{dir: t.TempDir()}
	decode(t, strings.ReplaceAll(get(t, "gitlab.yml"), "after_script:", "afterScript:"), &g.template)
	require.NoError(t, os.MkdirAll(filepath.Join(g.dir, ".conformance"), 0o755))
	require.NoError(t, os.Symlink(program, filepath.Join(g.dir, ".conformance", "conformance")))
	return g
}

// run runs the lines of a job in one shell, as the runner does, and returns its exit code.
func (g *gitlab) run(t *testing.T, script []string, env ...map[string]string) (code int) {
	t.Helper()
	j := job{dir: g.dir, args: []string{"bash", "-eo", "pipefail", "-c", strings.Join(script, "\n")}}
	j.env = with(append([]map[string]string{g.template.Variables, keys()}, env...)...)
	for name, value := range g.template.Shared.Variables {
		j.env[name] = strings.ReplaceAll(value, "$CI_PROJECT_DIR", g.dir)
	}
	code, g.said = j.run(t)
	return code
}

func node(index, total int) map[string]string {
	return map[string]string{"CI_NODE_INDEX": strconv.Itoa(index), "CI_NODE_TOTAL": strconv.Itoa(total)}
}

func TestGitlabRunsAllShardsAndJoinsThem(t *testing.T) {
	t.Parallel()
	g := newGitlab(t)
	total := g.template.Shards.Parallel
	target := map[string]string{"CONFORMANCE_TARGET": "staging"}
	for i, config := range divided(t, serve(t, "--resize-time", "50ms"), total) {
		put(t, config, g.dir, "conformance-"+strconv.Itoa(i+1)+".yaml")
	}
	for index := 1; index <= total; index++ {
		if index == total { // the report of all but the last says which is missing
			assert.Equal(t, 2, g.run(t, g.template.Report.Script), g.said)
			assert.Contains(t, g.said, "staging: no report of shard "+strconv.Itoa(total)+"/"+strconv.Itoa(total))
		}
		assert.Equal(t, 3, g.run(t, g.template.Shards.Script, node(index, total), target), g.said)
		assert.Contains(t, g.said, "partial  staging at http://127.0.0.1")
		assert.Equal(t, 0, g.run(t, g.template.Shards.AfterScript, node(index, total), target), g.said)
		assert.Contains(t, g.said, "nothing to restore at staging")
	}
	assert.Equal(t, 3, g.run(t, g.template.Report.Script), g.said)
	whole := recorded(t, g.dir, "reports", "report.json")
	assert.Equal(t, whole.Selection.Available, whole.Summary.Scenarios.Total)
	assert.Zero(t, whole.Summary.Scenarios.Failed, g.said)
	for _, pattern := range []string{g.template.Shards.Artifacts.Reports.JUnit, g.template.Report.Artifacts.Paths[0]} {
		files, err := filepath.Glob(filepath.Join(g.dir, pattern))
		require.NoError(t, err)
		assert.Len(t, files, 3, "%s names what is there", pattern)
	}
}

// TestGitlabKeepsTheTrend runs what follows the joining of reports in one pipeline after the other, with
// the folder of the cache alone kept between them.
func TestGitlabKeepsTheTrend(t *testing.T) {
	t.Parallel()
	g := newGitlab(t)
	require.Equal(t, []string{"history/"}, g.template.Report.Cache.Paths)
	assert.Equal(t, "always", g.template.Report.Cache.When, "a trend is of the runs that failed, too")
	assert.Contains(t, g.template.Report.Artifacts.Paths, "reports/history.html")
	for _, pipeline := range []string{"98", "103"} {
		require.NoError(t, os.RemoveAll(filepath.Join(g.dir, "reports")))
		require.Equal(t, 0, g.run(t, g.template.Shards.Script, node(1, 9)), g.said)
		require.Equal(t, 0, g.run(t, []string{`"$GOBIN/conformance" report --from reports/1/report.json --out reports/1 --format html; cp reports/1/report.json reports/report.json`}), g.said)
		require.Equal(t, 0, g.run(t, g.template.Report.AfterScript, map[string]string{"CI_PIPELINE_ID": pipeline}), g.said)
	}
	kept := overTime(t, g.dir, "history")
	assert.Equal(t, []string{"000000000098.json", "000000000103.json"}, []string{kept.Targets[0].Runs[0].File, kept.Targets[0].Runs[1].File})
	assert.Contains(t, get(t, g.dir, "reports", "history.html"), "Conformance over time")

	many(t, filepath.Join(g.dir, "history"), "0000-%03d.json", 120)
	require.NoError(t, os.RemoveAll(filepath.Join(g.dir, "reports")))
	require.NoError(t, os.MkdirAll(filepath.Join(g.dir, "reports"), 0o755))
	require.Equal(t, 0, g.run(t, g.template.Report.AfterScript, map[string]string{"CI_PIPELINE_ID": "500"}), "a pipeline without a report keeps none: %s", g.said)
	files, err := filepath.Glob(filepath.Join(g.dir, "history", "*"))
	require.NoError(t, err)
	assert.Len(t, files, 100)
}

func TestGitlabRunsTheMockWithoutATarget(t *testing.T) {
	t.Parallel()
	g := newGitlab(t)
	assert.Equal(t, 0, g.run(t, g.template.Shards.Script, node(1, 9)), g.said)
	assert.Contains(t, g.said, "selected passed  mock at ") // a shard alone
	assert.Equal(t, 0, g.run(t, g.template.Shards.AfterScript, node(1, 9)), g.said)
	assert.Empty(t, g.said)
}

// TestGitlabInstallsThisProgram makes sure that what the template installs is a command
// of this module. It is not fetched here.
func TestGitlabInstallsThisProgram(t *testing.T) {
	g := newGitlab(t)
	require.Len(t, g.template.Shared.BeforeScript, 1)
	words := strings.Fields(g.template.Shared.BeforeScript[0])
	require.Len(t, words, 3)
	assert.Equal(t, []string{"go", "install"}, words[:2])
	path, version, _ := strings.Cut(strings.Trim(words[2], `"`), "@")
	assert.Equal(t, "$CONFORMANCE_VERSION", version)
	assert.NotEmpty(t, g.template.Variables["CONFORMANCE_VERSION"])
	list := exec.CommandContext(t.Context(), "go", "list", path)
	list.Dir = root
	out, err := list.CombinedOutput()
	assert.NoError(t, err, string(out))
}

func TestGitlabPutsBackWhatACancelledJobLeft(t *testing.T) {
	t.Parallel()
	g := newGitlab(t)
	put(t, serve(t, "--resize-time", "1s"), g.dir, "conformance-1.yaml")
	killed(t, g.dir, "reports/1", "--target", "mock", "--config", "conformance-1.yaml")
	assert.Equal(t, 0, g.run(t, g.template.Shards.AfterScript, node(1, 1), map[string]string{"CONFORMANCE_TARGET": "mock"}), g.said)
	assert.Regexp(t, `^restored +instance ins-`, g.said)
}
