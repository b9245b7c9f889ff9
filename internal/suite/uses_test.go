package suite_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/spec"
)

// builtIn reads the features that are built in.
func builtIn(t *testing.T) *suite.Suite {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	loaded := suite.ContractOf(c)
	s, err := suite.Load(features.FS, loaded)
	require.NoError(t, err)
	return s
}

// TestNoSentenceGoesUnused: a sentence that nobody uses is one that nobody has seen work.
func TestNoSentenceGoesUnused(t *testing.T) {
	for _, use := range builtIn(t).Uses() {
		en, _ := use.Sentence.Forms()
		assert.NotZero(t, use.Count, "no feature uses %q: use it or remove it", en)
		assert.NotEmpty(t, use.Files)
	}
}

// TestAFeatureInChineseRuns makes sure that the suite has one, with the sentences of the rules in Chinese.
func TestAFeatureInChineseRuns(t *testing.T) {
	found := 0
	for _, c := range builtIn(t).Cases {
		if c.Language == "zh-CN" {
			found++
			assert.Regexp(t, `\p{Han}`, c.Rule)
			assert.True(t, strings.HasPrefix(c.ID, "zh-"), "%s: ids of Chinese scenarios begin with zh-", c.ID)
		}
	}
	assert.GreaterOrEqual(t, found, 8)
}
