package selftest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/spec"
)

// scenarios returns so many scenarios of one rule, which bear a clause.
func scenarios(count int, rule, clause string) []suite.Case {
	var cases []suite.Case
	for i := range count {
		cases = append(cases, suite.Case{ID: fmt.Sprintf("%s-%d", rule, i), Rule: rule, Clauses: []string{clause}})
	}
	return cases
}

// builtIn returns a measurement of the built-in suite.
func builtIn(t *testing.T) Options {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	s, err := suite.Load(features.FS, suite.ContractOf(c))
	require.NoError(t, err)
	return Options{Contract: c, Suite: s}
}

func TestTheSampleOfAClause(t *testing.T) {
	few, others := scenarios(many, "one", "A"), scenarios(3, "two", "B")
	assert.Equal(t, few, sample(append(few, others...), "A"), "all that bear the clause")
	assert.Equal(t, []suite.Case{few[0], others[0]}, sample(append(few, others...), "C"), "no scenario bears it: every answer is judged by it")

	much := append(scenarios(many, "one", "A"), scenarios(1, "three", "A")...)
	assert.Equal(t, []suite.Case{much[0], much[many]}, sample(append(much, others...), "A"), "more than many bear it")
}

// TestWhatCanMeetAnAction asks for the scenarios that are played against what an action does:
// fewer for one that changes instances, all for a read and for what is of no action.
func TestWhatCanMeetAnAction(t *testing.T) {
	o := builtIn(t)
	all := len(o.Suite.Cases)
	resizes, batches := len(o.meeting(mock.ModifyType)), len(o.meeting(mock.StartName, mock.StopName, mock.RebootName))
	assert.Less(t, resizes, all*2/3)
	assert.Less(t, batches, all*2/3)
	assert.Len(t, o.meeting(), all)
	assert.Len(t, o.meeting(""), all)
	assert.Len(t, o.meeting(mock.DescribeInstances), all)
	assert.Len(t, o.meeting(mock.ModifyType, mock.DescribeStatus), all)

	v, err := defects.VariantNamed("type-first")
	require.NoError(t, err)
	assert.Len(t, o.variantCases(v), resizes)
	o.All = true
	assert.Len(t, o.variantCases(v), all)
}

// TestEachPortionAddsToTheOneBefore asks for what is played against a defect: no list is shorter
// than the one before, and the last one holds every scenario that can detect the defect.
func TestEachPortionAddsToTheOneBefore(t *testing.T) {
	o := builtIn(t)
	three := 0
	for _, d := range defects.All() {
		portions := o.portions(d)
		if len(portions) == 3 {
			three++
		}
		assert.Equal(t, o.meeting(d.Action()), portions[len(portions)-1], d.Name)
		for i, p := range portions[1:] {
			assert.GreaterOrEqual(t, len(p), len(portions[i]), d.Name)
		}
	}
	assert.Greater(t, three, len(defects.All())/4)

	about := func(name string) []string {
		d, err := defects.Named(name)
		require.NoError(t, err)
		return ids(o.portions(d)[1])
	}
	assert.Contains(t, about("empty-name-lists-all"), "instances-empty-text[name]", "it calls the action of the clause")
	assert.NotContains(t, about("empty-name-lists-all"), "modify-empty-body")
	assert.Contains(t, about("start-refused-yet-done"), "power-later[StartInstances]", "it calls the action of the defect")
	assert.NotContains(t, about("leading-zero-refused"), "not-stopped[BOOTING]")
	assert.Contains(t, about("leading-zero-refused"), "status-unknown", "the first scenario of its rule")
}

func ids(cases []suite.Case) []string {
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	return ids
}
