package mock

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
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
func callPower(t testing.TB, m *Mock, action string, ids ...string) reply {
	t.Helper()
	return send(t, m, message{action: action, body: `{"instanceIds":` + quoted(ids...) + `}`})
}

// failedIn returns the ids that an answer names as failed.
func failedIn(got reply) []string {
	named := []string{}
	for _, id := range got.body.Get("response.instanceIds").Array() {
		named = append(named, id.Str)
	}
	return named
}

// statuses reads the statuses of instances.
func statuses(t testing.TB, m *Mock, ids ...string) []string {
	t.Helper()
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i], _ = seen(t, m, id)
	}
	return list
}

func TestAPowerActionTakesInstancesFromOneStatusToAnother(t *testing.T) {
	for _, a := range powerActions {
		t.Run(a.name, func(t *testing.T) {
			m, clock := newMock(t)
			one, two, graphics := m.Seed(Instance{Status: a.from}), m.Seed(Instance{Status: a.from}), m.Seed(Instance{Status: a.from, GPU: true})
			bystander := m.Seed(Instance{Status: a.from})
			ids := []string{one.ID, two.ID, graphics.ID}

			got := callPower(t, m, a.name, ids...)
			require.Equal(t, 200, got.status, got.body.Raw)
			assert.Equal(t, "[]", got.body.Get("response.instanceIds").Raw, "it failed for none")
			assert.Equal(t, []string{a.shows, a.shows, a.shows}, statuses(t, m, ids...))
			clock.advance(resizeTime - 1)
			assert.Equal(t, []string{a.shows, a.shows, a.shows}, statuses(t, m, ids...), "until the very end")
			clock.advance(1)
			for range 3 {
				assert.Equal(t, []string{a.to, a.to, a.to}, statuses(t, m, ids...))
				clock.advance(time.Hour)
			}
			status, instanceType := seen(t, m, one.ID)
			assert.Equal(t, []string{a.to, one.Type}, []string{status, instanceType}, "the type stays")
			assert.Equal(t, []string{a.from}, statuses(t, m, bystander.ID), "no other instance changes")
		})
	}
}

func TestAPowerActionRefusesEveryOtherStatus(t *testing.T) {
	for _, a := range powerActions {
		for _, given := range Statuses() {
			if given == a.from {
				continue
			}
			m, clock := newMock(t)
			in := m.Seed(Instance{Status: given})
			code := a.code
			if strings.HasPrefix(given, "RECYCL") {
				code = "OPERATION_DENIED_INSTANCE_RECYCLED"
			}
			refusedWith(t, callPower(t, m, a.name, in.ID), a.status, code)
			assert.Equal(t, []string{given}, statuses(t, m, in.ID))
			clock.advance(resizeTime)
			assert.Equal(t, []string{given}, statuses(t, m, in.ID))
		}
	}
}

func TestAPowerActionChangesTheGoodIDsAndNamesTheOthers(t *testing.T) {
	for _, a := range powerActions {
		t.Run(a.name, func(t *testing.T) {
			m, clock := newMock(t)
			good, wrong, also := m.Seed(Instance{Status: a.from}), m.Seed(Instance{Status: "IMAGING"}), m.Seed(Instance{Status: a.from})
			bin := m.Seed(Instance{Status: "RECYCLE"})
			got := callPower(t, m, a.name, "ins-none", good.ID, wrong.ID, bin.ID, also.ID)
			require.Equal(t, 200, got.status, got.body.Raw)
			assert.Equal(t, []string{"ins-none", wrong.ID, bin.ID}, failedIn(got))
			assert.Equal(t, []string{a.shows, "IMAGING", "RECYCLE", a.shows}, statuses(t, m, good.ID, wrong.ID, bin.ID, also.ID))
			clock.advance(resizeTime)
			assert.Equal(t, []string{a.to, "IMAGING", "RECYCLE", a.to}, statuses(t, m, good.ID, wrong.ID, bin.ID, also.ID))

			refusedWith(t, callPower(t, m, a.name, "ins-none", wrong.ID), 404, "INVALID_INSTANCE_NOT_FOUND")
			refusedWith(t, callPower(t, m, a.name, wrong.ID, "ins-none"), a.status, a.code)
		})
	}
}

func TestAPowerActionTakesWhatItsParametersSay(t *testing.T) {
	many := func(n int) string {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = fmt.Sprint("ins-", i)
		}
		return `{"instanceIds":` + quoted(ids...) + `}`
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
				m, _ := newMock(t)
				refusedWith(t, send(t, m, message{action: a.name, body: c.body}), c.status, c.code)
			})
		}
	}
	m, _ := newMock(t)
	in := m.Seed(Instance{Status: Running})
	refusedWith(t, send(t, m, message{action: stopName, body: `{"forceShutdown":"yes","instanceIds":` + quoted(in.ID) + `}`}), 400, "INVALID_PARAMETER_TYPE")
	for _, forced := range []string{"true", "false", "null"} {
		in := m.Seed(Instance{Status: Running})
		got := send(t, m, message{action: stopName, body: `{"forceShutdown":` + forced + `,"instanceIds":` + quoted(in.ID) + `}`})
		assert.Equal(t, 200, got.status, got.body.Raw)
	}
}

func TestNothingElseIsDoneWhileAChangeRuns(t *testing.T) {
	body := map[string]string{modifyType: `{"instanceId":"%s","instanceType":"z2a.cpu.8"}`}
	from := map[string]string{modifyType: Stopped}
	refusals := map[string]string{modifyType: "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT"}
	for _, a := range powerActions {
		body[a.name], from[a.name], refusals[a.name] = `{"instanceIds":["%s"]}`, a.from, a.code
	}
	for running := range body {
		for second := range body {
			t.Run(second+" during "+running, func(t *testing.T) {
				m, clock := newMock(t)
				in := m.Seed(Instance{Status: from[running]})
				require.Equal(t, 200, send(t, m, message{action: running, body: fmt.Sprintf(body[running], in.ID)}).status)
				before := statuses(t, m, in.ID)
				clock.advance(resizeTime / 2)
				got := send(t, m, message{action: second, body: fmt.Sprintf(body[second], in.ID)})
				assert.Equal(t, refusals[second], got.code())
				assert.Equal(t, before, statuses(t, m, in.ID))
				clock.advance(resizeTime / 2)
				assert.NotEqual(t, before, statuses(t, m, in.ID), "the first one ends as if nothing had been asked")
			})
		}
	}
}

func TestAnInstanceIsStoppedResizedAndStarted(t *testing.T) {
	m, clock := newMock(t)
	in := m.Seed(Instance{Status: Running, Type: "z2a.cpu.2"})
	for _, step := range []struct {
		call func() reply
		want string
	}{
		{func() reply { return callPower(t, m, stopName, in.ID) }, Stopped},
		{func() reply { return resizeTo(t, m, in.ID, "z2a.cpu.8") }, Stopped},
		{func() reply { return callPower(t, m, startName, in.ID) }, Running},
	} {
		require.Equal(t, 200, step.call().status)
		clock.advance(resizeTime)
		assert.Equal(t, []string{step.want}, statuses(t, m, in.ID))
	}
	_, instanceType := seen(t, m, in.ID)
	assert.Equal(t, "z2a.cpu.8", instanceType)
}

func TestAnInstanceNamedTwiceIsChangedOnce(t *testing.T) {
	m, _ := newMock(t)
	in := m.Seed(Instance{})
	got := callPower(t, m, startName, in.ID, in.ID)
	assert.Equal(t, 200, got.status)
	assert.Empty(t, failedIn(got))
}

func TestASeededStatusThatDoesNotLastIsLeft(t *testing.T) {
	m, clock := newMock(t)
	lasting := map[string]bool{"RUNNING": true, "STOPPED": true, "RECYCLE": true, "CREATE_FAILED": true}
	for _, given := range Statuses() {
		in := m.Seed(Instance{Status: given})
		clock.advance(DefaultTransientTime - 1)
		assert.Equal(t, []string{given}, statuses(t, m, in.ID))
		clock.advance(1)
		then := statuses(t, m, in.ID)[0]
		assert.Equal(t, lasting[given], then == given, "%s, then %s", given, then)
		assert.True(t, lasting[then], "%s leads to %s, which lasts", given, then)
	}
	in := m.Seed(Instance{Status: "STOPPING"})
	clock.advance(DefaultTransientTime)
	assert.Equal(t, 200, callPower(t, m, startName, in.ID).status, "it can be worked with afterwards")
}

func TestASuccessOfOneInstanceHasNoListOfFailures(t *testing.T) {
	m, _ := newMock(t)
	got := resizeTo(t, m, m.Seed(Instance{}).ID, "z2a.cpu.8")
	assert.Equal(t, gjson.Null, got.body.Get("response.instanceIds").Type)
}
