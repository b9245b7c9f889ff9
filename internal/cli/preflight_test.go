package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// readsOnly fails the test when a request arrives that could change something.
func readsOnly(t *testing.T, next func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		h = next(h)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			assert.True(t, strings.HasPrefix(r.Header.Get("X-Zc-Action"), "Describe"), r.Header.Get("X-Zc-Action"))
			h.ServeHTTP(w, r)
		})
	}
}

// TestTypesAreNotAskedForWhereNoAllowedActionChangesThem allows the actions that change the status alone.
func TestTypesAreNotAskedForWhereNoAllowedActionChangesThem(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{ResizeTime: 300 * time.Millisecond})
	b.replace("allowResize: true", "allow: [StartInstances, StopInstances, RebootInstances]")
	b.replace("resizable: [z2a.cpu.1, z2a.cpu.2, z2a.cpu.4, z2a.cpu.8]", "resizable: []")
	doctor := b.command("doctor")
	assert.Zero(t, doctor.code, doctor.out)
	assert.Contains(t, doctor.out, "so no scenario changes the type of a listed instance")
	e := b.command("run", "--scenario", "power-succeeds[StartInstances]", "--allow-partial")
	assert.Zero(t, e.code, e.out+e.err)
	assert.Equal(t, 1, e.report.Summary.Scenarios.Passed, e.out)
}

// TestPreflightEndsARunThatConfigurationMakesALostCause with doctor's line, and a report of none.
func TestPreflightEndsARunThatConfigurationMakesALostCause(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		old, with string // in the configuration
		line      string
	}{
		"an instance that does not exist":   {"    instances:\n", "    instances:\n      - {id: ins-typo, status: STOPPED}\n", "fail  instance ins-typo: does not exist"},
		"an instance in another status":     {"status: RUNNING", "status: STOPPED", "is RUNNING, listed as STOPPED"},
		"a GPU instance listed without gpu": {"gpu: true", "gpu: false", "as of a GPU instance"},
		"no GPU instance listed with gpu":   {"gpu: false", "gpu: true", "and it is listed with gpu: true"},
		"a type that cannot be restored":    {"resizable: [z2a.cpu.1, ", "resizable: [", "which instanceTypes.resizable does not list"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, readsOnly(t, untouched), mock.Options{})
			b.replace(c.old, c.with)
			e := b.command("run")
			assert.Equal(t, verdict.ExitUsage, e.code, e.out+e.err)
			assert.Contains(t, e.err, c.line)
			assert.Contains(t, e.err, "      fix: ")
			assert.Empty(t, e.report.Scenarios)
			doctor := b.command("doctor")
			assert.Equal(t, verdict.ExitUsage, doctor.code)
			assert.Contains(t, doctor.out, c.line)
		})
	}
}

// TestPreflightEndsARunThatCannotBeJudged with doctor's line, and says so in the reports.
func TestPreflightEndsARunThatCannotBeJudged(t *testing.T) {
	t.Parallel()
	late, options := clocks(-2*time.Minute, func() string { return time.Now().Add(-2 * time.Minute).UTC().Format(http.TimeFormat) })
	cases := map[string]struct {
		spoil   func(http.Handler) http.Handler
		options mock.Options
		adjust  func(*bench)
		cause   wire.Cause
		line    string
	}{
		"a refused key": {untouched, mock.Options{}, func(b *bench) { b.env["ZENLAYERCLOUD_ACCESS_KEY_PASSWORD"] = "not-the-one" },
			wire.CauseCredential, "the key of ZENLAYERCLOUD_ACCESS_KEY_ID is refused: 401 AUTHFAILURE_SIGNATURE_FAILURE"},
		"a refused token": {untouched, mock.Options{}, func(b *bench) { b.env["ZENLAYER_TOKEN"] = "not-the-one" },
			wire.CauseCredential, "the token of ZENLAYER_TOKEN is refused"},
		"a gateway that rewrites Host": {rewriting(func(r *http.Request) { r.Host = "backend" }), mock.Options{}, nil,
			wire.CauseCredential, "have the gateway in front leave Host"},
		"a clock that is off":   {late, options, nil, wire.CauseClockSkew, "the local clock is 2m"},
		"plain HTTP to TLS":     {always(400, nil, "Client sent an HTTP request to an HTTPS server.\n"), mock.Options{}, nil, wire.CauseTLS, "fail  endpoint: tls: "},
		"a proxy's page":        {always(407, nil, "<html>"), mock.Options{}, nil, wire.CauseProxyAuthorization, "fail  endpoint: proxy-authorization: "},
		"a gateway's challenge": {always(403, map[string]string{"Cf-Mitigated": "challenge"}, ""), mock.Options{}, nil, wire.CauseChallenge, "fail  endpoint: gateway-challenge: "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, readsOnly(t, c.spoil), c.options)
			if c.adjust != nil {
				c.adjust(b)
			}
			e := b.run("--tags", "@read")
			assert.Equal(t, verdict.ExitInconclusive, e.code, e.out+e.err)
			assert.Contains(t, e.out, c.line)
			assert.Less(t, strings.Count(e.out, "\n"), 20, "one cause is told once: %s", e.out)
			assert.Equal(t, verdict.InconclusiveVerdict, e.report.Verdict)
			assert.Zero(t, e.report.Summary.Exchanges)
			for _, s := range e.report.Scenarios {
				assert.Equal(t, c.cause, s.Cause, s.ID)
			}
			doctor := b.command("doctor")
			assert.Equal(t, verdict.ExitInconclusive, doctor.code)
			assert.Contains(t, doctor.out, c.line)
		})
	}
}

// TestPreflightLeavesTheEndpointsOwnFaultsToTheRun as they are findings.
func TestPreflightLeavesTheEndpointsOwnFaultsToTheRun(t *testing.T) {
	t.Parallel()
	asJSON := map[string]string{"Content-Type": "application/json"}
	hidden := func(h http.Handler) http.Handler { // one of the reads lists nothing
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Zc-Action") != "DescribeInstancesStatus" {
				h.ServeHTTP(w, r)
				return
			}
			recorder := httptest.NewRecorder()
			r.Body = io.NopCloser(bytes.NewReader([]byte(`{}`)))
			h.ServeHTTP(recorder, r)
			always(200, asJSON, `{"requestId":"r","response":{"requestId":"r","totalCount":0,"dataSet":[]}}`)(nil).ServeHTTP(w, r)
		})
	}
	for name, spoil := range map[string]func(http.Handler) http.Handler{
		"everything 500":       always(500, asJSON, `{"requestId":"r","code":"INTERNAL_SERVER_ERROR","message":""}`),
		"HTML":                 always(200, nil, "<html>"),
		"reads that disagree":  hidden,
		"everything not found": always(404, asJSON, `{"requestId":"r","code":"OPERATION_FAILED_RESOURCE_NOT_FOUND","message":""}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newBench(t, spoil, mock.Options{}).run("--scenario", "status-of-one", "--scenario", "instances-of-one")
			assert.Equal(t, verdict.ExitNonConformant, e.code, e.out+e.err)
		})
	}
}

// TestAnEndpointThatAnswersNothingUsefulEndsARunInHalfAMinute in each way of it, with and
// without preflight, one scenario at a time.
func TestAnEndpointThatAnswersNothingUsefulEndsARunInHalfAMinute(t *testing.T) {
	t.Parallel()
	cut := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		})
	}
	lost := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	}
	for name, c := range map[string]struct {
		spoil func(http.Handler) http.Handler
		cause wire.Cause
	}{
		"every body cut":             {cut, wire.CauseTruncated},
		"every connection cut":       {lost, wire.CauseLost},
		"every answer 503":           {always(503, nil, "{}"), wire.CauseUnavailable},
		"every answer 502":           {always(502, nil, "<html>"), wire.CauseBadGateway},
		"every answer 429 for hours": {always(429, map[string]string{"Retry-After": "7200"}, "{}"), wire.CauseRateLimited},
	} {
		for _, flag := range []string{"--no-preflight=false", "--no-preflight"} {
			t.Run(name+" "+flag, func(t *testing.T) {
				t.Parallel()
				var arrived ear
				b := newBench(t, func(h http.Handler) http.Handler { return arrived.listening(c.spoil(h)) }, mock.Options{})
				b.replace("parallel: 16", "parallel: 1")
				b.allowAll()
				e := b.run(flag, "--tags", "@resize or @read")
				assert.Equal(t, verdict.ExitInconclusive, e.code, e.out)
				assert.Greater(t, len(e.report.Scenarios), 100, "a run that could go on")
				assert.LessOrEqual(t, arrived.count(func(heard) bool { return true }), 30, "the waits between ten of them are some thirty seconds")
				assert.Zero(t, e.report.Summary.Findings)
				for _, s := range e.report.Scenarios {
					assert.Contains(t, []wire.Cause{c.cause, wire.CauseRefusalsAlone}, s.Cause, "%s: %s", s.ID, s.Reason)
				}
			})
		}
	}
}

// TestFailuresOf500AreFoundByTheUsualRequests of everything, of one operation, of every refusal.
func TestFailuresOf500AreFoundByTheUsualRequests(t *testing.T) {
	t.Parallel()
	internal := func(pick func(r *http.Request, status int) bool) func(http.Handler) http.Handler {
		return func(h http.Handler) http.Handler {
			var count atomic.Int64
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				recorder := httptest.NewRecorder()
				h.ServeHTTP(recorder, r)
				w.Header().Set("Content-Type", "application/json")
				if !pick(r, recorder.Code) {
					w.WriteHeader(recorder.Code)
					_, _ = w.Write(recorder.Body.Bytes())
					return
				}
				w.WriteHeader(500)
				_, _ = io.WriteString(w, `{"requestId":"F`+time.Now().Add(time.Duration(count.Add(1))).String()+`","code":"INTERNAL_SERVER_ERROR","message":""}`)
			})
		}
	}
	some := rowsOf(t, "", "DescribeInstances", "ModifyInstanceType")
	for name, spoil := range map[string]func(http.Handler) http.Handler{
		"everything":    internal(func(*http.Request, int) bool { return true }),
		"one operation": internal(func(r *http.Request, _ int) bool { return r.Header.Get("X-Zc-Action") == "DescribeInstances" }),
		"every refusal": internal(func(_ *http.Request, status int) bool { return status >= 400 }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newBench(t, spoil, mock.Options{}).run(some...)
			assert.Equal(t, verdict.ExitNonConformant, e.code, e.out)
			sent, again := 0, 0
			for _, s := range e.report.Scenarios {
				for _, x := range s.Exchanges {
					sent++
					if x.Attempt > 1 {
						again++
					}
				}
			}
			assert.Less(t, 4*again, sent, "one that stays is rarely sent again: to send each four times more would be four fifths")
		})
	}
}

// TestAPageInFrontOfTheEndpointIsToldOnce has a gateway's page answer whatever is asked, as an access
// gateway does that wants a person to sign in. However many scenarios meet it, it is told once, with
// what to do next: on the terminal, and in the job's summary.
func TestAPageInFrontOfTheEndpointIsToldOnce(t *testing.T) {
	t.Parallel()
	const advice = "a gateway in front of the endpoint answers instead of it: set endpoint to the API itself, or have the gateway admit this machine"
	page := map[string]string{"Content-Type": "text/html; charset=UTF-8"}
	challenge := map[string]string{"Content-Type": "text/html; charset=UTF-8", "Cf-Mitigated": "challenge"}
	for name, c := range map[string]struct {
		status int
		header map[string]string
		once   []string // of each, one line on the terminal
		next   string
	}{
		"403, a challenge": {403, challenge, []string{`(?m)^inconclusive  \d+ scenarios: gateway-challenge: status 403, cf-mitigated: challenge$`}, "fix        gateway-challenge: " + advice},
		"403, a page":      {403, page, []string{`(?m)^failed        R-MEDIA-RESPONSE`, `(?m)^skipped       \d+ scenarios: the endpoint shows no type of instance ins-\d+, ins-\d+`}, "read       R-MEDIA-RESPONSE: "},
		"200, a page":      {200, page, []string{`(?m)^failed        R-MEDIA-RESPONSE`, `(?m)^skipped       \d+ scenarios: the endpoint shows no type of instance ins-\d+, ins-\d+`}, "read       R-MEDIA-RESPONSE: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, always(c.status, c.header, "<html><title>Sign in</title></html>"), mock.Options{})
			end := b.run("--no-preflight", "--format", "json,md", "--tags", "@resize or @read")
			for _, line := range c.once {
				assert.Len(t, regexp.MustCompile(line).FindAllString(end.out, -1), 1, end.out)
			}
			assert.Contains(t, end.out, "\n"+c.next)
			summary, err := os.ReadFile(filepath.Join(b.dir, "reports", "report.md"))
			require.NoError(t, err)
			assert.Equal(t, strings.Contains(c.next, advice), strings.Contains(string(summary), "challenge<br>"+advice))
			for _, clause := range end.report.Clauses {
				assert.NotEqual(t, verdict.Proved, clause.Status, "%s: a page proves nothing", clause.ID)
			}
		})
	}
}
