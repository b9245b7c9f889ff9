package double_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/spec"
	"github.com/zec-tools/conformance/steps"
)

func load(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load(os.DirFS("../../examples/disks"))
	require.NoError(t, err)
	return c
}

func TestEachDefectBreaksAClauseOfTheContract(t *testing.T) {
	built, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for c, want := range map[*contract.Contract]int{load(t): 16, built: 17} { // that of batches besides
		names := map[string]bool{}
		for _, d := range double.Defects(c) {
			assert.False(t, names[d.Name], d.Name)
			names[d.Name] = true
			assert.Len(t, slices.Compact(d.Clauses(c)), len(d.Clauses(c)), "%s: no clause twice", d.Name)
			for _, id := range d.Clauses(c) {
				clause, known := c.Clause(id)
				assert.True(t, known && clause.Untestable == "", "%s: %s", d.Name, id)
			}
		}
		assert.Len(t, names, want)
	}
}

func TestADoubleLendsWhatItsContractHas(t *testing.T) {
	d := double.New(load(t), 1, "")
	fixture, err := d.Acquire(t.Context(), steps.Needs{
		Instances: []steps.Need{{Kind: "disk", Status: "AVAILABLE"}, {Kind: "disk", Status: "IN_USE"}}, Changes: []string{"ResizeDisk"},
	})
	require.NoError(t, err)
	assert.Len(t, fixture.Instances, 2)
	assert.NotEmpty(t, fixture.Resizable)
	require.NoError(t, fixture.Release(t.Context()))

	_, err = d.Acquire(t.Context(), steps.Needs{Instances: []steps.Need{{Status: "STOPPED"}}})
	lacking := (*steps.Lacking)(nil)
	require.ErrorAs(t, err, &lacking)
	assert.Contains(t, lacking.Reason, "no such instance")
}
