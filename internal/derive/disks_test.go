package derive_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// server is an endpoint that holds the subjects of its contract itself.
type server struct {
	http.Handler
	fixtures steps.Fixtures
	keyID    string
	password string
	token    string
	takes    time.Duration // a change
}

// ranAgainst plays the derived scenarios of a contract, or only some, against a server, and returns the run
// and what is wrong by clause, or by outcome where there is no finding.
func ranAgainst(t *testing.T, c *contract.Contract, at server, only ...string) (verdict.Run, map[string][]string) {
	t.Helper()
	all, err := suite.Read(derive.Features(c), suite.ContractOf(c))
	require.NoError(t, err)
	if len(only) > 0 {
		all.Cases = slices.DeleteFunc(all.Cases, func(c suite.Case) bool { return !slices.Contains(only, c.ID) })
		require.Len(t, all.Cases, len(only))
	}
	listening := httptest.NewServer(at)
	defer listening.Close()
	endpoint, err := url.Parse(listening.URL)
	require.NoError(t, err)
	sender, err := client.New(client.Options{
		Endpoint: endpoint, Credentials: client.Credentials{KeyID: at.keyID, Password: secret.New(at.password), Token: secret.New(at.token)},
	})
	require.NoError(t, err)
	defer sender.Close()
	var mu sync.Mutex
	bad := map[string][]string{}
	out, err := run.Execute(t.Context(), run.Plan{
		Contract: c, Suite: all, Cases: all.Cases, Parallel: 8,
		Target: run.Target{
			Info: verdict.Target{Name: "server", Kind: "endpoint"}, Client: sender, Fixtures: at.fixtures,
			Known:  run.Known{Credentials: true, Rights: true, Clock: true},
			Timing: steps.Timing{ResizeTimeout: 5 * time.Second, PollInterval: at.takes / 8, Settle: at.takes},
		},
		Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			assert.NotRegexp(t, `\binstances?\b`, s.Reason, "no contract here has one")
			for _, f := range s.Findings {
				assert.NotRegexp(t, `\binstances?\b`, f.Error(), "no contract here has one")
				assert.Equal(t, c.Lists(f.Where), f.Rows, f.Where)
				bad[f.Clause] = append(bad[f.Clause], s.ID+": "+f.Where+": want "+f.Want+", got "+f.Got)
			}
			if s.Outcome != verdict.Passed && len(s.Findings) == 0 {
				bad[string(s.Outcome)] = append(bad[string(s.Outcome)], s.ID+": "+s.Reason)
			}
			return nil
		},
	})
	require.NoError(t, err)
	return out, bad
}

// ranAgainstDisks plays the derived scenarios of the disks against a server with a defect.
func ranAgainstDisks(t *testing.T, defect string, only ...string) (verdict.Run, map[string][]string) {
	t.Helper()
	d := &disks{defect: defect, byDefault: 20, all: map[string]*disk{}}
	return ranAgainst(t, contracts(t)["disks"], server{d, d, diskKey, diskPassword, diskToken, growTime}, only...)
}

func TestTheDisksOfTheExampleAreProved(t *testing.T) {
	out, bad := ranAgainstDisks(t, "")
	assert.Empty(t, bad)
	assert.Equal(t, verdict.Conformant, out.Verdict)
}

// TestEachDefectOfTheDisksIsNamed breaks the server in one way at a time. No Go of the
// harness knows disks: what finds and names the defect is the contract.
func TestEachDefectOfTheDisksIsNamed(t *testing.T) {
	for defect, clause := range map[string]string{
		"blocks":                  "A-RESIZE-DISK-ASYNC",
		"hides the change":        "A-RESIZE-DISK-CHANGING",
		"keeps its size":          "A-RESIZE-DISK-SIZE",
		"takes a disk in use":     "A-RESIZE-DISK-AVAILABLE",
		"takes a second call":     "A-RESIZE-DISK-LOCK",
		"another refusal":         "A-DISK-NOT-FOUND",
		"grows the next one, too": "A-RESIZE-DISK-ONLY-NAMED",
		"two request ids":         "R-REQUEST-ID-EQUAL",
		"takes a longer token":    "K-AUTH-TOKEN",
		"serves PUT with a token": "R-METHOD-POST",
	} {
		t.Run(strings.ReplaceAll(defect, " ", "-"), func(t *testing.T) {
			t.Parallel()
			only := proving(t, contracts(t)["disks"], []string{clause})
			out, bad := ranAgainstDisks(t, defect, only...)
			for again := 0; out.Verdict == verdict.InconclusiveVerdict && again < 3; again++ { // a busy machine reads too seldom
				out, bad = ranAgainstDisks(t, defect, only...)
			}
			assert.Equal(t, verdict.NonConformant, out.Verdict)
			assert.Contains(t, slices.Collect(maps.Keys(bad)), clause, "%v", bad)
		})
	}
}

// TestADefaultPageIsJudgedByTheRowsThatThereAre holds that fewer rows than the documented default of 20 accuse nobody, and
// that a default of fewer rows than there are is named.
func TestADefaultPageIsJudgedByTheRowsThatThereAre(t *testing.T) {
	for name, test := range map[string]struct {
		rows, gives int
		named       bool
	}{
		"none": {0, 20, false}, "fewer": {5, 20, false}, "as many": {20, 20, false}, "more": {21, 20, false},
		"shorter, with fewer": {5, 3, true}, "shorter": {30, 19, true}, "longer": {30, 21, true}, "all of them": {30, 1000, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &disks{byDefault: test.gives, all: map[string]*disk{}}
			for range test.rows {
				d.seed("AVAILABLE")
			}
			out, bad := ranAgainst(t, contracts(t)["disks"], server{d, d, diskKey, diskPassword, diskToken, growTime}, "describe-disks-default-page")
			want, clauses := verdict.SelectedPassed, []string(nil)
			if test.named {
				want, clauses = verdict.NonConformant, []string{"A-DISKS-PAGE-DEFAULT"}
			}
			assert.Equal(t, want, out.Verdict)
			assert.Equal(t, clauses, slices.Collect(maps.Keys(bad)), "%v", bad)
		})
	}
}
