package ci_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// action is action.yml.
type action struct {
	Inputs  map[string]struct{ Default string }
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	Name, ID, If, Uses, Shell, Run string
	Env                            map[string]string
}

// runner is a machine of GitHub's with a repository checked out.
type runner struct {
	action    action
	workspace string
	env       map[string]string
	outputs   string // what the steps have set, as they wrote it
	summary   string
	said      string
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	r := &runner{workspace: t.TempDir()}
	decode(t, get(t, root, "action.yml"), &r.action)
	project, err := filepath.Abs(root)
	require.NoError(t, err)
	r.env = map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": project, "GITHUB_WORKSPACE": r.workspace, "RUNNER_TEMP": t.TempDir()}
	return r
}

// step runs one step by its name, with the inputs that a workflow gives, and returns its exit code.
func (r *runner) step(t *testing.T, name string, inputs map[string]string) int {
	t.Helper()
	files := t.TempDir()
	given := map[string]string{
		"GITHUB_OUTPUT": filepath.Join(files, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(files, "summary"),
	}
	for _, file := range given {
		put(t, "", file)
	}
	for _, s := range r.action.Runs.Steps {
		if s.Name != name {
			continue
		}
		require.Equal(t, "bash", s.Shell)
		script := filepath.Join(files, "script.sh")
		put(t, s.Run, script)
		env := map[string]string{}
		for variable, expression := range s.Env {
			input := strings.TrimSuffix(strings.TrimPrefix(expression, "${{ inputs."), " }}")
			known, has := r.action.Inputs[input]
			require.True(t, has, "%s: %s is no input", name, expression)
			env[variable] = known.Default
			if value, set := inputs[input]; set {
				env[variable] = value
			}
		}
		j := job{dir: r.workspace, env: with(r.env, given, env), args: []string{"bash", "--noprofile", "--norc", "-eo", "pipefail", script}}
		var code int
		code, r.said = j.run(t)
		r.outputs, r.summary = get(t, given["GITHUB_OUTPUT"]), get(t, given["GITHUB_STEP_SUMMARY"])
		return code
	}
	require.Fail(t, "action.yml has no step "+name)
	return 0
}

// built puts the program where the action's own step builds it.
func (r *runner) built(t *testing.T) *runner {
	t.Helper()
	dir := filepath.Join(r.env["RUNNER_TEMP"], "zec-conformance")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.Symlink(program, filepath.Join(dir, "conformance")))
	return r
}

func TestTheActionBuildsAndRuns(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	require.Equal(t, 0, r.step(t, "Build", nil), r.said)
	assert.Equal(t, 0, r.step(t, "Run", nil), r.said)
	assert.Equal(t, "exit-code=0\nverdict=conformant\n", r.outputs)
	assert.Contains(t, r.summary, "# Conformant: mock")
	assert.FileExists(t, filepath.Join(r.workspace, "reports", "junit.xml"))
	assert.Equal(t, r.summary, get(t, r.workspace, "reports", "report.md"))
}

func TestTheActionPassesItsInputsOn(t *testing.T) {
	t.Parallel()
	r := newRunner(t).built(t)
	put(t, strings.Replace(serve(t, "--resize-time", "50ms"), "  mock:\n", "  my target:\n", 1), r.workspace, "my config.yaml")
	put(t, "waivers: []\n", r.workspace, "my waivers.yaml")
	r.env = with(r.env, keys())
	inputs := map[string]string{
		"target": "my target", "config": "my config.yaml", "tags": "@read or @auth", "shard": "2/3", "waivers": "my waivers.yaml",
		"formats": "ctrf", "out": "my reports", "allow-partial": "true",
	}
	assert.Equal(t, 0, r.step(t, "Run", inputs), r.said)
	got := recorded(t, r.workspace, "my reports", "report.json")
	assert.Equal(t, []any{"my target", "@read or @auth", 2, 3}, []any{got.Target.Name, got.Selection.Tags, got.Selection.Shard.Index, got.Selection.Shard.Total})
	assert.FileExists(t, filepath.Join(r.workspace, "my reports", "ctrf.json"))
	assert.NoFileExists(t, filepath.Join(r.workspace, "my reports", "report.md"), "it was not asked for; the summary has it all the same")
	assert.Contains(t, r.summary, "my target")
	assert.Equal(t, 0, r.step(t, "Restore", inputs), r.said)
	assert.Contains(t, r.said, "nothing to restore at my target (my reports/")
}

// TestEveryInputIsAFlag puts a program in the place of ours that tells what it is given.
func TestEveryInputIsAFlag(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	dir := filepath.Join(r.env["RUNNER_TEMP"], "zec-conformance")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "conformance"), []byte("#!/bin/sh\nprintf '%s\\n' \"$@\"\n"), 0o755))
	inputs := map[string]string{}
	var wanted []string
	for input := range r.action.Inputs {
		if inputs[input] = "the " + input; input == "history" {
			continue // of the step Trend
		}
		wanted = append(wanted, "--"+map[bool]string{true: "format", false: input}[input == "formats"]+"=the "+input)
	}
	assert.Equal(t, 0, r.step(t, "Run", inputs))
	assert.ElementsMatch(t, append(wanted, "run"), lines(r.said))
	assert.Equal(t, 0, r.step(t, "Restore", inputs))
	require.NoError(t, os.MkdirAll(filepath.Join(r.workspace, "the out"), 0o755))
	put(t, "{}", r.workspace, "the out", "report.json")
	r.env = with(r.env, map[string]string{"GITHUB_RUN_ID": "7", "GITHUB_RUN_ATTEMPT": "1"})
	assert.Equal(t, 0, r.step(t, "Trend", inputs), r.said)
	assert.Equal(t, []string{"history", "--out=the out/history.html", "--", "the history"}, lines(r.said))
	assert.Equal(t, 0, r.step(t, "Restore", inputs))
	assert.ElementsMatch(t, []string{"cleanup", "--target=the target", "--config=the config", "--confirm-host=the confirm-host", "--out=the out"}, lines(r.said))
	assert.Equal(t, 0, r.step(t, "Run", nil))
	assert.Equal(t, []string{"run", "--out=reports", "--format=html,junit,md", "--allow-partial=false"}, lines(r.said), "what is not given is not said")
}

// TestTheActionEndsAsTheRunDoes holds exit code, outputs and summary to what the run of
// this step said, and to nothing that an earlier one left behind.
func TestTheActionEndsAsTheRunDoes(t *testing.T) {
	t.Parallel()
	r := newRunner(t).built(t)
	r.env = with(r.env, keys())
	put(t, serve(t, "--resize-time", "50ms", "--defect", "unknown-type-422"), r.workspace, "conformance.yaml")
	inputs := map[string]string{"target": "mock", "tags": "@M-TYPE-NOT-FOUND"}
	assert.Equal(t, 1, r.step(t, "Run", inputs), r.said)
	assert.Equal(t, "exit-code=1\nverdict=non-conformant\n", r.outputs)
	assert.Contains(t, r.summary, "M-TYPE-NOT-FOUND")
	assert.Contains(t, r.said, "::error ", "GitHub is told the line of the feature")

	inputs["tags"] = "@nothing-like-it"
	assert.Equal(t, 2, r.step(t, "Run", inputs), r.said)
	assert.Equal(t, "exit-code=2\n", r.outputs)
	assert.Empty(t, r.summary)

	put(t, get(t, r.workspace, "reports", "report.json"), r.workspace, "baseline.json")
	inputs["tags"], inputs["baseline"] = "@M-TYPE-NOT-FOUND", "baseline.json"
	assert.Equal(t, 0, r.step(t, "Run", inputs), "the baseline is the report that the first run left: %s", r.said)
}

// TestNoInputIsACommand gives every input texts that would do something if a shell, the
// program or the runner's files took them for more than text.
func TestNoInputIsACommand(t *testing.T) {
	t.Parallel()
	r := newRunner(t).built(t)
	for _, s := range r.action.Runs.Steps {
		assert.NotContains(t, s.Run, "${{", "%s: an input in the text of a script is read by the shell", s.Name)
	}
	for _, text := range []string{
		"$(touch caught)", "`touch caught`", "'; touch caught; '", "\"; touch caught; \"", "x\ntouch caught\n", "x\nverdict=conformant", "--help", "-h",
	} {
		inputs := map[string]string{}
		for input := range r.action.Inputs {
			inputs[input] = text
		}
		for _, step := range []string{"Run", "Restore", "Trend"} {
			code := r.step(t, step, inputs)
			assert.True(t, code == 2 || step == "Trend" && code == 1, "%s: %q: %s", step, text, r.said) // cp finds no report
			assert.Regexp(t, `^(exit-code=2\n)?$`, r.outputs, "%s: %q", step, text)
			assert.NoFileExists(t, filepath.Join(r.workspace, "caught"), "%s: %q", step, text)
		}
		out := text + " reports"
		assert.Equal(t, 0, r.step(t, "Run", map[string]string{"out": out, "tags": "@M-GPU"}), "%q: %s", text, r.said)
		assert.Equal(t, "exit-code=0\nverdict=selected passed\n", r.outputs, "%q", text)
		assert.FileExists(t, filepath.Join(r.workspace, out, "report.json"))
		assert.NoFileExists(t, filepath.Join(r.workspace, "caught"), "%q", text)
	}
}

// TestTheActionKeepsTheTrend runs twice with the folder of the history kept between the runs.
func TestTheActionKeepsTheTrend(t *testing.T) {
	t.Parallel()
	r := newRunner(t).built(t)
	inputs := map[string]string{"tags": "@M-GPU", "history": "-my history"}
	for attempt := range 2 {
		r.env = with(r.env, map[string]string{"GITHUB_RUN_ID": "7", "GITHUB_RUN_ATTEMPT": []string{"1", "2"}[attempt]})
		require.Equal(t, 0, r.step(t, "Run", inputs), r.said)
		require.Equal(t, 0, r.step(t, "Trend", inputs), r.said)
	}
	kept := overTime(t, r.workspace, "-my history")
	assert.Equal(t, []string{"7-1.json", "7-2.json"}, []string{kept.Targets[0].Runs[0].File, kept.Targets[0].Runs[1].File})
	assert.Contains(t, get(t, r.workspace, "reports", "history.html"), "Conformance over time")
	many(t, filepath.Join(r.workspace, "-my history"), "6-%03d.json", 120)
	require.Equal(t, 0, r.step(t, "Trend", inputs), r.said)
	files, err := filepath.Glob(filepath.Join(r.workspace, "-my history", "*"))
	require.NoError(t, err)
	assert.Len(t, files, 100)
	assert.FileExists(t, filepath.Join(r.workspace, "-my history", "7-2.json"), "the oldest go")
	for _, s := range r.action.Runs.Steps {
		if s.Name == "Trend" {
			assert.Equal(t, "always() && inputs.history != '' && steps.run.outputs.verdict != ''", s.If)
		}
	}
}

// TestTheWorkflowKeepsTheHistoryBetweenRuns holds the cache of the ready workflow to the folder that the action keeps.
func TestTheWorkflowKeepsTheHistoryBetweenRuns(t *testing.T) {
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				If, Uses string
				With     map[string]any
			}
		}
	}
	decode(t, get(t, "github.yml"), &workflow)
	with := map[string]map[string]any{}
	for _, s := range workflow.Jobs["conformance"].Steps {
		name, _, _ := strings.Cut(s.Uses, "@")
		if with[name] = s.With; name == "actions/cache/save" {
			assert.Equal(t, "always()", s.If, "a trend is of the runs that failed, too")
		}
	}
	restored, saved := with["actions/cache/restore"], with["actions/cache/save"]
	assert.Equal(t, with["zec-tools/conformance"]["history"], restored["path"])
	assert.Equal(t, restored["path"], saved["path"])
	assert.Equal(t, restored["key"], saved["key"])
	assert.True(t, strings.HasPrefix(saved["key"].(string), restored["restore-keys"].(string)), "the newest that begins so is restored")
}

// TestTheOutputsAreSet makes sure that each output comes from what a step sets.
func TestTheOutputsAreSet(t *testing.T) {
	r := newRunner(t)
	for name, value := range map[string]string{
		"verdict": "${{ steps.run.outputs.verdict }}", "exit-code": "${{ steps.run.outputs.exit-code }}", "reports": "${{ inputs.out }}",
	} {
		assert.Equal(t, value, r.action.Outputs[name].Value)
	}
	assert.Len(t, r.action.Outputs, 3)
	assert.Equal(t, "composite", r.action.Runs.Using)
}

func TestTheActionPutsBackWhatACancelledRunLeft(t *testing.T) {
	t.Parallel()
	r := newRunner(t).built(t)
	r.env = with(r.env, keys())
	put(t, serve(t, "--resize-time", "1s"), r.workspace, "conformance.yaml")
	killed(t, r.workspace, "reports", "--target", "mock")
	assert.Equal(t, 0, r.step(t, "Restore", map[string]string{"target": "mock"}), r.said)
	assert.Regexp(t, `^restored +instance ins-`, r.said)
	for _, s := range r.action.Runs.Steps {
		if s.Name == "Restore" {
			assert.Equal(t, "cancelled() && inputs.target != ''", s.If)
		}
	}
}
