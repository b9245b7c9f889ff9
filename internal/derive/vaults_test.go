package derive_test

import (
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/coverage"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// vaults is a contract that shares no name of an action, a parameter, a member or a code with the
// built-in one.
func vaults(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load(os.DirFS("testdata/vaults"))
	require.NoError(t, err)
	return c
}

// foundAtVaults plays the derived scenarios against a double with a defect, and returns the run with
// the findings by clause.
func foundAtVaults(t *testing.T, defect string) (verdict.Run, map[string][]string) {
	t.Helper()
	c := vaults(t)
	all, err := suite.Read(derive.Features(c), suite.ContractOf(c))
	require.NoError(t, err)
	const work = 40 * time.Millisecond
	d := double.New(c, work, defect)
	server := httptest.NewServer(d)
	defer server.Close()
	endpoint, err := url.Parse(server.URL)
	require.NoError(t, err)
	made := double.Credentials
	sender, err := client.New(client.Options{
		Endpoint: endpoint, Credentials: client.Credentials{KeyID: made.KeyID, Password: secret.New(made.Password), Token: secret.New(made.Token)},
	})
	require.NoError(t, err)
	defer sender.Close()
	var mu sync.Mutex
	found := map[string][]string{}
	out, err := run.Execute(t.Context(), run.Plan{
		Contract: c, Suite: all, Cases: all.Cases, Parallel: 8,
		Target: run.Target{
			Info: verdict.Target{Name: "vaults", Kind: "endpoint"}, Client: sender, Fixtures: d,
			Known:  run.Known{Credentials: true, Rights: true, Clock: true},
			Timing: steps.Timing{ResizeTimeout: 5 * time.Second, PollInterval: work / 8, Settle: work},
		},
		Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			for _, f := range s.Findings {
				found[f.Clause] = append(found[f.Clause], s.ID+": "+f.Where+": want "+f.Want+", got "+f.Got)
			}
			return nil
		},
	})
	require.NoError(t, err)
	return out, found
}

func TestAContractWithOtherNamesIsProved(t *testing.T) {
	out, found := foundAtVaults(t, "")
	assert.Empty(t, found)
	assert.Equal(t, verdict.Conformant, out.Verdict)
}

// TestTheDerivedScenariosCoverAllThatCanBeTested holds that an author has nothing left to write, a required
// boolean and batches included.
func TestTheDerivedScenariosCoverAllThatCanBeTested(t *testing.T) {
	c := vaults(t)
	all, err := suite.Read(derive.Features(c), suite.ContractOf(c))
	require.NoError(t, err)
	for _, item := range coverage.Compare(c, all).Items {
		assert.NotEqual(t, coverage.Uncovered, item.State, "%s: %s: %s", item.Operation, item.Criterion, item.Name)
	}
}

// TestEachDefectIsNamedWithOtherNames breaks the double where a name of the contract decides what is seen.
func TestEachDefectIsNamedWithOtherNames(t *testing.T) {
	names := []string{"missing-parameter-taken", "absent-refused-otherwise", "last-of-several-forgotten", "filter-ignored", "page-size-ignored", "total-one-too-many"}
	defects := slices.DeleteFunc(double.Defects(vaults(t)), func(d double.Defect) bool { return !slices.Contains(names, d.Name) })
	require.Len(t, defects, len(names))
	for _, defect := range defects {
		t.Run(defect.Name, func(t *testing.T) {
			t.Parallel()
			out, found := foundAtVaults(t, defect.Name)
			assert.Equal(t, verdict.NonConformant, out.Verdict)
			named := slices.ContainsFunc(defect.Clauses(vaults(t)), func(clause string) bool { return len(found[clause]) > 0 })
			assert.True(t, named, "%v", found)
		})
	}
}
