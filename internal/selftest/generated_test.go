package selftest_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/selftest"
	"github.com/zec-tools/conformance/internal/suite"
)

// TestGeneratedRequestsNameWhatTheyFind plays nothing but generated requests. Whatever is
// compared with an answer to one fails for some defect, for each action, and the finding has
// the clause that a scenario written for such a request would give it.
func TestGeneratedRequestsNameWhatTheyFind(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures a defect of each kind")
	}
	c, all := whole(t)
	all.Cases = slices.DeleteFunc(slices.Clone(all.Cases), func(c suite.Case) bool { return !slices.Contains(c.Tags, "@generated") })
	require.Len(t, all.Cases, len(c.Operations()))
	options := selftest.Options{Contract: c, Suite: all, AtOnce: 2, Parallel: 4, All: true}
	named := map[string]string{ // where the defect has another clause than the request
		"start-ids-null-500": "R-PARAMETER-EMPTY", "start-ids-optional": "E-MISSING",
		"instance-id-optional": "E-MISSING",
	}
	for _, name := range []string{
		"long-name-500", "nul-in-name-500", "nul-in-id-500", "long-type-500", "start-long-id-500", "stop-long-id-500", "reboot-long-id-500",
		"start-blank-id-taken", "stop-blank-id-taken", "reboot-blank-id-taken",
		"missing-as-wrong-type", "start-ids-missing-as-value", "instance-id-optional", "start-ids-optional",
		"wrong-type-as-value", "wrong-type-in-reads-500",
		"null-instance-id-500", "start-ids-null-500", "empty-instance-type-taken", "null-page-size-500", "page-size-above-as-value",
	} {
		d, err := defects.Named(name)
		require.NoError(t, err)
		options.Defects = append(options.Defects, d)
	}
	score, err := selftest.Measure(t.Context(), options)
	require.NoError(t, err)
	for _, d := range score.Defects {
		want := d.Clause
		if other := named[d.Name]; other != "" {
			want = other
		}
		found := slices.IndexFunc(d.Findings, func(b selftest.Blame) bool { return b.Clause == want })
		assert.GreaterOrEqual(t, found, 0, "%s: no finding on %s: %v", d.Name, want, d.Findings)
		assert.False(t, slices.ContainsFunc(d.Findings, func(b selftest.Blame) bool { return b.Unrelated }), "%s: %v", d.Name, d.Findings)
	}
}
