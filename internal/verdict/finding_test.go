package verdict_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
)

func TestAFindingSaysClauseSourcePlaceWantAndGot(t *testing.T) {
	f := verdict.Finding{Clause: "M-ONE", Source: verdict.SourceM, Where: "status", Want: "200", Got: "404 A"}
	assert.EqualError(t, f, "M-ONE (M): status: want 200, got 404 A")
	f.Place = "a.har:7"
	assert.EqualError(t, f, "M-ONE (M): status: want 200, got 404 A (a.har:7)")
	f.Waived = "known"
	assert.EqualError(t, f, "M-ONE (M): status: want 200, got 404 A (a.har:7) [waived: known]")
	assert.Equal(t, "400 A_CODE", verdict.Pair{Status: 400, Code: "A_CODE"}.String())
}

// TestTheTellerOfAFinding holds which step a finding stands with, waived or not.
func TestTheTellerOfAFinding(t *testing.T) {
	f := verdict.Finding{Clause: "M-ONE", Source: verdict.SourceM, Where: "status", Want: "200", Got: "404 A"}
	s := verdict.Scenario{Steps: []verdict.Step{{}, {Message: "first; " + f.Error()}, {Message: f.Error()}}}
	assert.Equal(t, 1, s.Teller(f))
	f.Waived = "known"
	assert.Equal(t, 1, s.Teller(f))
	f.Got = "500"
	assert.Equal(t, -1, s.Teller(f))
}

// TestATrajectoryOfAnOldReportIsRead holds the names of schema version 1 beside today's.
func TestATrajectoryOfAnOldReportIsRead(t *testing.T) {
	for name, c := range map[string]struct{ text, from, to string }{
		"today's":             {`{"from":"a","to":"b"}`, "a", "b"},
		"version 1":           {`{"fromType":"a","toType":"b"}`, "a", "b"},
		"both, today's count": {`{"from":"a","to":"b","fromType":"x","toType":"y"}`, "a", "b"},
		"the one before":      {`{"from":"a","fromType":"x","toType":"y"}`, "a", ""},
		"the one after":       {`{"to":"b","fromType":"x","toType":"y"}`, "", "b"},
		"none":                {`{}`, "", ""},
	} {
		var trajectory verdict.Trajectory
		require.NoError(t, json.Unmarshal([]byte(c.text), &trajectory), name)
		assert.Equal(t, []string{c.from, c.to}, []string{trajectory.From, trajectory.To}, name)
	}
	assert.Error(t, new(verdict.Trajectory).UnmarshalJSON([]byte(`{"from":1}`)))
}

func TestEveryRoleIsListedOnce(t *testing.T) {
	seen := map[verdict.Role]bool{}
	for _, role := range verdict.Roles() {
		assert.NotEmpty(t, role)
		assert.False(t, seen[role], role)
		seen[role] = true
	}
	assert.True(t, seen[verdict.RolePageDefault])
}

// TestWhatIsBlankIsShownInQuotes holds what people read, and that the fingerprint of such a place is what it was.
func TestWhatIsBlankIsShownInQuotes(t *testing.T) {
	for value, want := range map[string]string{"": `""`, " ": `" "`, " a": `" a"`, "STOPPED": "STOPPED", "two words": "two words"} {
		assert.Equal(t, want, verdict.Shown(value))
	}
	f := verdict.Finding{Clause: "C", Source: "D", Where: "trajectory of instance ins-1", Want: "RUNNING"}
	assert.Equal(t, `C (D): trajectory of instance ins-1: want RUNNING, got ""`, f.Error())
	for _, value := range []string{"", " "} {
		bare := verdict.Finding{Clause: "C", Where: "/rows with name " + value, Got: "ins-1"}
		quoted := bare
		quoted.Where = "/rows with name " + verdict.Shown(value)
		assert.Equal(t, bare.Fingerprint(), quoted.Fingerprint())
	}
}
