package selftest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/selftest"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

const oneRead = `Feature: one read
  @C-STATUS-FILTER
  Rule: With instanceIds, DescribeInstancesStatus lists the named instances and no other, each once.

    @one-read
    Example: DescribeInstancesStatus is asked for one instance
      Given a STOPPED instance
      When DescribeInstancesStatus is asked for it
      Then the answer is a success
      And the list holds it and no other
`

// TestTheScoreTellsWhatASuiteCannotCatch measures a suite of one scenario, which sees some
// defects, misses others, and has one clause for a defect of another.
func TestTheScoreTellsWhatASuiteCannotCatch(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	loaded := suite.Contract{Clauses: map[string]verdict.Clause{}, Codes: map[string]bool{}, Statuses: []string{"STOPPED"}, Actions: []suite.Action{{Name: "DescribeInstancesStatus"}}}
	for _, clause := range c.Clauses() {
		loaded.Clauses[clause.ID] = clause
	}
	all, err := suite.Load(fstest.MapFS{"one.feature": {Data: []byte(oneRead)}}, loaded)
	require.NoError(t, err)
	named := func(name, clause string) defects.Defect {
		d, err := defects.Named(name)
		require.NoError(t, err)
		d.Clause = clause
		return d
	}
	score, err := selftest.Measure(t.Context(), selftest.Options{
		Contract: c, Suite: all, AtOnce: 2, Parallel: 1, Variants: defects.Variants()[:1],
		Defects: []defects.Defect{
			named("inner-request-id-differs", "R-REQUEST-ID-EQUAL"),
			named("inner-request-id-differs", "M-GPU"),
			named("stuck-in-resizing", "M-RESIZE-STOPPED"),
		},
	})
	require.NoError(t, err)
	assert.False(t, score.Passed())
	assert.Equal(t, []int{2, 1, 1}, []int{score.Detected, score.Named, score.Cleared})
	assert.Equal(t, []string{"inner-request-id-differs", "stuck-in-resizing"}, score.Again, "what is not named is measured twice")
	misnamed := score.Defects[1]
	require.Len(t, misnamed.Findings, 1)
	assert.True(t, misnamed.Detected && !misnamed.Named && misnamed.Findings[0].Unrelated)
	assert.Equal(t, []string{"one-read"}, misnamed.Findings[0].Scenarios)
	assert.Equal(t, verdict.SelectedPassed, score.Defects[2].Verdict, "nothing of it is to be seen in a read")
}

// TestAScenarioThatTheHarnessBreaksFailsTheSelfTest measures a scenario that breaks against every
// endpoint, since it names statuses that the action does not go through.
func TestAScenarioThatTheHarnessBreaksFailsTheSelfTest(t *testing.T) {
	c, _ := whole(t)
	all, err := suite.Load(fstest.MapFS{"one.feature": {Data: []byte(wrongPath)}}, suite.ContractOf(c))
	require.NoError(t, err)
	d, err := defects.Named("stuck-in-resizing")
	require.NoError(t, err)
	score, err := selftest.Measure(t.Context(), selftest.Options{
		Contract: c, Suite: all, AtOnce: 1, Parallel: 1, Defects: []defects.Defect{d}, Variants: defects.Variants()[:1],
	})
	require.NoError(t, err)
	require.Len(t, score.Broken, 2, "%v", score.Broken)
	for i, name := range []string{defects.Variants()[0].Name, d.Name} {
		assert.Contains(t, score.Broken[i], name+": wrong-path: StopInstances goes through STOPPING to STOPPED")
	}
	named := selftest.Score{Broken: score.Broken[:1]}
	assert.False(t, named.Passed())
}

const wrongPath = `Feature: A path

  @C-STATUS-FILTER
  Rule: With instanceIds, DescribeInstancesStatus lists the named instances and no other, each once.

    @wrong-path
    Example: StopInstances is called
      Given a RUNNING instance
      When StopInstances is called on it
      Then the instance goes through RUNNING to STOPPED and stays there
`

// TestWhatIsNamedAsFailedBreaksNoScenario measures the scenarios that call an action again or lead back from it
// against answers that name as failed what was carried out.
func TestWhatIsNamedAsFailedBreaksNoScenario(t *testing.T) {
	c, all := whole(t)
	all.Cases = slices.DeleteFunc(slices.Clone(all.Cases), func(s suite.Case) bool {
		return !strings.HasPrefix(s.ID, "power-again") && !strings.HasPrefix(s.ID, "power-succeeds") && !strings.HasPrefix(s.ID, "power-mixed")
	})
	options := selftest.Options{Contract: c, Suite: all, All: true, AtOnce: 2, Parallel: 16}
	for _, name := range []string{"start-failed-lists-successes", "stop-failed-lists-successes", "reboot-failed-lists-successes"} {
		d, err := defects.Named(name)
		require.NoError(t, err)
		options.Defects = append(options.Defects, d)
	}
	score, err := selftest.Measure(t.Context(), options)
	require.NoError(t, err)
	assert.Empty(t, score.Broken)
	assert.Equal(t, len(options.Defects), score.Named, "%v", score.Defects)
}

// TestADefectMeetsASampleAndTheRestOnlyUnnamed measures one defect that the scenarios of its
// clause name, and one that the sample does not meet: an answer of one action alone has a
// status that is judged in every answer.
func TestADefectMeetsASampleAndTheRestOnlyUnnamed(t *testing.T) {
	c, all := whole(t)
	options := selftest.Options{Contract: c, Suite: all, AtOnce: 2, Parallel: 32}
	for _, name := range []string{"unknown-instance-400", "start-207"} {
		d, err := defects.Named(name)
		require.NoError(t, err)
		options.Defects = append(options.Defects, d)
	}
	score, err := selftest.Measure(t.Context(), options)
	require.NoError(t, err)
	assert.True(t, score.Passed())
	assert.Equal(t, 1, score.Sampled)
	sampled, not := score.Defects[0], score.Defects[1]
	assert.True(t, sampled.Sampled)
	assert.Less(t, sampled.Played, 20)
	assert.False(t, not.Sampled)
	assert.Greater(t, not.Played, 100, "every scenario that calls the action")

	options.All = true
	score, err = selftest.Measure(t.Context(), options)
	require.NoError(t, err)
	assert.True(t, score.Passed())
	assert.Zero(t, score.Sampled)
	for _, d := range score.Defects {
		assert.Len(t, all.Cases, d.Played)
	}
}

// TestTrafficNamesADefectByItsOwnClause: the clause is found in the traffic alone, whatever is
// related to it.
func TestTrafficNamesADefectByItsOwnClause(t *testing.T) {
	c, all := whole(t)
	few := *all
	var err error
	few.Cases, err = all.Select("@A-STOP-ABSENT or @A-STOP-CARRIED-OUT", nil)
	require.NoError(t, err)
	d, err := defects.Named("stop-unknown-as-resource")
	require.NoError(t, err)
	score, err := selftest.Measure(t.Context(), selftest.Options{Contract: c, Suite: &few, AtOnce: 1, Parallel: 32, Passive: true, Defects: []defects.Defect{d}})
	require.NoError(t, err)
	passive := score.Defects[0].Passive
	require.NotNil(t, passive)
	assert.Equal(t, &selftest.Passive{Seen: true, Named: true, Clauses: []string{d.Clause}}, passive)
}

// TestAMeasurementThatIsStoppedHasNoScore stops after the first suite: what the others were
// stopped in tells nothing of their mocks.
func TestAMeasurementThatIsStoppedHasNoScore(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(fstest.MapFS{"one.feature": {Data: []byte(oneRead)}}, suite.ContractOf(c))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var ended []string
	_, err = selftest.Measure(ctx, selftest.Options{
		Contract: c, Suite: all, AtOnce: 1, Parallel: 1, Defects: defects.All(), Variants: defects.Variants(),
		Done: func(name string) {
			ended = append(ended, name)
			stop()
		},
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Len(t, ended, 1, "no further suite is begun")
}

// TestATypeShownWhileItIsChangedIsNobodysFault plays the whole suite against an endpoint that shows any type of an
// instance that is RESIZING, three times, as it may show the right one by chance.
func TestATypeShownWhileItIsChangedIsNobodysFault(t *testing.T) {
	c, all := whole(t)
	v, err := defects.VariantNamed("type-shown-at-random")
	require.NoError(t, err)
	score, err := selftest.Measure(t.Context(), selftest.Options{Contract: c, Suite: all, AtOnce: 2, Parallel: 32, Variants: []defects.Variant{v, v, v}})
	require.NoError(t, err)
	assert.Equal(t, 3, score.Cleared)
}
