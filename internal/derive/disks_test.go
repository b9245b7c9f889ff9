package derive_test

import (
	"maps"
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
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// ranAgainst plays the derived scenarios of the disks against a server, and returns the run
// and the scenarios that did not pass, by clause and outcome.
func ranAgainst(t *testing.T, defect string) (verdict.Run, map[string][]string) {
	t.Helper()
	c := contracts(t)["disks"]
	all, err := suite.Read(derive.Features(c), suite.ContractOf(c))
	require.NoError(t, err)
	d := &disks{defect: defect, all: map[string]*disk{}}
	server := httptest.NewServer(d)
	defer server.Close()
	endpoint, err := url.Parse(server.URL)
	require.NoError(t, err)
	sender, err := client.New(client.Options{
		Endpoint: endpoint, Credentials: client.Credentials{KeyID: diskKey, Password: secret.New(diskPassword), Token: secret.New(diskToken)},
	})
	require.NoError(t, err)
	defer sender.Close()
	var mu sync.Mutex
	bad := map[string][]string{}
	out, err := run.Execute(t.Context(), run.Plan{
		Contract: c, Suite: all, Cases: all.Cases, Parallel: 8,
		Target: run.Target{
			Info: verdict.Target{Name: "disks", Kind: "endpoint"}, Client: sender, Fixtures: d,
			Known:  run.Known{Credentials: true, Rights: true, Clock: true},
			Timing: steps.Timing{ResizeTimeout: 5 * time.Second, PollInterval: growTime / 8, Settle: growTime},
		},
		Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			for _, f := range s.Findings {
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

func TestTheDisksOfTheExampleAreProved(t *testing.T) {
	out, bad := ranAgainst(t, "")
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
	} {
		t.Run(strings.ReplaceAll(defect, " ", "-"), func(t *testing.T) {
			t.Parallel()
			out, bad := ranAgainst(t, defect)
			assert.Equal(t, verdict.NonConformant, out.Verdict)
			assert.Contains(t, slices.Collect(maps.Keys(bad)), clause, "%v", bad)
		})
	}
}
