package selftest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/spec"
)

// TestAVariantMeetsTheScenariosThatMayShowIt asks for the scenarios that run against variants that
// only some calls show, before and after the suite was traced.
func TestAVariantMeetsTheScenariosThatMayShowIt(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	s, err := suite.Load(features.FS, suite.ContractOf(c))
	require.NoError(t, err)
	o := Options{Contract: c, Suite: s, Parallel: 16}
	named := func(name string) []string {
		v, err := defects.VariantNamed(name)
		require.NoError(t, err)
		var ids []string
		for _, c := range o.variantCases(v) {
			ids = append(ids, c.ID)
		}
		return ids
	}
	assert.Len(t, named("method-405"), len(s.Cases), "without a trace, any scenario may show it")
	o.traces, err = o.trace(t.Context())
	require.NoError(t, err)
	require.Greater(t, len(o.traces), len(s.Cases)*9/10, "scenarios that passed")
	for name, id := range map[string]string{
		"method-405":                   "other-method[DescribeInstances by PUT]",
		"anonymous-as-expired":         "no-timestamp[ModifyInstanceType]",
		"unknown-key-as-signature":     "extended-key[StopInstances]",
		"wrong-token-as-authorization": "token-cut[DescribeInstances]",
		"empty-batch-404":              "power-ids-empty[StartInstances]",
		"name-exact":                   "filter-by-own-value[name]",
	} {
		ids := named(name)
		assert.Contains(t, ids, id, name)
		assert.NotContains(t, ids, "resize-succeeds", name)
		assert.Less(t, len(ids), len(s.Cases)/6, name)
	}
	assert.Len(t, named("pretty-printed"), len(s.Cases), "every answer shows it")
	delete(o.traces, "resize-succeeds")
	assert.True(t, slices.Contains(named("method-405"), "resize-succeeds"), "what was not traced may show it")
}
