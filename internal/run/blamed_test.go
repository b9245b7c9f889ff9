package run_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// TestTheActionAcceptedLastIsBlamedForWhereItEnds calls a stop while a reboot runs that is over sooner than the stop
// arrives now and then. What the stop comes to is no fault of the reboot.
func TestTheActionAcceptedLastIsBlamedForWhereItEnds(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(features.FS, suite.ContractOf(c))
	require.NoError(t, err)
	cases := slices.DeleteFunc(slices.Clone(all.Cases), func(s suite.Case) bool { return s.ID != "reboot-lock[StopInstances]" })
	require.Len(t, cases, 1)
	d, err := defects.Named("stop-ends-create-failed")
	require.NoError(t, err)
	var clauses []string
	for try := 0; try < 60 && len(clauses) < 3; try++ {
		local, err := target.Mock(t.Context(), mock.Options{Alter: d.Alter, ResizeTime: time.Duration(1+try%8) * time.Millisecond})
		require.NoError(t, err)
		_, err = run.Execute(t.Context(), run.Plan{
			Contract: c, Suite: all, Cases: cases, Target: local.Target, Parallel: 1,
			Done: func(_ int, s verdict.Scenario) error {
				for _, f := range s.Findings {
					clauses = append(clauses, f.Clause)
				}
				return nil
			},
		})
		require.NoError(t, err)
		require.NoError(t, local.Close())
	}
	require.NotEmpty(t, clauses, "no stop was accepted")
	for _, clause := range clauses {
		assert.Equal(t, "A-STOP-END", clause)
	}
}
