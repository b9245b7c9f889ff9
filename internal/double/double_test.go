package double_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

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
	for c, want := range map[*contract.Contract]int{load(t): 24, built: 29} { // those of batches, of options, of a second read and of filters besides
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

// TestADefaultPageThatNoDoubleFillsHasNoDefect holds that no defect is offered which the double could not show.
func TestADefaultPageThatNoDoubleFillsHasNoDefect(t *testing.T) {
	text, err := os.ReadFile("../../examples/disks/openapi.yaml")
	require.NoError(t, err)
	clauses, err := os.ReadFile("../../examples/disks/clauses.yaml")
	require.NoError(t, err)
	for rows, want := range map[string][]string{
		"1000": {"default-page-shorter", "default-page-longer"}, "1001": nil, "1": {"default-page-longer"},
	} {
		stated := strings.NewReplacer("default: 20", "default: "+rows, "maximum: 1000", "maximum: 2000").Replace(string(text))
		c, err := contract.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(stated)}, "clauses.yaml": {Data: clauses}})
		require.NoError(t, err)
		var got []string
		for _, d := range double.Defects(c) {
			if strings.HasPrefix(d.Name, "default-page") {
				got = append(got, d.Name)
			}
		}
		assert.Equal(t, want, got, rows)
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

// TestADoubleLendsTheFormerValueWhereItCanBeAskedForAgain holds that two listed values are enough for an action that is
// called again and again, because it undoes itself.
func TestADoubleLendsTheFormerValueWhereItCanBeAskedForAgain(t *testing.T) {
	text, err := os.ReadFile("../../examples/disks/openapi.yaml")
	require.NoError(t, err)
	clauses, err := os.ReadFile("../../examples/disks/clauses.yaml")
	require.NoError(t, err)
	for inverse, want := range map[string][]string{"": {"200"}, "            inverse: ResizeDisk\n": {"100", "200"}} {
		stated := strings.NewReplacer("maximum: 32768", "enum: [100, 200]", "            denied:\n", inverse+"            denied:\n").Replace(string(text))
		c, err := contract.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(stated)}, "clauses.yaml": {Data: clauses}})
		require.NoError(t, err)
		fixture, err := double.New(c, 1, "").Acquire(t.Context(), steps.Needs{Instances: []steps.Need{{Kind: "disk", Status: "AVAILABLE"}}, Changes: []string{"ResizeDisk"}})
		require.NoError(t, err)
		assert.Equal(t, want, fixture.Resizable)
	}
}

// TestTheValuesOfADoubleAreWithinTheMaximum holds that it can be asked for each value that it has, and that a maximum
// which leaves too few is refused at its place.
func TestTheValuesOfADoubleAreWithinTheMaximum(t *testing.T) {
	text, err := os.ReadFile("../../examples/disks/openapi.yaml")
	require.NoError(t, err)
	clauses, err := os.ReadFile("../../examples/disks/clauses.yaml")
	require.NoError(t, err)
	for maximum, want := range map[string]struct {
		values  []string
		refused string
	}{
		"32768": {values: []string{"20", "40", "60", "80", "100", "120"}},
		"400":   {values: []string{"10", "20", "30", "40", "50", "60"}},
		"64":    {values: []string{"1", "2", "3", "4", "5", "6"}},
		"26":    {values: []string{"1", "2", "3", "4", "5", "6"}},
		"25":    {refused: "openapi.yaml:63:28: the maximum of diskSize leaves 25 of the 26 values that a double needs; raise it, or run against a target"},
		"0":     {refused: "leaves 0 of the 26 values"},
	} {
		stated := strings.Replace(string(text), "maximum: 32768", "maximum: "+maximum, 1)
		c, err := contract.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(stated)}, "clauses.yaml": {Data: clauses}})
		require.NoError(t, err)
		if want.refused != "" {
			require.ErrorContains(t, double.Check(c), want.refused)
			continue
		}
		require.NoError(t, double.Check(c), maximum)
		d := double.New(c, 1, "")
		assert.Equal(t, want.values, d.Values("disk"), maximum)
		fixture, err := d.Acquire(t.Context(), steps.Needs{Instances: []steps.Need{{Kind: "disk", Status: "AVAILABLE"}}, Changes: []string{"ResizeDisk"}})
		require.NoError(t, err)
		most, err := strconv.ParseFloat(maximum, 64)
		require.NoError(t, err)
		for _, value := range fixture.Resizable {
			n, err := strconv.ParseFloat(value, 64)
			require.NoError(t, err)
			assert.LessOrEqual(t, n, most)
		}
	}
}
