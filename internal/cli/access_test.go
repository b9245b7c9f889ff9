package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// refusing401 refuses the requests picked, each with an id of its own.
func refusing401(code string, pick func(*http.Request) bool) func(http.Handler) http.Handler {
	var count atomic.Int64
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !pick(r) {
				h.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprintf(w, `{"requestId":"R%d","code":%q,"message":"no"}`, count.Add(1), code)
		})
	}
}

func all(*http.Request) bool { return true }

func signed(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Authorization"), "ZC2") }

// after picks what comes when so many requests have been served.
func after(served int64) func(*http.Request) bool {
	var count atomic.Int64
	return func(*http.Request) bool { return count.Add(1) > served }
}

const (
	keyRefused = "AUTHFAILURE_SIGNATURE_FAILURE"
	noRight    = "AUTHFAILURE_UNAUTHORIZED_OPERATION"
	tooOld     = "AUTHFAILURE_SIGNATURE_EXPIRED"
)

// rewriting has a gateway write a request anew before the endpoint checks its signature.
func rewriting(change func(*http.Request)) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			h.ServeHTTP(w, r)
		})
	}
}

// TestARefusedCredentialIsNobodysFault takes each way in which a credential that was right
// nowhere, or is right no more, meets a run: nothing is blamed, and nothing passes.
func TestARefusedCredentialIsNobodysFault(t *testing.T) {
	t.Parallel()
	wrong := func(name string) func(*bench) {
		return func(b *bench) { b.env[name] = "not-the-one-that-is-known" }
	}
	cases := map[string]struct {
		spoil  func(http.Handler) http.Handler
		adjust func(*bench)
		passed bool // some scenarios may pass: another credential is good, or it was for a while
	}{
		"a wrong password":             {untouched, wrong("ZENLAYERCLOUD_ACCESS_KEY_PASSWORD"), true},
		"an unknown key":               {untouched, wrong("ZENLAYERCLOUD_ACCESS_KEY_ID"), true},
		"a wrong token":                {untouched, wrong("ZENLAYER_TOKEN"), true},
		"a wrong password, no token":   {untouched, func(b *bench) { wrong("ZENLAYERCLOUD_ACCESS_KEY_PASSWORD")(b); delete(b.env, "ZENLAYER_TOKEN") }, false},
		"every answer 401":             {refusing401(keyRefused, all), nil, false},
		"every answer 401, other code": {refusing401("AUTHFAILURE_INVALID_AUTHORIZATION", all), nil, false},
		"a key revoked in mid-run":     {refusing401(keyRefused, after(40)), nil, true},
		"a proxy's 401 page":           {always(401, map[string]string{"Content-Type": "text/html"}, "<html>Authorization Required</html>"), nil, false},
		"Host rewritten":               {rewriting(func(r *http.Request) { r.Host = "backend.internal" }), nil, true},
		"Content-Type rewritten":       {rewriting(func(r *http.Request) { r.Header.Set("Content-Type", "application/json;charset=UTF-8") }), nil, true},
	}
	some := append(rowsOf(t, "(@auth or @dispatch) and not @change", "DescribeInstancesStatus", "StopInstances"), "--no-preflight")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, c.spoil, mock.Options{})
			if c.adjust != nil {
				c.adjust(b)
			}
			e := b.run(some...)
			assert.Equal(t, verdict.ExitInconclusive, e.code, e.out+e.err)
			assert.Zero(t, e.report.Summary.Findings, e.out)
			refused := 0
			for _, s := range e.report.Scenarios {
				switch s.Outcome {
				case verdict.Passed:
					assert.True(t, c.passed, "%s proves nothing", s.ID)
				case verdict.Inconclusive:
					switch s.Cause {
					case wire.CauseCredential:
						refused++
					case "": // it had changed an instance when the key was revoked
						assert.NotEmpty(t, e.report.Unrestored, s.Reason)
					default:
						assert.Equal(t, wire.CauseRefusalsAlone, s.Cause, "%s: %s", s.ID, s.Reason)
					}
				}
			}
			assert.Positive(t, refused)
		})
	}
}

// TestAKeyRevokedAtAnyMomentIsNobodysFault revokes it before, between and behind the requests of a scenario
// that is to be refused with another 401.
func TestAKeyRevokedAtAnyMomentIsNobodysFault(t *testing.T) {
	t.Parallel()
	passed := false
	for served := int64(0); !passed; served++ {
		require.Less(t, served, int64(20), "the scenario passes once all of its requests are served")
		b := newBench(t, refusing401(keyRefused, after(served)), mock.Options{})
		e := b.run("--no-preflight", "--parallel", "1", "--scenario", "signed-as-documented[DescribeInstancesStatus]", "--scenario", "unknown-authorization[DescribeInstancesStatus]")
		assert.Zero(t, e.report.Summary.Findings, "after %d requests:\n%s", served, e.out)
		passed = e.code == verdict.ExitConformant
	}
}

// TestACredentialKnownToBeGoodMakesARefusalAFinding of the one clause that is broken.
func TestACredentialKnownToBeGoodMakesARefusalAFinding(t *testing.T) {
	t.Parallel()
	some := rowsOf(t, "", "DescribeInstances", "ModifyInstanceType")
	for _, code := range []string{keyRefused, "AUTHFAILURE_INVALID_AUTHORIZATION", noRight} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, refusing401(code, signed), mock.Options{})
			b.replace("credentials: {", "credentials: {knownGood: true, ")
			e := b.run(some...)
			assert.Equal(t, verdict.ExitNonConformant, e.code, e.out+e.err)
			assert.Equal(t, []string{"S-AUTH-HMAC"}, violated(e.report))
		})
	}
	t.Run("a page without an envelope is no endpoint's", func(t *testing.T) {
		b := newBench(t, always(401, map[string]string{"Content-Type": "text/html"}, "<html>"), mock.Options{})
		b.replace("credentials: {", "credentials: {knownGood: true, ")
		e := b.run("--no-preflight", "--tags", "@auth")
		assert.Equal(t, verdict.ExitInconclusive, e.code, e.out+e.err)
		assert.Zero(t, e.report.Summary.Findings)
	})
}

// violated returns the clauses that findings name.
func violated(r verdict.Run) []string {
	var ids []string
	for _, c := range r.Clauses {
		if c.Status == verdict.Violated {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// TestACredentialAcceptedAndRefusedByTurnsIsAFinding as nothing of ours explains that.
func TestACredentialAcceptedAndRefusedByTurnsIsAFinding(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	third := func(r *http.Request) bool { return signed(r) && count.Add(1)%3 == 0 }
	e := newBench(t, refusing401(keyRefused, third), mock.Options{}).run("--no-preflight", "--tags", "@auth")
	assert.Equal(t, verdict.ExitNonConformant, e.code, e.out+e.err)
	assert.Contains(t, violated(e.report), "S-AUTH-HMAC")
}

// TestARefusalOfOneKindIsAFinding while others of the same credential are served.
func TestARefusalOfOneKindIsAFinding(t *testing.T) {
	t.Parallel()
	charset := func(r *http.Request) bool { return strings.Contains(r.Header.Get("Content-Type"), "charset") }
	e := newBench(t, refusing401(keyRefused, charset), mock.Options{}).run("--no-preflight", "--tags", "@auth")
	assert.Equal(t, verdict.ExitNonConformant, e.code, e.out+e.err)
}

// TestAMissingRightIsNoFinding for one action while others are served (protocol 9).
func TestAMissingRightIsNoFinding(t *testing.T) {
	t.Parallel()
	for _, known := range []string{"false", "true"} {
		t.Run("knownGood "+known, func(t *testing.T) {
			t.Parallel()
			modify := func(r *http.Request) bool { return r.Header.Get("X-Zc-Action") == "ModifyInstanceType" }
			b := newBench(t, refusing401(noRight, modify), mock.Options{})
			b.replace("credentials: {", "credentials: {knownGood: "+known+", ")
			e := b.run("--scenario", "resize-succeeds", "--scenario", "unknown-instance", "--scenario", "status-no-parameters")
			assert.Equal(t, verdict.ExitInconclusive, e.code, e.out+e.err)
			assert.Zero(t, e.report.Summary.Findings, e.out)
			assert.Equal(t, 1, e.report.Summary.Scenarios.Passed)
			for _, s := range e.report.Scenarios {
				if s.Outcome != verdict.Passed {
					assert.Equal(t, wire.CauseRights, s.Cause, "%s: %s", s.ID, s.Reason)
				}
			}
		})
	}
}

// TestRefusalsAloneProveNothing for an operation that serves nobody.
func TestRefusalsAloneProveNothing(t *testing.T) {
	t.Parallel()
	answer := `{"requestId":"%d","code":"INVALID_INSTANCE_NOT_FOUND","message":"m"}`
	var count atomic.Int64
	notFound := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if r.Header.Get("X-Zc-Action") == "ModifyInstanceType" {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusNotFound)
				_, _ = fmt.Fprintf(w, answer, count.Add(1))
				return
			}
			h.ServeHTTP(w, r)
		})
	}
	e := newBench(t, notFound, mock.Options{}).run("--scenario", "resize-succeeds", "--scenario", "unknown-instance")
	assert.Equal(t, verdict.ExitNonConformant, e.code, e.out)
	for _, s := range e.report.Scenarios {
		if s.ID == "unknown-instance" {
			assert.Equal(t, verdict.Inconclusive, s.Outcome)
			assert.Equal(t, wire.CauseRefusalsAlone, s.Cause)
		}
	}
	e = newBench(t, untouched, mock.Options{}).run("--scenario", "resize-succeeds", "--scenario", "unknown-instance")
	assert.Equal(t, verdict.ExitConformant, e.code, e.out)
	e = newBench(t, untouched, mock.Options{}).run("--scenario", "unknown-instance")
	assert.Equal(t, verdict.ExitConformant, e.code, "alone, a read that is served is proof enough: "+e.out)
}

// clocks sets the endpoint's clock apart from ours, and has a gateway in front of it write
// the Date, or take it away.
func clocks(apart time.Duration, date func() string) (func(http.Handler) http.Handler, mock.Options) {
	spoil := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			h.ServeHTTP(recorder, r)
			header := w.Header()
			for name, values := range recorder.Header() {
				header[name] = values
			}
			header["Date"] = nil
			if text := date(); text != "" {
				header.Set("Date", text)
			}
			w.WriteHeader(recorder.Code)
			_, _ = w.Write(recorder.Body.Bytes())
		})
	}
	return spoil, mock.Options{Clock: func() time.Time { return time.Now().Add(apart) }}
}

func none() string { return "" }

func ours() string { return time.Now().UTC().Format(http.TimeFormat) }

// TestAClockThatNobodyKnowsAccusesNobody takes clocks that differ, where no Date tells it.
func TestAClockThatNobodyKnowsAccusesNobody(t *testing.T) {
	t.Parallel()
	some := append(rowsOf(t, "@auth", "DescribeInstancesStatus", "ModifyInstanceType"), "--no-preflight")
	for name, apart := range map[string]time.Duration{
		"two minutes ahead": 2 * time.Minute, "two minutes behind": -2 * time.Minute,
		"one minute ahead": time.Minute, "a minute and a half behind": -90 * time.Second,
		"ten minutes ahead": 10 * time.Minute, "at the second": 0,
	} {
		for date, write := range map[string]func() string{"no Date": none, "a gateway's Date": ours} {
			t.Run(name+", "+date, func(t *testing.T) {
				t.Parallel()
				spoil, options := clocks(apart, write)
				b := newBench(t, spoil, options)
				b.allowAll()
				e := b.run(some...)
				assert.Zero(t, e.report.Summary.Findings, e.out)
				for _, s := range e.report.Scenarios {
					if s.Outcome == verdict.Inconclusive {
						assert.Contains(t, []wire.Cause{wire.CauseClockSkew, wire.CauseRefusalsAlone}, s.Cause, "%s: %s", s.ID, s.Reason)
					}
				}
				if apart == 0 {
					assert.Equal(t, verdict.ExitConformant, e.code, e.out)
				}
			})
		}
	}
}

// TestAWindowOfAnotherWidthIsFoundWhateverTheClocks because of two moments ten minutes
// apart a right window holds exactly one.
func TestAWindowOfAnotherWidthIsFoundWhateverTheClocks(t *testing.T) {
	t.Parallel()
	some := append(rowsOf(t, "@auth", "DescribeInstances", "ModifyInstanceType"), "--no-preflight")
	for name, defect := range map[string]string{"too wide": "window-an-hour", "too narrow": "window-one-minute"} {
		for _, apart := range []time.Duration{0, 30 * time.Second} {
			t.Run(fmt.Sprintf("%s, clocks %s apart", name, apart), func(t *testing.T) {
				t.Parallel()
				spoil, options := clocks(apart, none)
				d, err := defects.Named(defect)
				if assert.NoError(t, err) {
					options.Alter = d.Alter
				}
				e := newBench(t, spoil, options).run(some...)
				assert.Equal(t, verdict.ExitNonConformant, e.code, e.out)
			})
		}
	}
}

// TestAnInvisibleCharacterInACredentialIsRefusedBeforeAnythingIsSent naming the variable.
func TestAnInvisibleCharacterInACredentialIsRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ZENLAYERCLOUD_ACCESS_KEY_ID", "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD", "ZENLAYER_TOKEN"} {
		for _, form := range []string{"%s\n", "%s\r\n", "%s\r", " %s", "%s\t", "\u00a0%s", "\ufeff%s", "%s\u200b", "%[1]s %[1]s"} {
			b := newBench(t, refusing(t), mock.Options{})
			value := b.env[name]
			b.env[name] = fmt.Sprintf(form, value)
			for _, command := range []string{"run", "doctor"} {
				e := b.command(command)
				assert.Equal(t, verdict.ExitUsage, e.code, "%q: %s", form, e.out+e.err)
				assert.Contains(t, e.err, "the value of "+name+" holds white space")
				assert.NotContains(t, e.err, value)
				assert.Equal(t, 1, strings.Count(e.err, "\n"), e.err)
			}
		}
	}
}
