package benchmark

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/spec"
)

// TestTheGeneratedFeaturesAreWrittenInTodaysSentences holds what is measured with against the
// vocabulary and the clauses: the benchmark itself runs seldom.
func TestTheGeneratedFeaturesAreWrittenInTodaysSentences(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for name, f := range map[string]feature{"reading": reading(), "refusing": refusing(3), "resizing": resizing()} {
		all, err := suite.Load(f.memory(perFile+1), suiteContract(c))
		require.NoError(t, err, name)
		assert.Len(t, all.Cases, perFile+1, name)
	}
}
