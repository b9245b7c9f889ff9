package cli_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/verdict"
)

// bench is a configured target for the command line: a mock behind whatever spoils it.
type bench struct {
	t        *testing.T
	dir      string
	endpoint string
	config   string
	env      map[string]string
	stolen   []string // signatures that a server has seen
}

// newBench serves the mock through spoil and writes a configuration file for it.
func newBench(t *testing.T, spoil func(http.Handler) http.Handler, options mock.Options) *bench {
	t.Helper()
	return newBenchOf(t, spoil, options, (*mock.Mock).SeedAccount)
}

// newBenchOf does so for an account with other instances.
func newBenchOf(t *testing.T, spoil func(http.Handler) http.Handler, options mock.Options, seed func(*mock.Mock) []mock.Instance) *bench {
	t.Helper()
	options.ResizeTime = cmp.Or(options.ResizeTime, 100*time.Millisecond)
	m := mock.New(options)
	account := seed(m)
	server := httptest.NewServer(spoil(m))
	t.Cleanup(server.Close)
	b := &bench{t: t, dir: t.TempDir(), endpoint: server.URL, env: map[string]string{}}
	var file strings.Builder
	fmt.Fprintf(&file, "targets:\n  it:\n    endpoint: %s\n    credentials: {tokenEnv: ZENLAYER_TOKEN}\n    allowResize: true\n    generate: true\n    instances:\n", server.URL)
	for _, in := range account {
		fmt.Fprintf(&file, "      - {id: %s, status: %s, gpu: %t}\n", in.ID, in.Status, in.GPU)
	}
	types := m.Types()
	fmt.Fprintf(&file, "    instanceTypes: {resizable: [%s], unsupported: [%s], gpu: [%s]}\n", strings.Join(types.Resizable, ", "), strings.Join(types.Unsupported, ", "), strings.Join(types.GPU, ", "))
	often := max(5*time.Millisecond, options.ResizeTime/20)
	fmt.Fprintf(&file, "    timing: {resizeTimeout: 2s, restoreTimeout: 5s, pollInterval: %s, settle: 20ms, requestTimeout: 30s}\n    requestsPerSecond: 100000\n    parallel: 16\n", often)
	b.config = filepath.Join(b.dir, "conformance.yaml")
	require.NoError(t, os.WriteFile(b.config, []byte(file.String()), 0o600))
	creds := m.Credentials()
	b.env = map[string]string{
		"ZENLAYERCLOUD_ACCESS_KEY_ID": creds.KeyID, "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD": creds.Password, "ZENLAYER_TOKEN": creds.Token,
		"XDG_STATE_HOME": t.TempDir(),
	}
	return b
}

// ended is what a command left behind.
type ended struct {
	code     int
	out, err string
	report   verdict.Run // the zero value when none was written
}

// run runs the scenarios against the target. It writes the report that is read here, and
// no other format.
func (b *bench) run(args ...string) ended {
	b.t.Helper()
	return b.command("run", append([]string{"--format", "json"}, args...)...)
}

// command runs a command about the target.
func (b *bench) command(name string, args ...string) ended {
	b.t.Helper()
	return b.commandWith(cli.System{}, name, args...)
}

// commandWith does so with further parts of a system.
func (b *bench) commandWith(sys cli.System, name string, args ...string) ended {
	b.t.Helper()
	return b.under(context.Background(), sys, name, args...)
}

// under does so until the context ends, as by an interrupt.
func (b *bench) under(ctx context.Context, sys cli.System, name string, args ...string) ended {
	b.t.Helper()
	var out, err bytes.Buffer
	dir := filepath.Join(b.dir, "reports")
	args = append([]string{name, "--config", b.config, "--target", "it", "--out", dir}, args...)
	sys.Out, sys.Err, sys.Env = &out, &err, func(name string) string { return b.env[name] }
	if sys.In == nil {
		sys.In = strings.NewReader("")
	}
	e := ended{code: cli.Main(ctx, args, sys), out: out.String(), err: err.String()}
	if text, readErr := os.ReadFile(filepath.Join(dir, "report.json")); readErr == nil {
		require.NoError(b.t, json.Unmarshal(text, &e.report, jsonv1.DefaultOptionsV1())) // as encoding/json does, in less than half the time
		keepsTheSchema(b.t, text)
	}
	return e
}

// rowsOf selects the scenarios with the tags, and of those that are there for each action
// only the ones of the actions named. It is for what does not depend on the action: a run of
// all rows takes three times as long.
func rowsOf(t *testing.T, tags string, actions ...string) []string {
	t.Helper()
	command := []string{"list", "--json"}
	if tags != "" {
		command = append(command, "--tags", tags)
	}
	code, out, err := call(t, nil, command...)
	require.Zero(t, code, err)
	var args []string
	for _, s := range gjson.Get(out, "scenarios.#.id").Array() {
		_, row, _ := strings.Cut(s.Str, "[")
		if !slices.ContainsFunc(anyAction.FindAllString(row, -1), func(of string) bool { return !slices.Contains(actions, of) }) {
			args = append(args, "--scenario", s.Str)
		}
	}
	require.NotEmpty(t, args)
	return args
}

var anyAction = regexp.MustCompile(`\b(Describe|Modify|Start|Stop|Reboot)Instance(s|sStatus|Type)\b`)

// refusing fails the test when anything arrives.
func refusing(t *testing.T) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	}
}

func untouched(h http.Handler) http.Handler { return h }

// always answers every request in one way.
func always(status int, header map[string]string, body string) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, value := range header {
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
}

// rewritten lets the mock answer, then changes what it said.
func rewritten(change func(status int, body []byte) (int, []byte)) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			h.ServeHTTP(recorder, r)
			status, body := change(recorder.Code, recorder.Body.Bytes())
			w.Header().Set("Content-Type", recorder.Header().Get("Content-Type"))
			w.WriteHeader(status)
			_, _ = w.Write(body)
		})
	}
}

// TestTheRightEndpointIsConformant makes sure that the cases below fail for what they
// spoil, and for nothing else.
func TestTheRightEndpointIsConformant(t *testing.T) {
	b := newBench(t, untouched, mock.Options{ResizeTime: 200 * time.Millisecond}) // a busy machine must find two changes over each other
	b.replace("resizeTimeout: 2s", "resizeTimeout: 1m")
	b.allowAll()
	e := b.command("run")
	assert.Equal(t, verdict.ExitConformant, e.code, e.out+e.err)
	assert.Equal(t, verdict.Conformant, e.report.Verdict)
	assert.Zero(t, e.report.Summary.Scenarios.Skipped)
}

func TestNothingIsGreenForTheWrongReason(t *testing.T) {
	html := map[string]string{"Content-Type": "text/html"}
	asJSON := map[string]string{"Content-Type": "application/json"}
	unauthorized := `{"requestId":"r","code":"AUTHFAILURE_SIGNATURE_FAILURE","message":"no"}`
	cases := []struct {
		name    string
		spoil   func(http.Handler) http.Handler
		verdict verdict.Verdict
		code    int
	}{
		{"every answer 401", always(http.StatusUnauthorized, asJSON, unauthorized), verdict.InconclusiveVerdict, 3},
		{"403 with cf-mitigated", always(http.StatusForbidden, map[string]string{"cf-mitigated": "challenge"}, "<html>"), verdict.InconclusiveVerdict, 3},
		{"451", always(http.StatusUnavailableForLegalReasons, html, "<html>"), verdict.InconclusiveVerdict, 3},
		{"HTML under 200", always(http.StatusOK, html, "<html>hello</html>"), verdict.NonConformant, 1},
		{"302", always(http.StatusFound, map[string]string{"Location": "/elsewhere"}, ""), verdict.InconclusiveVerdict, 3},
		{"bytes after the JSON", rewritten(func(s int, b []byte) (int, []byte) { return s, append(b, "{}"...) }), verdict.NonConformant, 1},
		{"an undocumented status", rewritten(func(s int, b []byte) (int, []byte) {
			if s == http.StatusNotFound {
				s = http.StatusGone
			}
			return s, b
		}), verdict.NonConformant, 1},
	}
	some := rowsOf(t, "", "DescribeInstancesStatus", "ModifyInstanceType")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newBench(t, c.spoil, mock.Options{}).run(some...)
			assert.Equal(t, c.verdict, e.report.Verdict, e.out+e.err)
			assert.Equal(t, c.code, e.code)
		})
	}
}

func TestAnEndpointThatRefusesConnectionsIsInconclusive(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	b.moveTo(closed)
	e := b.run()
	assert.Equal(t, verdict.InconclusiveVerdict, e.report.Verdict, e.out+e.err)
	assert.Equal(t, verdict.ExitInconclusive, e.code)
}

// A clock that is off makes every signature expired: that is no word about the endpoint.
func TestASkewedClockIsNotConformant(t *testing.T) {
	ahead := func() time.Time { return time.Now().Add(time.Hour) }
	skewed := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", ahead().UTC().Format(http.TimeFormat))
			h.ServeHTTP(w, r)
		})
	}
	e := newBench(t, skewed, mock.Options{Clock: ahead}).run()
	assert.NotEqual(t, verdict.Conformant, e.report.Verdict)
	assert.NotZero(t, e.code, e.out+e.err)
	assert.Contains(t, e.out, "clock-skew")
}

func TestSkippedScenariosArePartialAtBest(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	b.replace("allowResize: true", "allowResize: false")
	some := rowsOf(t, "", "DescribeInstancesStatus", "ModifyInstanceType")
	e := b.run(some...)
	assert.Equal(t, verdict.Partial, e.report.Verdict, e.out+e.err)
	assert.Equal(t, verdict.ExitInconclusive, e.code)
	assert.Zero(t, b.run(append(some, "--allow-partial")...).code)
	all := b.run("--scenario", "resize-succeeds", "--allow-partial")
	assert.Equal(t, verdict.Partial, all.report.Verdict)
	assert.Equal(t, verdict.ExitInconclusive, all.code, "everything skipped proves nothing, whatever is allowed")
}

// TestMoreInstancesThanAPageAreAllUsed lists a twenty-first instance and more: what a
// target has to know of them must not end with the first page.
func TestMoreInstancesThanAPageAreAllUsed(t *testing.T) {
	var further strings.Builder
	b := newBench(t, func(h http.Handler) http.Handler {
		for range 3 {
			fmt.Fprintf(&further, "      - {id: %s, status: RUNNING}\n", h.(*mock.Mock).Seed(mock.Instance{Status: mock.Running}).ID)
		}
		return h
	}, mock.Options{})
	b.replace("    instances:\n", "    instances:\n"+further.String())
	e := b.run("--scenario", "gpu-instance")
	assert.Equal(t, verdict.SelectedPassed, e.report.Verdict, e.out)
}

// TestAnInstanceThatIsNotThereIsTheListsFault: a name typed wrongly must not look as if
// the endpoint lost an instance.
func TestAnInstanceThatIsNotThereIsTheListsFault(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	b.replace("    instances:\n", "    instances:\n      - {id: ins-typo, status: STOPPED}\n")
	e := b.run("--no-preflight", "--scenario", "status-of-one", "--scenario", "resize-succeeds")
	assert.Equal(t, verdict.Partial, e.report.Verdict, e.out)
	assert.Contains(t, e.out, "the endpoint shows no instance ins-typo, which the configuration lists")
}

func (b *bench) replace(old, with string) {
	text, err := os.ReadFile(b.config)
	require.NoError(b.t, err)
	require.Contains(b.t, string(text), old)
	require.NoError(b.t, os.WriteFile(b.config, []byte(strings.ReplaceAll(string(text), old, with)), 0o600))
}

// allowAll lets the target run every action, so that nothing is skipped.
func (b *bench) allowAll() {
	b.replace("allowResize: true", "allow: [ModifyInstanceType, StartInstances, StopInstances, RebootInstances]")
}

const header = "@group\nFeature: A feature\n\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n\n"

func TestABrokenSuiteIsRefusedBeforeAnythingIsSent(t *testing.T) {
	sent := 0
	counting := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { sent++; h.ServeHTTP(w, r) })
	}
	b := newBench(t, counting, mock.Options{})
	cases := []struct{ name, feature, want string }{
		{"an undefined step", header + "    @a-case\n    Example: One\n      Given a thing\n", "a.feature:9: undefined step"},
		{"no id", header + "    Example: One\n      Given a STOPPED instance\n", "a.feature:7: "},
		{"two ids", header + "    @a-case @b-case\n    Example: One\n      Given a STOPPED instance\n", "a.feature:8: "},
		{"an id twice", header + "    @a-case\n    Example: One\n      Given a STOPPED instance\n\n    @a-case\n    Example: Two\n      Given a STOPPED instance\n", "a.feature:12: "},
		{"an unknown clause", strings.Replace(header, "@M-GPU", "@M-NOTHING", 1) + "    @a-case\n    Example: One\n      Given a STOPPED instance\n", "M-NOTHING"},
		{"another sentence than the clause's", strings.Replace(header, "cannot", "must not", 1) + "    @a-case\n    Example: One\n      Given a STOPPED instance\n", "full sentence"},
		{"an unknown code", header + "    @a-case\n    Example: One\n      Given a STOPPED instance\n      Then the answer is the error 400 NO_SUCH_CODE\n", "NO_SUCH_CODE"},
		{"an unknown status", header + "    @a-case\n    Example: One\n      Given a SLEEPING instance\n", "SLEEPING"},
		{"no rule", "Feature: A feature\n\n  @a-case\n  Example: One\n    Given a STOPPED instance\n", "no rule"},
		{"no step", header + "    @a-case\n    Example: One\n", "no "},
		{"no Gherkin", "hello\n", "a.feature:1: "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "a.feature"), []byte(c.feature), 0o600))
			e := b.run("--features", folder)
			assert.Equal(t, verdict.ExitUsage, e.code, e.out+e.err)
			assert.Contains(t, e.err, c.want)
			assert.Equal(t, 1, strings.Count(e.err, "\n"), "one line: %s", e.err)
		})
	}
	t.Run("an empty folder", func(t *testing.T) {
		e := b.run("--features", t.TempDir())
		assert.Equal(t, verdict.ExitUsage, e.code)
	})
	t.Run("a mistyped tag", func(t *testing.T) {
		e := b.run("--tags", "@rezise")
		assert.Equal(t, verdict.ExitUsage, e.code)
		assert.Contains(t, e.err, "@rezise")
	})
	assert.Zero(t, sent)
}

func TestAScenarioThatComparesNothingIsBroken(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	folder := t.TempDir()
	feature := header + "    @a-case\n    Example: One\n      Given a STOPPED GPU instance\n      When ModifyInstanceType is called on it\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.feature"), []byte(feature), 0o600))
	e := b.run("--features", folder)
	assert.Equal(t, verdict.BrokenVerdict, e.report.Verdict)
	assert.Equal(t, verdict.ExitUsage, e.code, e.out+e.err)
	assert.Contains(t, e.out, "compares nothing")
}
