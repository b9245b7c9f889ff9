package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The two share no part: where half of one is removed, nothing of the other one is.
const oldToken, newToken = "yesterday-was-the-canary", "canary-token-of-today"

// expiry is an endpoint whose old token expires in mid-run. A command gives the current one.
type expiry struct {
	after int  // so many requests with the old token are served
	never bool // the endpoint refuses the new token, too
	late  int  // the command gives the new token once so many requests were refused

	mu              sync.Mutex
	folder          string
	served, refused int
}

// open makes a target of it that has no other credential than the token.
func (x *expiry) open(t *testing.T) *bench {
	t.Helper()
	x.folder = t.TempDir()
	x.renew(t, oldToken)
	b := newBench(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			w.Header().Set("X-Echo", token) // without the scheme, by which it would be known for a credential
			if x.admits(t, token) {
				r.Header.Set("Authorization", "Bearer "+mock.DefaultCredentials().Token)
			}
			h.ServeHTTP(w, r)
		})
	}, mock.Options{})
	b.replace("{tokenEnv: ZENLAYER_TOKEN}", `{tokenCommand: [sh, -c, 'cd "$0" && echo >>started && cat token', `+x.folder+"]}")
	for _, name := range []string{"ZENLAYERCLOUD_ACCESS_KEY_ID", "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD", "ZENLAYER_TOKEN"} {
		delete(b.env, name)
	}
	return b
}

func (x *expiry) admits(t *testing.T, token string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case token == oldToken && x.served < x.after:
		x.served++
		return true
	case token == oldToken:
		if x.refused++; x.refused >= x.late {
			x.renew(t, newToken)
		}
	}
	return token == newToken && !x.never
}

// renew puts a token in the place of another one at once, as whoever reads it may read it meanwhile.
func (x *expiry) renew(t *testing.T, token string) {
	file := filepath.Join(x.folder, "token")
	assert.NoError(t, os.WriteFile(file+".next", []byte(token), 0o600))
	assert.NoError(t, os.Rename(file+".next", file))
}

// started is how often the command was.
func (x *expiry) started(t *testing.T) int {
	t.Helper()
	lines, err := os.ReadFile(filepath.Join(x.folder, "started"))
	require.NoError(t, err)
	return len(lines)
}

// expired counts the exchanges that an expired token spoilt.
func expired(r verdict.Run) (count int) {
	for _, s := range r.Scenarios {
		for _, e := range s.Exchanges {
			if e.Cause == wire.CauseCredential && strings.Contains(e.Detail, "the bearer token had expired: it was read again") {
				count++
			}
		}
	}
	return count
}

// TestATokenThatExpiresInMidRunCostsNoScenario, and neither the old one nor the new one is shown.
func TestATokenThatExpiresInMidRunCostsNoScenario(t *testing.T) {
	t.Parallel()
	x := expiry{after: 200}
	b := x.open(t)
	e := b.command("run", "--verbose", "--allow-partial", "--tags", "not @change", "--format=json,html,junit,md,messages,ctrf,har,annotations")
	assert.Equal(t, verdict.ExitConformant, e.code, e.out+e.err)
	assert.Zero(t, e.report.Summary.Findings)
	assert.Equal(t, len(e.report.Scenarios), e.report.Summary.Scenarios.Passed+e.report.Summary.Scenarios.Skipped, e.out)
	assert.Greater(t, e.report.Summary.Scenarios.Passed, 200)
	assert.Positive(t, expired(e.report))
	texts := b.files()
	texts["stdout"], texts["stderr"] = e.out, e.err
	for where, text := range texts {
		for _, form := range append(forms(oldToken), forms(newToken)...) {
			assert.False(t, strings.Contains(text, form), "%s holds %q", where, form)
		}
	}
}

// TestParallelRequestsReadAnExpiredTokenOnce, whoever meets its end first.
func TestParallelRequestsReadAnExpiredTokenOnce(t *testing.T) {
	t.Parallel()
	x := expiry{after: 40}
	e := x.open(t).run("--no-preflight", "--allow-partial", "--tags", "@read and not @auth and not @change", "--parallel", "16")
	assert.Equal(t, verdict.ExitConformant, e.code, e.out+e.err)
	assert.Positive(t, expired(e.report))
	assert.Equal(t, 2, x.started(t), "at the beginning, and when it had expired")
}

// TestARenewedTokenThatIsRefusedIsNobodysFault, as it may not be good.
func TestARenewedTokenThatIsRefusedIsNobodysFault(t *testing.T) {
	t.Parallel()
	x := expiry{after: 40, never: true}
	e := x.open(t).run("--no-preflight", "--tags", "(@auth or @dispatch) and not @change")
	assert.Equal(t, verdict.ExitInconclusive, e.code, e.out+e.err)
	assert.Zero(t, e.report.Summary.Findings, e.out)
	assert.Positive(t, e.report.Summary.Scenarios.Passed)
	assert.Positive(t, e.report.Summary.Scenarios.Inconclusive)
	for _, s := range e.report.Scenarios {
		if s.Outcome == verdict.Inconclusive {
			assert.Contains(t, []wire.Cause{wire.CauseCredential, wire.CauseRefusalsAlone}, s.Cause, "%s: %s", s.ID, s.Reason)
		}
	}
}

// TestATokenThatIsRenewedLateIsNobodysFault has the command give the old token for one more time
// after the endpoint has come to refuse it, at any moment: no endpoint is blamed that then serves the same request.
func TestATokenThatIsRenewedLateIsNobodysFault(t *testing.T) {
	t.Parallel()
	scenarios := []string{"--scenario", "other-media-type[DescribeInstances as application/jsonp]", "--scenario", "status-of-one"}
	causes := 0
	for after := range 8 {
		x := expiry{after: after, late: 2}
		e := x.open(t).run(append(scenarios, "--no-preflight", "--parallel", "1")...)
		assert.Zero(t, e.report.Summary.Findings, "after %d requests:\n%s", after, e.out)
		for _, s := range e.report.Scenarios {
			if s.Outcome == verdict.Inconclusive {
				causes++
				assert.Equal(t, wire.CauseCredential, s.Cause, "%s: %s", s.ID, s.Reason)
				assert.Contains(t, s.Reason, "reading it again did not give another one at once", strconv.Itoa(after))
			}
		}
	}
	assert.Positive(t, causes)
}
