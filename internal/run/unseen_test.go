package run_test

import (
	"slices"
	"strings"
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
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// reboots are scenarios that reboot an instance again and again until it is seen in REBOOT.
var reboots = []string{"power-succeeds[RebootInstances]", "power-again[RebootInstances]", "power-shown-by-both[RebootInstances]", "graphics-powered[RebootInstances]"}

// seen shows how short a change is: without it, none would be too short to be met.
const seen = "power-succeeds[StopInstances]"

// rebooted plays them, so many at once, against a mock that never shows REBOOT.
func rebooted(t *testing.T, reboots []string, parallel int, once bool, waive func(*verdict.Scenario)) (ended []verdict.Scenario) {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(features.FS, contractOf(c))
	require.NoError(t, err)
	cases, err := all.Select("", append([]string{seen}, reboots...))
	require.NoError(t, err)
	require.Len(t, cases, 1+len(reboots))
	d, err := defects.Named("reboot-never-shown")
	require.NoError(t, err)
	local, err := target.Mock(t.Context(), mock.Options{Alter: d.Alter, ResizeTime: 120 * time.Millisecond})
	require.NoError(t, err)
	defer func() { assert.NoError(t, local.Close()) }()
	_, err = run.Execute(t.Context(), run.Plan{
		Contract: c, Suite: all, Cases: cases, Target: local.Target, Parallel: parallel, Waive: waive, GiveUpOnce: once,
		Done: func(_ int, s verdict.Scenario) error {
			if s.ID != seen {
				ended = append(ended, s)
			}
			return nil
		},
	})
	require.NoError(t, err)
	require.Len(t, ended, len(reboots))
	return ended
}

// TestAStatusIsLookedForAgainAndAgainOnce holds that one scenario pays for the proof that a status is never
// shown, and that the others claim nothing about it.
func TestAStatusIsLookedForAgainAndAgainOnce(t *testing.T) {
	t.Parallel()
	ended := rebooted(t, reboots, 1, true, nil)
	first := ended[0]
	if first.Outcome != verdict.Inconclusive { // a busy machine reads too seldom to prove it
		require.Len(t, first.Findings, 1)
		assert.Equal(t, "A-REBOOT-TRANSIENT", first.Findings[0].Clause)
	}
	assert.GreaterOrEqual(t, len(first.Trajectories), 12)
	for _, s := range ended[1:] {
		assert.Equal(t, verdict.Inconclusive, s.Outcome, s.ID)
		assert.Equal(t, wire.CauseUnseen, s.Cause, s.ID)
		assert.Contains(t, s.Reason, "which "+first.ID+" has called again and again", s.ID)
		assert.Len(t, s.Trajectories, 1, "%s called once", s.ID)
	}
}

// TestOneScenarioAtATimeLooksForAStatus holds that scenarios that run at once do not share the budget of a run among them,
// so that none has enough changes for a finding.
func TestOneScenarioAtATimeLooksForAStatus(t *testing.T) {
	t.Parallel()
	var again []string
	of := slices.DeleteFunc(slices.Clone(reboots), func(id string) bool { return strings.Contains(id, "shown-by-both") }) // which compares two reads
	for _, s := range rebooted(t, of, 1+len(of), true, nil) {
		if len(s.Trajectories) > 1 {
			again = append(again, s.ID)
			assert.GreaterOrEqual(t, len(s.Trajectories), 12)
		}
	}
	assert.Len(t, again, 1)
}

// TestAWaivedFindingIsMadeByEachScenario holds that a waiver covers all that it is for: what one scenario
// has found leaves none of the others without an outcome of its own.
func TestAWaivedFindingIsMadeByEachScenario(t *testing.T) {
	t.Parallel()
	for _, s := range rebooted(t, reboots[:2], 1, false, func(s *verdict.Scenario) {
		for i := range s.Findings {
			s.Findings[i].Waived = "known"
		}
	}) {
		assert.NotContains(t, s.Reason, "again and again", s.ID)
		assert.GreaterOrEqual(t, len(s.Trajectories), 12, s.ID)
	}
}
