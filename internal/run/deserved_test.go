package run_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// taken compares nothing that a request deserved: both of its scenarios take what comes.
const taken = `Feature: what comes is taken
  @M-RESIZE
  Rule: A stopped instance is changed to the type named.

    @of-a-running-one
    Example: An instance is resized that is not to be
      Given a RUNNING instance
      When ModifyInstanceType is called on it
      Then the answer is a success

    @one-compared
    Example: The same, compared
      Given a RUNNING instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
`

// played runs the two scenarios against a mock, and returns their findings.
func played(t *testing.T, options mock.Options) map[string][]verdict.Finding {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(fstest.MapFS{"taken.feature": {Data: []byte(taken)}}, contractOf(c))
	require.NoError(t, err)
	local, err := target.Mock(t.Context(), options)
	require.NoError(t, err)
	defer func() { assert.NoError(t, local.Close()) }()
	found := map[string][]verdict.Finding{}
	_, err = run.Execute(t.Context(), run.Plan{
		Contract: c, Suite: all, Cases: all.Cases, Target: local.Target, Parallel: 1,
		Done: func(_ int, s verdict.Scenario) error {
			found[s.ID] = s.Findings
			for _, f := range s.Findings {
				assert.LessOrEqual(t, f.Exchange, len(s.Exchanges))
				assert.Equal(t, verdict.Failed, s.Outcome)
				assert.GreaterOrEqual(t, s.Teller(f), 0, "a step tells of it, so that it stands when the record is judged again")
			}
			return nil
		},
	})
	require.NoError(t, err)
	return found
}

// TestTheModelOfTheAccountJudgesRuns holds that a run is judged by what its requests deserved, also where no
// step compares it, and that what a step has found is not found twice.
func TestTheModelOfTheAccountJudgesRuns(t *testing.T) {
	d, err := defects.Named("running-accepted")
	require.NoError(t, err)
	found := played(t, mock.Options{Alter: d.Alter})
	require.Len(t, found["of-a-running-one"], 1, "by the model")
	assert.Equal(t, "M-STOPPED-ONLY", found["of-a-running-one"][0].Clause)
	assert.Positive(t, found["of-a-running-one"][0].Exchange)
	require.Len(t, found["one-compared"], 1, "by its step, and not by the model again")

	found = played(t, mock.Options{})
	assert.Empty(t, found["one-compared"])
	require.Len(t, found["of-a-running-one"], 1, "what it wants is wrong")
	assert.Equal(t, "M-RESIZE", found["of-a-running-one"][0].Clause, "its own step has found that")
}
