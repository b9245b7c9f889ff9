package suite_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// TestEveryChangeIsTriedWhileEveryOtherOneRuns holds the whole matrix of the contract's
// changing actions: each is called while each one runs, itself included, under the clause of
// the one that runs. It is left out only where the documents tolerate the status.
func TestEveryChangeIsTriedWhileEveryOtherOneRuns(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all := builtIn(t)
	tried := 0
	for _, running := range c.Operations() {
		runs, changes := c.Lifecycle(running)
		if !changes {
			continue
		}
		lock, has := c.ByRole(verdict.RoleLock, running)
		require.True(t, has, running.Action)
		for _, second := range c.Operations() {
			l, changes := c.Lifecycle(second)
			if !changes {
				continue
			}
			sentence := fmt.Sprintf("%s is called on it, and %s while it runs", running.Action, second.Action)
			found := slices.ContainsFunc(all.Cases, func(c suite.Case) bool {
				return slices.Contains(c.Clauses, lock.ID) && slices.ContainsFunc(c.Steps, func(s suite.Step) bool { return s.Text == sentence })
			})
			tolerated := slices.ContainsFunc(runs.Transient, func(s string) bool { return slices.Contains(l.Tolerated, s) })
			assert.Equal(t, !tolerated, found, "%s (%s)", sentence, lock.ID)
			if found {
				tried++
			}
		}
	}
	assert.Equal(t, 15, tried, "four actions while each of four runs, but a stop during a stop")
}
