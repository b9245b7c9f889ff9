package conformancetest_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/conformancetest"
	"github.com/zec-tools/conformance/zectest"
)

// at is the target that a stand-in makes, reached at a URL.
func at(srv *zectest.Server, url string) conformancetest.Target {
	creds := srv.Credentials()
	target := conformancetest.Target{
		Endpoint: url, Credentials: conformancetest.Credentials(creds), Parallel: 4,
		Allow:  []string{"ModifyInstanceType", "StartInstances", "StopInstances", "RebootInstances"},
		Types:  conformancetest.Types{Resizable: []string{"z2a.cpu.1", "z2a.cpu.2"}, Unsupported: []string{"z1a.cpu.2"}, GPU: []string{"z3a.g.C49.c8m32.1", "z3a.g.C49.c16m64.2"}},
		Timing: conformancetest.Timing{ResizeTimeout: 10 * time.Second, PollInterval: 5 * time.Millisecond, Settle: 100 * time.Millisecond},
	}
	for _, in := range srv.Instances() {
		target.Instances = append(target.Instances, conformancetest.Instance{ID: in.ID, Status: in.Status, GPU: in.GPU})
	}
	return target
}

func TestARightEndpointPasses(t *testing.T) {
	srv := zectest.NewServer(t)
	before := srv.Seed()
	result := conformancetest.Run(t, at(srv, srv.URL), conformancetest.WithTags("@resize and not @change"), conformancetest.WithReport(t.TempDir()))
	require.NoError(t, result.Err())
	assert.Equal(t, "selected passed", result.Verdict)
	assert.Greater(t, result.Passed, 10)
	assert.FileExists(t, filepath.Join(result.Report, "report.html"))
	was, err := zectest.Start(zectest.WithSeed(before))
	require.NoError(t, err)
	defer was.Close()
	for i, in := range was.Instances() {
		if in.Status == "STOPPED" || in.Status == "RUNNING" {
			assert.Equal(t, in, srv.Instances()[i], "every instance is as it was")
		}
	}
}

// inner is the variable by which a test of this package runs in a process of its own, where it may fail.
const inner = "CONFORMANCETEST_INNER"

// TestInner is played by the tests below, in a process of its own.
func TestInner(t *testing.T) {
	mode := os.Getenv(inner)
	if mode == "" {
		t.Skip("it is played by others")
	}
	srv, err := zectest.Start()
	require.NoError(t, err)
	t.Cleanup(srv.Close)
	back, err := url.Parse(cmp.Or(os.Getenv("ENDPOINT"), srv.URL))
	require.NoError(t, err)
	var resizing atomic.Bool
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = back.Scheme, back.Host // the host that is sent stays: it is signed
	}}
	front := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch action := r.Header.Get("X-ZC-Action"); {
		case mode == "gateway" && action == "ModifyInstanceType":
			w.WriteHeader(http.StatusBadGateway)
			return
		case mode == "killed" && resizing.Load():
			os.Exit(9) //nolint:forbidigo // killed in the middle of a resize
		}
		proxy.ServeHTTP(w, r)
	}))
	if address := os.Getenv("FRONT"); address != "" {
		require.NoError(t, front.Listener.Close())
		front.Listener, err = net.Listen("tcp", address)
		require.NoError(t, err)
	}
	front.Start()
	t.Cleanup(front.Close)
	proxy.ModifyResponse = func(r *http.Response) error {
		if mode == "wrong" && r.StatusCode == http.StatusNotFound {
			r.StatusCode = http.StatusBadRequest
		}
		if r.Request.Header.Get("X-ZC-Action") == "ModifyInstanceType" && r.StatusCode == http.StatusOK {
			resizing.Store(true)
		}
		return nil
	}
	options := []conformancetest.Option{conformancetest.WithReport(os.Getenv("REPORT"))}
	if waivers := os.Getenv("WAIVERS"); waivers != "" {
		options = append(options, conformancetest.WithWaivers(waivers))
	}
	if tags := os.Getenv("TAGS"); tags != "" {
		options = append(options, conformancetest.WithTags(tags))
	}
	target := at(srv, front.URL)
	switch mode {
	case "none listed":
		target.Instances = nil
	case "wrong key":
		target.Credentials.KeyPassword = "a-wrong-password"
	}
	target.Ephemeral = os.Getenv("EPHEMERAL") != ""
	result := conformancetest.Run(t, target, options...)
	t.Logf("err: %v, inconclusive %v", result.Err(), errors.Is(result.Err(), conformancetest.ErrInconclusive))
}

// play plays TestInner, or some of its subtests, in a process of its own.
func play(t *testing.T, mode, report, run string, env ...string) (output string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", run, "-test.v")
	cmd.Env = append(os.Environ(), append(env, inner+"="+mode, "REPORT="+report, "XDG_STATE_HOME="+filepath.Join(report, "state"))...)
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

func TestAFindingFailsItsSubtestAlone(t *testing.T) {
	output, code := play(t, "wrong", t.TempDir(), "^TestInner$/^(unknown-type|unsupported-type)$")
	assert.Equal(t, 1, code)
	assert.Contains(t, output, "--- FAIL: TestInner/unknown-type")
	assert.Contains(t, output, "--- PASS: TestInner/unsupported-type")
	assert.Regexp(t, `M-TYPE-NOT-FOUND \(M\): .*want 404 INVALID_INSTANCE_TYPE_NOT_FOUND.*; request id T`, output)
	assert.Contains(t, output, "err: non-conformant: 1 scenarios failed")
	assert.Equal(t, 2, strings.Count(output, "=== RUN   TestInner/"), "-run says what is played")
	assert.NotContains(t, output, "mock-key-password")
}

func TestAWaivedFindingFailsNothing(t *testing.T) {
	report := t.TempDir()
	play(t, "wrong", report, "^TestInner$/^unknown-type$")
	text, err := os.ReadFile(filepath.Join(report, "report.json"))
	require.NoError(t, err)
	var read struct {
		Scenarios []struct {
			Findings []struct{ Clause, Fingerprint string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &read))
	waivers := "waivers:\n"
	for _, f := range read.Scenarios[0].Findings {
		waivers += "  - {target: endpoint, clause: " + f.Clause + ", fingerprint: " + f.Fingerprint + `, reason: known, owner: us, expires: "2999-01-01"}` + "\n"
	}
	file := filepath.Join(t.TempDir(), "waivers.yaml")
	require.NoError(t, os.WriteFile(file, []byte(waivers), 0o600))
	output, code := play(t, "wrong", report, "^TestInner$/^unknown-type$", "WAIVERS="+file)
	assert.Equal(t, 0, code, output)
	assert.Contains(t, output, "[waived: known")
}

func TestWhatCouldNotBeJudgedIsNoFinding(t *testing.T) {
	output, code := play(t, "gateway", t.TempDir(), "^TestInner$/^unknown-type$")
	assert.Equal(t, 1, code)
	assert.Contains(t, output, "inconclusive: the endpoint could not be judged: ")
	assert.Contains(t, output, "inconclusive true")
}

// TestWhatAKilledTestLeavesIsRestoredByTheNextOne kills a test in the middle of a resize. Its
// endpoint outlives it.
func TestWhatAKilledTestLeavesIsRestoredByTheNextOne(t *testing.T) {
	srv, report := zectest.NewServer(t), t.TempDir()
	before := srv.Instances()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, free.Close())
	front := "FRONT=" + free.Addr().String() // the same endpoint both times
	output, code := play(t, "killed", report, "^TestInner$/^resize-succeeds$", "ENDPOINT="+srv.URL, front)
	require.Equal(t, 9, code, output)
	resized := srv.Requests("ModifyInstanceType")
	require.Len(t, resized, 1)
	require.Eventually(t, func() bool { return !slices.EqualFunc(before, srv.Instances(), sameType) }, time.Minute, 10*time.Millisecond, "it was left resized")

	output, code = play(t, "again", report, "^TestInner$/^unknown-type$", "ENDPOINT="+srv.URL, front)
	assert.Equal(t, 0, code, output)
	assert.True(t, slices.EqualFunc(before, srv.Instances(), sameType), "it has its old type again")

	play(t, "killed", report, "^TestInner$/^resize-succeeds$", "ENDPOINT="+srv.URL, front)
	output, code = play(t, "again", report, "^TestInner$/^unknown-type$")
	assert.Equal(t, 1, code)
	assert.Contains(t, output, "is the journal of target endpoint at http://"+free.Addr().String())
	output, code = play(t, "again", report, "^TestInner$/^unknown-type$", "EPHEMERAL=1")
	assert.Equal(t, 0, code, output)
}

func sameType(a, b zectest.Instance) bool { return a.ID == b.ID && a.Type == b.Type }

func TestASkippedScenarioIsSkipped(t *testing.T) {
	srv := zectest.NewServer(t)
	target := at(srv, srv.URL)
	target.Instances = nil
	result := conformancetest.Run(t, target, conformancetest.WithTags("@resize"), conformancetest.WithReport(t.TempDir()))
	require.NoError(t, result.Err())
	assert.Positive(t, result.Skipped)
}

// TestATestThatJudgesNothingFails selects scenarios that all change an instance.
func TestATestThatJudgesNothingFails(t *testing.T) {
	for _, mode := range []string{"none listed", "wrong key"} {
		output, code := play(t, mode, t.TempDir(), "^TestInner$", "TAGS=@resize and @change")
		assert.Equal(t, 1, code, mode)
		assert.Contains(t, output, "every scenario was skipped: nothing was judged")
		assert.NotContains(t, output, "--- PASS: TestInner/", mode)
	}
	_, code := play(t, "none listed", t.TempDir(), "^TestInner$/^resize-succeeds$")
	assert.Zero(t, code, "-run asked for one that is skipped")
}
