package derive_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/coverage"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
)

// vaults is a contract that shares no name of an action, a parameter, a member or a code with the
// built-in one.
func vaults(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load(os.DirFS("testdata/vaults"))
	require.NoError(t, err)
	return c
}

// ranAgainstVaults plays the derived scenarios, or only some, against a double with a defect.
func ranAgainstVaults(t *testing.T, defect string, only ...string) (verdict.Run, map[string][]string) {
	t.Helper()
	c := vaults(t)
	const work = 40 * time.Millisecond
	d, made := double.New(c, work, defect), double.Credentials
	return ranAgainst(t, c, server{d, d, made.KeyID, made.Password, made.Token, work}, only...)
}

func TestAContractWithOtherNamesIsProved(t *testing.T) {
	out, found := ranAgainstVaults(t, "")
	assert.Empty(t, found)
	assert.Equal(t, verdict.Conformant, out.Verdict)
}

// TestWhichPlaceIsAListOfRows holds what the contract's name for rows is, by which findings about them are told.
func TestWhichPlaceIsAListOfRows(t *testing.T) {
	for place, want := range map[string]bool{"/response/vaults": true, "/response/vaults/0": false, "/response/matches": false, "/response/dataSet": false} {
		assert.Equal(t, want, vaults(t).Lists(place), place)
	}
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

// proving returns the derived scenarios that prove one of the clauses, or none where each
// scenario looks at them.
func proving(t *testing.T, c *contract.Contract, clauses []string) (ids []string) {
	t.Helper()
	all, err := suite.Read(derive.Features(c), suite.ContractOf(c))
	require.NoError(t, err)
	for _, s := range all.Cases {
		if slices.ContainsFunc(s.Clauses, func(id string) bool { return slices.Contains(clauses, id) }) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// TestEachDefectIsNamedWithOtherNames breaks the double where a name of the contract decides what is seen.
func TestEachDefectIsNamedWithOtherNames(t *testing.T) {
	names := []string{"longer-token-taken", "another-host-accepted", "timestamp-zero-accepted", "cut-action-name-taken", "longer-id-taken", "any-method-with-token-taken", "change-not-shown-by-another-read", "missing-parameter-taken", "absent-refused-otherwise", "last-of-several-forgotten", "filter-ignored", "value-of-a-filter-ignored", "unlisted-value-taken", "page-size-ignored", "default-page-shorter", "default-page-longer", "total-one-too-many"}
	defects := slices.DeleteFunc(double.Defects(vaults(t)), func(d double.Defect) bool { return !slices.Contains(names, d.Name) })
	require.Len(t, defects, len(names))
	for _, defect := range defects {
		t.Run(defect.Name, func(t *testing.T) {
			t.Parallel()
			clauses := defect.Clauses(vaults(t))
			out, found := ranAgainstVaults(t, defect.Name, proving(t, vaults(t), clauses)...)
			assert.Equal(t, verdict.NonConformant, out.Verdict)
			named := slices.ContainsFunc(clauses, func(clause string) bool { return len(found[clause]) > 0 })
			assert.True(t, named, "%v", found)
		})
	}
}

// TestAFilterIsAskedForByTheValueOfARow holds which scenario sees a filter that is ignored. A label is a search, of which
// nothing is derived.
func TestAFilterIsAskedForByTheValueOfARow(t *testing.T) {
	for id, named := range map[string]bool{
		"list-vaults-zone-of-one": true, "list-vaults-zone-of-none": true, "list-vaults-phase-of-one": true, "list-vaults-phase-of-none": true,
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			_, found := ranAgainstVaults(t, "", id)
			assert.Empty(t, found)
			_, found = ranAgainstVaults(t, "value-of-a-filter-ignored", id)
			assert.Equal(t, named, len(found["A-VAULTS-FILTERS"]) > 0, "%v", found)
		})
	}
	assert.NotContains(t, string(derive.Features(vaults(t))["derived/ListVaults.feature"]), "label-of-")
}
