package mock_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

// powerActions are the actions that change a list of instances, with what A says of each.
var powerActions = []struct {
	name, from, shows, to string
	status                int // of the refusal of an instance in another status
	code                  string
}{
	{"StartInstances", "STOPPED", "BOOTING", "RUNNING", 403, "OPERATION_DENIED_INSTANCE_NOT_STOPPED"},
	{"StopInstances", "RUNNING", "STOPPING", "STOPPED", 403, "OPERATION_DENIED_INSTANCE_NOT_RUNNING"},
	{"RebootInstances", "RUNNING", "REBOOT", "RUNNING", 403, "OPERATION_DENIED_INSTANCE_STATUS"},
}

// callPower calls an action that names a list of instances.
func callPower(t testing.TB, m *mock.Mock, action string, ids ...string) mocktest.Reply {
	t.Helper()
	return mocktest.Send(t, m, mocktest.Message{Action: action, Body: `{"instanceIds":` + mocktest.Quoted(ids...) + `}`})
}

// failedIn returns the ids that an answer names as failed.
func failedIn(got mocktest.Reply) []string {
	named := []string{}
	for _, id := range got.Body.Get("response.instanceIds").Array() {
		named = append(named, id.Str)
	}
	return named
}

// statuses reads the statuses of instances.
func statuses(t testing.TB, m *mock.Mock, ids ...string) []string {
	t.Helper()
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i], _ = mocktest.Seen(t, m, id)
	}
	return list
}

func TestAPowerActionTakesInstancesFromOneStatusToAnother(t *testing.T) {
	for _, a := range powerActions {
		t.Run(a.name, func(t *testing.T) {
			m, clock := mocktest.NewMock(t)
			one, two, graphics := m.Seed(mock.Instance{Status: a.from}), m.Seed(mock.Instance{Status: a.from}), m.Seed(mock.Instance{Status: a.from, GPU: true})
			bystander := m.Seed(mock.Instance{Status: a.from})
			ids := []string{one.ID, two.ID, graphics.ID}

			got := callPower(t, m, a.name, ids...)
			require.Equal(t, 200, got.Status, got.Body.Raw)
			assert.Equal(t, "[]", got.Body.Get("response.instanceIds").Raw, "it failed for none")
			assert.Equal(t, []string{a.shows, a.shows, a.shows}, statuses(t, m, ids...))
			clock.Advance(mocktest.ResizeTime - 1)
			assert.Equal(t, []string{a.shows, a.shows, a.shows}, statuses(t, m, ids...), "until the very end")
			clock.Advance(1)
			for range 3 {
				assert.Equal(t, []string{a.to, a.to, a.to}, statuses(t, m, ids...))
				clock.Advance(time.Hour)
			}
			status, instanceType := mocktest.Seen(t, m, one.ID)
			assert.Equal(t, []string{a.to, one.Type}, []string{status, instanceType}, "the type stays")
			assert.Equal(t, []string{a.from}, statuses(t, m, bystander.ID), "no other instance changes")
		})
	}
}

func TestAPowerActionRefusesEveryOtherStatus(t *testing.T) {
	for _, a := range powerActions {
		for _, given := range mock.Statuses() {
			if given == a.from {
				continue
			}
			m, clock := mocktest.NewMock(t)
			in := m.Seed(mock.Instance{Status: given})
			code := a.code
			if strings.HasPrefix(given, "RECYCL") {
				code = "OPERATION_DENIED_INSTANCE_RECYCLED"
			}
			mocktest.RefusedWith(t, callPower(t, m, a.name, in.ID), a.status, code)
			assert.Equal(t, []string{given}, statuses(t, m, in.ID))
			clock.Advance(mocktest.ResizeTime)
			assert.Equal(t, []string{given}, statuses(t, m, in.ID))
		}
	}
}

func TestAPowerActionChangesTheGoodIDsAndNamesTheOthers(t *testing.T) {
	for _, a := range powerActions {
		t.Run(a.name, func(t *testing.T) {
			m, clock := mocktest.NewMock(t)
			good, wrong, also := m.Seed(mock.Instance{Status: a.from}), m.Seed(mock.Instance{Status: "IMAGING"}), m.Seed(mock.Instance{Status: a.from})
			bin := m.Seed(mock.Instance{Status: "RECYCLE"})
			got := callPower(t, m, a.name, "ins-none", good.ID, wrong.ID, bin.ID, also.ID)
			require.Equal(t, 200, got.Status, got.Body.Raw)
			assert.Equal(t, []string{"ins-none", wrong.ID, bin.ID}, failedIn(got))
			assert.Equal(t, []string{a.shows, "IMAGING", "RECYCLE", a.shows}, statuses(t, m, good.ID, wrong.ID, bin.ID, also.ID))
			clock.Advance(mocktest.ResizeTime)
			assert.Equal(t, []string{a.to, "IMAGING", "RECYCLE", a.to}, statuses(t, m, good.ID, wrong.ID, bin.ID, also.ID))

			mocktest.RefusedWith(t, callPower(t, m, a.name, "ins-none", wrong.ID), 404, "INVALID_INSTANCE_NOT_FOUND")
			mocktest.RefusedWith(t, callPower(t, m, a.name, wrong.ID, "ins-none"), a.status, a.code)
		})
	}
}

func TestAPowerActionTakesWhatItsParametersSay(t *testing.T) {
	many := func(n int) string {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = fmt.Sprint("ins-", i)
		}
		return `{"instanceIds":` + mocktest.Quoted(ids...) + `}`
	}
	for _, a := range powerActions {
		for name, c := range map[string]struct {
			body   string
			status int
			code   string
		}{
			"no body":         {``, 400, "MISSING_PARAMETER"},
			"no object":       {`[]`, 400, "INVALID_PARAMETER_TYPE"},
			"absent":          {`{}`, 400, "MISSING_PARAMETER"},
			"null":            {`{"instanceIds":null}`, 400, "MISSING_PARAMETER"},
			"empty":           {`{"instanceIds":[]}`, 400, "INVALID_PARAMETER_LESS_LENGTH"},
			"a text":          {`{"instanceIds":"ins-1"}`, 400, "INVALID_PARAMETER_TYPE"},
			"a number":        {`{"instanceIds":1}`, 400, "INVALID_PARAMETER_TYPE"},
			"an object":       {`{"instanceIds":{"0":"ins-1"}}`, 400, "INVALID_PARAMETER_TYPE"},
			"numbers":         {`{"instanceIds":[1]}`, 400, "INVALID_PARAMETER_TYPE"},
			"an array inside": {`{"instanceIds":[["ins-1"]]}`, 400, "INVALID_PARAMETER_TYPE"},
			"101 ids":         {many(101), 400, "INVALID_PARAMETER_EXCEED_LENGTH"},
			"100 ids":         {many(100), 404, "INVALID_INSTANCE_NOT_FOUND"},
			"instanceId":      {`{"instanceId":"ins-1"}`, 400, "MISSING_PARAMETER"},
		} {
			t.Run(a.name+"/"+name, func(t *testing.T) {
				m, _ := mocktest.NewMock(t)
				mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: a.name, Body: c.body}), c.status, c.code)
			})
		}
	}
	m, _ := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{Status: mock.Running})
	mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: mock.StopName, Body: `{"forceShutdown":"yes","instanceIds":` + mocktest.Quoted(in.ID) + `}`}), 400, "INVALID_PARAMETER_TYPE")
	for _, forced := range []string{"true", "false", "null"} {
		in := m.Seed(mock.Instance{Status: mock.Running})
		got := mocktest.Send(t, m, mocktest.Message{Action: mock.StopName, Body: `{"forceShutdown":` + forced + `,"instanceIds":` + mocktest.Quoted(in.ID) + `}`})
		assert.Equal(t, 200, got.Status, got.Body.Raw)
	}
}

func TestNothingElseIsDoneWhileAChangeRuns(t *testing.T) {
	body := map[string]string{mock.ModifyType: `{"instanceId":"%s","instanceType":"z2a.cpu.8"}`}
	from := map[string]string{mock.ModifyType: mock.Stopped}
	refusals := map[string]string{mock.ModifyType: "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT"}
	for _, a := range powerActions {
		body[a.name], from[a.name], refusals[a.name] = `{"instanceIds":["%s"]}`, a.from, a.code
	}
	for running := range body {
		for second := range body {
			t.Run(second+" during "+running, func(t *testing.T) {
				m, clock := mocktest.NewMock(t)
				in := m.Seed(mock.Instance{Status: from[running]})
				require.Equal(t, 200, mocktest.Send(t, m, mocktest.Message{Action: running, Body: fmt.Sprintf(body[running], in.ID)}).Status)
				before := statuses(t, m, in.ID)
				clock.Advance(mocktest.ResizeTime / 2)
				got := mocktest.Send(t, m, mocktest.Message{Action: second, Body: fmt.Sprintf(body[second], in.ID)})
				assert.Equal(t, refusals[second], got.Code())
				assert.Equal(t, before, statuses(t, m, in.ID))
				clock.Advance(mocktest.ResizeTime / 2)
				assert.NotEqual(t, before, statuses(t, m, in.ID), "the first one ends as if nothing had been asked")
			})
		}
	}
}

func TestAnInstanceIsStoppedResizedAndStarted(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{Status: mock.Running, Type: "z2a.cpu.2"})
	for _, step := range []struct {
		call func() mocktest.Reply
		want string
	}{
		{func() mocktest.Reply { return callPower(t, m, mock.StopName, in.ID) }, mock.Stopped},
		{func() mocktest.Reply { return mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.8") }, mock.Stopped},
		{func() mocktest.Reply { return callPower(t, m, mock.StartName, in.ID) }, mock.Running},
	} {
		require.Equal(t, 200, step.call().Status)
		clock.Advance(mocktest.ResizeTime)
		assert.Equal(t, []string{step.want}, statuses(t, m, in.ID))
	}
	_, instanceType := mocktest.Seen(t, m, in.ID)
	assert.Equal(t, "z2a.cpu.8", instanceType)
}

func TestAnInstanceNamedTwiceIsChangedOnce(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{})
	got := callPower(t, m, mock.StartName, in.ID, in.ID)
	assert.Equal(t, 200, got.Status)
	assert.Empty(t, failedIn(got))
}

func TestASeededStatusThatDoesNotLastIsLeft(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	lasting := map[string]bool{"RUNNING": true, "STOPPED": true, "RECYCLE": true, "CREATE_FAILED": true}
	for _, given := range mock.Statuses() {
		in := m.Seed(mock.Instance{Status: given})
		clock.Advance(mock.DefaultTransientTime - 1)
		assert.Equal(t, []string{given}, statuses(t, m, in.ID))
		clock.Advance(1)
		then := statuses(t, m, in.ID)[0]
		assert.Equal(t, lasting[given], then == given, "%s, then %s", given, then)
		assert.True(t, lasting[then], "%s leads to %s, which lasts", given, then)
	}
	in := m.Seed(mock.Instance{Status: "STOPPING"})
	clock.Advance(mock.DefaultTransientTime)
	assert.Equal(t, 200, callPower(t, m, mock.StartName, in.ID).Status, "it can be worked with afterwards")
}

func TestASuccessOfOneInstanceHasNoListOfFailures(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	got := mocktest.ResizeTo(t, m, m.Seed(mock.Instance{}).ID, "z2a.cpu.8")
	assert.Equal(t, gjson.Null, got.Body.Get("response.instanceIds").Type)
}
