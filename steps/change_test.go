package steps

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestAFurtherParameterStaysWithItsAction: the action that leads back does not take it, and an
// endpoint may refuse it there.
func TestAFurtherParameterStaysWithItsAction(t *testing.T) {
	w := NewWorld(&Contract{}, Timing{}, nil, 1)
	w.acting, w.further = "StopInstances", map[string]any{"forceShutdown": true}
	named := []Instance{{ID: "ins-1"}}
	parameters := func(action string) map[string]any {
		return w.parametersOf(lifecycle.Definition{Operation: wire.Operation{Action: action}, Subject: "instanceIds", Batch: true}, named, "")
	}
	assert.Equal(t, map[string]any{"instanceIds": []string{"ins-1"}, "forceShutdown": true}, parameters("StopInstances"))
	assert.Equal(t, map[string]any{"instanceIds": []string{"ins-1"}}, parameters("StartInstances"))
}

// TestWhyNoTwoChangesWereOverEachOtherIsMeasured: the answers may be slow as well as the change short.
func TestWhyNoTwoChangesWereOverEachOtherIsMeasured(t *testing.T) {
	const ms = time.Millisecond
	assert.Equal(t, "the second was answered 2.1s after the first was called, at the earliest, and the shortest change was seen running for 1.5s: the answer has to come within half of that", describeTries(2100*ms, 1500*ms))
	assert.Equal(t, "the shortest change was seen running for 3ms, and none when the next one was to be called", describeTries(0, 3*ms))
}

// TestWhatIsNamedAsFailedAndBegunIsNoFaultOfTheOtherAction: the change that a call was made in ends where that call leads.
func TestWhatIsNamedAsFailedAndBegunIsNoFaultOfTheOtherAction(t *testing.T) {
	c := &Contract{}
	c.AddClause(verdict.Clause{ID: "A-STOP-BATCH", Operation: "StopInstances", Role: roleBatch})
	ch := NewWorld(c, Timing{}, nil, 1).changes
	reboot := &change{definition: lifecycle.Definition{Operation: wire.Operation{Action: "RebootInstances"}, Transient: []string{"REBOOT"}}}
	failed := &Answer{Answer: wire.ReadAnswer(wire.Received{Status: 200, Body: []byte(`{"requestId":"r","response":{"requestId":"r","instanceIds":["ins-1"]}}`)})}
	stop := &change{definition: lifecycle.Definition{Operation: wire.Operation{Action: "StopInstances"}, Transient: []string{"STOPPING"}, Failed: "instanceIds"}, answer: failed}
	subject := func(statuses ...string) *operation.Subject {
		s := &operation.Subject{ID: "ins-1"}
		for _, status := range statuses {
			s.Trajectory.Observations = append(s.Trajectory.Observations, verdict.Observation{Status: status})
		}
		return s
	}
	ch.meanwhile = stop
	assert.ErrorContains(t, ch.failedYetBegun(reboot, subject("REBOOT", "RUNNING", "STOPPING", "STOPPED")), "A-STOP-BATCH")
	require.NoError(t, ch.failedYetBegun(reboot, subject("REBOOT", "STOPPED")), "the reboot may have ended there by itself")
	require.NoError(t, ch.failedYetBegun(stop, subject("STOPPING", "STOPPED")), "its own change")
	stop.answer = &Answer{Answer: wire.Answer{Status: 400}}
	require.NoError(t, ch.failedYetBegun(reboot, subject("REBOOT", "STOPPING")), "it is not named")
}

// TestABystanderIsThatOfTheCallThatNamesIt: what a refused call names is not changed by the action that runs.
func TestABystanderIsThatOfTheCallThatNamesIt(t *testing.T) {
	ch := NewWorld(&Contract{}, Timing{}, nil, 1).changes
	call := func(action string, status int, named ...string) *change {
		c := &change{definition: lifecycle.Definition{Operation: wire.Operation{Action: action}}, answer: &Answer{Answer: wire.Answer{Status: status}}}
		for _, id := range named {
			c.instances = append(c.instances, Instance{ID: id})
		}
		return c
	}
	resize := call("ModifyInstanceType", 200, "ins-1")
	test := func(meanwhile *change, id string, role verdict.Role, action string) {
		t.Helper()
		ch.meanwhile = meanwhile
		gotRole, gotAction := ch.whoseBystander(resize, id)
		assert.Equal(t, role, gotRole)
		assert.Equal(t, action, gotAction)
	}
	test(nil, "ins-2", roleOnlyNamed, "ModifyInstanceType")
	test(call("StartInstances", 403, "ins-1"), "ins-2", roleOnlyNamed, "ModifyInstanceType")
	test(call("StartInstances", 403, "ins-1", "ins-2"), "ins-2", roleUnchanged, "StartInstances")
	test(call("StartInstances", 200, "ins-1", "ins-2"), "ins-2", roleBatch, "StartInstances")
	test(call("StartInstances", 403, "ins-1", "ins-2"), "ins-1", roleBatch, "ModifyInstanceType")
}

// TestWhatIsCalledMeanwhileAsksForAnotherValue holds it of changes that set none themselves, too: the same value may be
// refused for that reason. A value that only grows is one after those.
func TestWhatIsCalledMeanwhileAsksForAnotherValue(t *testing.T) {
	rd := NewWorld(&Contract{}, Timing{}, nil, 1).readings
	rd.before = snapshot{"lb-1": {values: map[string]string{"speed": "300"}}}
	rd.fixture.Resizable = []string{"100", "200", "300", "400"}
	reading := lifecycle.Reading{Field: "speed"}
	both := lifecycle.Definition{Wanted: "speed", Inverse: "SetSpeed", Changed: reading}
	up := lifecycle.Definition{Wanted: "speed", Changed: reading}
	switchedOff := &operation.Subject{ID: "lb-1"}
	sped := &operation.Subject{ID: "lb-1", Trajectory: verdict.Trajectory{From: "300", To: "400"}}
	assert.Equal(t, "400", rd.meanwhileValue(both, switchedOff))
	assert.Equal(t, "200", rd.meanwhileValue(both, sped))
	assert.Equal(t, "400", rd.meanwhileValue(up, switchedOff))
	assert.Empty(t, rd.meanwhileValue(up, sped))
	rd.before["lb-1"].values["speed"] = "400"
	assert.Equal(t, "300", rd.meanwhileValue(both, switchedOff), "the last one would be its own")
}

// TestChangesInARowSetEveryListedValue: an endpoint may carry out the changes to some values alone.
func TestChangesInARowSetEveryListedValue(t *testing.T) {
	w := NewWorld(&Contract{Lifecycles: map[string]lifecycle.Definition{"SetSpeed": {Wanted: "speed", Inverse: "SetSpeed", Changed: lifecycle.Reading{Field: "speed"}}}}, Timing{}, nil, 1)
	w.acting, w.before = "SetSpeed", snapshot{"lb-1": {values: map[string]string{"speed": "100"}}}
	w.fixture.Resizable = []string{"100", "200", "300"}
	lb := Instance{ID: "lb-1", Origin: "100"}
	assert.Equal(t, "200", w.unsetValue([]string{"100", "300"})(lb))
	assert.Equal(t, "300", w.unsetValue([]string{"100", "200"})(lb))
	assert.Equal(t, w.anotherValue(lb), w.unsetValue([]string{"100", "200", "300"})(lb), "each was set")
}
