package ci_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The programs that read the files, at the versions that they were tried with.
const (
	actionlint      = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
	actionValidator = "@action-validator/cli@0.6.0"
	actionSchemas   = "@action-validator/core@0.6.0"
	dockerfileUtils = "dockerfile-utils@0.16.3"
	gitlabCILocal   = "gitlab-ci-local@4.61.1"
)

// manifestReader is the program that reads Kubernetes manifests, of the tools' module.
const manifestReader = "./manifest"

// quick builds a program that runs once, with what scripts/lint has built of it.
var quick = []string{"-trimpath", "-gcflags=all=-N -l -dwarf=false", "-ldflags=-s -w"}

// fromGo fetches and builds a program of a Go module, and returns its name.
func fromGo(t *testing.T, name string) (built string) {
	t.Helper()
	if testing.Short() {
		t.Skip("programs are not fetched in short tests")
	}
	dir := t.TempDir()
	build := job{dir: filepath.Join(root, "tools"), args: append(append([]string{"go", "build"}, quick...), "-o", dir, name), wait: building}
	if strings.Contains(name, "@") {
		build = job{dir: dir, env: map[string]string{"GOBIN": dir}, args: append(append([]string{"go", "install"}, quick...), name), wait: building}
	}
	code, said := build.run(t)
	if code != 0 && unreachable.MatchString(said) {
		missing(t, "%s cannot be fetched: %s", name, said)
	}
	require.Equal(t, 0, code, said)
	name, _, _ = strings.Cut(filepath.Base(name), "@")
	return filepath.Join(dir, name)
}

// unreachable is what the go command says where no module can be fetched.
var unreachable = regexp.MustCompile(`dial tcp|module lookup disabled|no such host|proxyconnect|i/o timeout`)

// fromNPM runs a program of npm.
func fromNPM(t *testing.T, dir string, packages []string, args ...string) (code int, said string) {
	t.Helper()
	if testing.Short() {
		t.Skip("programs are not fetched in short tests")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		missing(t, "npm is not installed: %s cannot be fetched", args[0])
	}
	words := []string{"npm", "exec", "--yes", "--loglevel=error"}
	for _, name := range packages {
		words = append(words, "--package="+name)
	}
	if code, said = (job{dir: dir, args: append(words, "--", "sh", "-c", "command -v "+args[0])}).run(t); code != 0 {
		missing(t, "%s cannot be fetched from npm: %s", args[0], said)
	}
	return job{dir: dir, args: append(append(words, "--"), args...)}.run(t)
}

// repository is a folder under version control.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, args := range [][]string{{"git", "init", "--quiet"}, {"git", "remote", "add", "origin", "git@example.com:group/project.git"}} {
		code, said := job{dir: dir, args: args}.run(t)
		require.Equal(t, 0, code, said)
	}
	return dir
}

// TestGithubTakesTheWorkflow shows actionlint the workflow with the action of this
// folder in the place of the published one, so that it knows the action's inputs.
func TestGithubTakesTheWorkflow(t *testing.T) {
	t.Parallel()
	const published = "zec-tools/conformance@main"
	workflow := get(t, "github.yml")
	require.Contains(t, workflow, published)
	program := fromGo(t, actionlint)
	workflow = strings.Replace(workflow, published, "./", 1)
	for name, c := range map[string]struct {
		workflow string
		refused  string
	}{
		"as it is":               {workflow, ""},
		"an input that is none":  {strings.Replace(workflow, "target: ", "tarrget: ", 1), `input "tarrget" is not defined in action`},
		"an output that is none": {strings.Replace(workflow, "outputs.reports", "outputs.report", 1), `property "report" is not defined`},
		"a permission not spelt": {strings.Replace(workflow, "contents: read", "content: read", 1), `"content"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := repository(t)
			put(t, get(t, root, "action.yml"), dir, "action.yml")
			require.NoError(t, os.MkdirAll(filepath.Join(dir, ".github", "workflows"), 0o755))
			put(t, c.workflow, dir, ".github", "workflows", "conformance.yml")
			code, said := job{dir: dir, args: []string{program, "-no-color"}}.run(t)
			assert.Equal(t, c.refused == "", code == 0, said)
			assert.Contains(t, said, c.refused)
		})
	}
}

func TestGithubTakesTheAction(t *testing.T) {
	t.Parallel()
	text := get(t, root, "action.yml")
	for name, c := range map[string]struct {
		text string
		code int
	}{
		"as it is":         {text, 0},
		"a word not spelt": {strings.Replace(text, "using: composite", "using: something", 1), 1},
	} {
		dir := t.TempDir()
		put(t, c.text, dir, "action.yml")
		code, said := fromNPM(t, dir, []string{actionValidator, actionSchemas}, "action-validator", "action.yml")
		assert.Equal(t, c.code, code, "%s: %s", name, said)
	}
}

// TestGitlabTakesTheTemplate has the whole pipeline run on this machine, with the program
// built from this folder in the place of the published one.
func TestGitlabTakesTheTemplate(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("rsync"); err != nil {
		missing(t, "rsync is not installed: gitlab-ci-local needs it")
	}
	const install = `go install "github.com/zec-tools/conformance/cmd/conformance@$CONFORMANCE_VERSION"`
	text := get(t, "gitlab.yml")
	require.Contains(t, text, install)
	dir := repository(t)
	image := regexp.MustCompile(`(?m)^ +image: .+$`) // without it the jobs run in a shell of this machine
	require.Regexp(t, image, text)
	text = image.ReplaceAllString(text, "")
	put(t, strings.Replace(text, install, `mkdir -p "$GOBIN" && ln -sf "`+program+`" "$GOBIN/"`, 1), dir, ".gitlab-ci.yml")
	pipeline := []string{"gitlab-ci-local", "--shell-executor-no-image", "--no-color", "--home", t.TempDir()}
	code, said := fromNPM(t, dir, []string{gitlabCILocal}, pipeline...)
	assert.Equal(t, 0, code, said)
	whole := recorded(t, dir, "reports", "report.json")
	assert.Equal(t, []any{"conformant", whole.Selection.Available}, []any{string(whole.Verdict), whole.Summary.Scenarios.Passed}, said)

	put(t, strings.Replace(text, "parallel: 3", "parallel: three", 1), dir, ".gitlab-ci.yml")
	code, said = fromNPM(t, dir, []string{gitlabCILocal}, append(pipeline, "--list")...)
	assert.NotEqual(t, 0, code, "the schema knows a number from a word: %s", said)
}

func TestKubernetesTakesTheManifests(t *testing.T) {
	t.Parallel()
	reader := fromGo(t, manifestReader)
	code, kinds, log := job{args: []string{reader, "kubernetes.yaml", "kubernetes-merge.yaml"}}.output(t)
	assert.Equal(t, 0, code, log)
	assert.Equal(t, "v1 ConfigMap\nv1 PersistentVolumeClaim\nbatch/v1 Job\nbatch/v1 Job\n", kinds)

	bad := filepath.Join(t.TempDir(), "bad.yaml")
	put(t, strings.Replace(get(t, "kubernetes.yaml"), "runAsNonRoot", "runAsNonroot", 1), bad)
	code, said := job{args: []string{reader, bad}}.run(t)
	assert.NotEqual(t, 0, code)
	assert.Contains(t, said, `unknown field "spec.template.spec.securityContext.runAsNonroot"`)
}

func TestDockerTakesTheContainerfile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := get(t, root, "Containerfile")
	for name, c := range map[string]struct {
		text string
		code int
	}{
		"as it is":            {text, 0},
		"a word that is none": {strings.Replace(text, "WORKDIR", "WORKDIRS", 1), 1},
	} {
		put(t, c.text, dir, "Dockerfile")
		code, said := fromNPM(t, dir, []string{dockerfileUtils}, "dockerfile-utils", "lint", "Dockerfile")
		assert.Equal(t, c.code, code, "%s: %s", name, said)
	}
}
