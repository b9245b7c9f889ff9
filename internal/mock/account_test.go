package mock_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

// TestEveryDocumentedMemberIsThereWithItsType reads a row as C types it: what a client
// dereferences without asking must not be missing.
func TestEveryDocumentedMemberIsThereWithItsType(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	m.Seed(mock.Instance{KeyID: "key-1", Tags: []mock.Tag{{"team", "a"}}})
	m.Seed(mock.Instance{})
	rows := mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances"}).Body.Get("response.dataSet").Array()
	require.Len(t, rows, 2)
	for kind, members := range map[string][]string{
		"String": {
			"instanceId", "instanceName", "zoneId", "instanceType", "imageId", "imageName", "timeZone", "nicNetworkType", "status", "subnetId",
			"securityGroupId", "createTime", "expiredTime", "resourceGroupId", "resourceGroupName", "placementGroupId",
			"systemDisk.diskId", "nics.0.nicId", "nics.0.subnetId", "nics.0.vpcId", "publicIpAddresses.0", "privateIpAddresses.0",
		},
		"Number": {"cpu", "memory", "systemDisk.diskSize"},
		"True":   {"enableAgent"},
		"False":  {"enableAgentMonitor", "enableIpForward"},
		"JSON":   {"systemDisk", "dataDisks", "publicIpAddresses", "privateIpAddresses", "nics", "tags", "tags.tags", "loadBalancerIds", "instanceOptions"},
	} {
		for _, member := range members {
			for _, row := range rows {
				assert.Equal(t, kind, row.Get(member).Type.String(), "%s in %s", member, row.Raw)
			}
		}
	}
	assert.Equal(t, "key-1", rows[0].Get("keyId").Str)
	assert.Equal(t, gjson.Null, rows[1].Get("keyId").Type)
	assert.True(t, rows[1].Get("keyId").Exists())
	assert.JSONEq(t, `[{"key":"team","value":"a"}]`, rows[0].Get("tags.tags").Raw)
	for _, member := range []string{"createTime", "expiredTime", "nics.0.createTime"} {
		_, err := time.Parse("2006-01-02T15:04:05Z", rows[0].Get(member).Str)
		assert.NoError(t, err, member)
	}
}

func TestTagsNarrowAListing(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	blue := m.Seed(mock.Instance{Tags: []mock.Tag{{"team", "blue"}, {"stage", "test"}}}).ID
	red := m.Seed(mock.Instance{Tags: []mock.Tag{{"team", "red"}}}).ID
	m.Seed(mock.Instance{})
	for body, want := range map[string][]string{
		`{"tagKeys":["team"]}`:                                         {blue, red},
		`{"tagKeys":["stage","none"]}`:                                 {blue},
		`{"tagKeys":["none"]}`:                                         {},
		`{"tags":[{"key":"team","value":"red"}]}`:                      {red},
		`{"tags":[{"key":"team","value":"green"}]}`:                    {},
		`{"tagKeys":["team"],"tags":[{"key":"stage","value":"test"}]}`: {blue},
	} {
		assert.Equal(t, want, mocktest.IDs(mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Body: body})), body)
	}
	many := `{"tagKeys":["a"` + strings.Repeat(`,"a"`, 20) + `]}`
	mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Body: many}), 400, "INVALID_PARAMETER_EXCEED_LENGTH")
	for _, body := range []string{`{"tags":["team"]}`, `{"tags":{}}`, `{"tagKeys":[1]}`, `{"tagKeys":"team"}`} {
		mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Body: body}), 400, "INVALID_PARAMETER_TYPE")
	}
}

func TestAChangeGoesAsPlanned(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	id := m.Seed(mock.Instance{}).ID
	m.Plan("ModifyInstanceType", mock.Plan{Fails: true})
	m.Plan("ModifyInstanceType", mock.Plan{Takes: 90 * time.Second})
	mocktest.RefusedWith(t, mocktest.ResizeTo(t, m, "ins-none", "z2a.cpu.2"), 404, "INVALID_INSTANCE_NOT_FOUND") // uses no plan
	look := func() []string { status, kind := mocktest.Seen(t, m, id); return []string{status, kind} }

	require.Equal(t, 200, mocktest.ResizeTo(t, m, id, "z2a.cpu.2").Status)
	assert.Equal(t, []string{"RESIZING", "z2a.cpu.1"}, look())
	clock.Advance(mocktest.ResizeTime)
	assert.Equal(t, []string{"STOPPED", "z2a.cpu.1"}, look(), "it failed")

	require.Equal(t, 200, mocktest.ResizeTo(t, m, id, "z2a.cpu.2").Status)
	clock.Advance(89 * time.Second)
	assert.Equal(t, "RESIZING", look()[0])
	clock.Advance(time.Second)
	assert.Equal(t, []string{"STOPPED", "z2a.cpu.2"}, look())

	require.Equal(t, 200, mocktest.ResizeTo(t, m, id, "z2a.cpu.4").Status)
	clock.Advance(mocktest.ResizeTime)
	assert.Equal(t, []string{"STOPPED", "z2a.cpu.4"}, look(), "no plan is left")
}

func TestTheAccountsTimeMovesWithoutTheCallersClock(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	id := m.Seed(mock.Instance{}).ID
	m.Plan("ModifyInstanceType", mock.Plan{Takes: time.Hour})
	require.Equal(t, 200, mocktest.ResizeTo(t, m, id, "z2a.cpu.8").Status)
	m.Advance(time.Hour)
	status, kind := mocktest.Seen(t, m, id) // signed by the clock that stands: still served
	assert.Equal(t, []string{"STOPPED", "z2a.cpu.8"}, []string{status, kind})
	assert.Equal(t, time.Hour, m.Advanced())
}

func TestAddRefusesWhatCannotBe(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	_, err := m.Add(mock.State{Instance: mock.Instance{ID: "ins-a", Type: "z2a.cpu.2"}})
	require.NoError(t, err)
	for text, s := range map[string]mock.State{
		`instance "ins-a" is there already`:                      {Instance: mock.Instance{ID: "ins-a"}},
		`"a b" is no id of an instance`:                          {Instance: mock.Instance{ID: "a b"}},
		`"stopped" is no documented status`:                      {Instance: mock.Instance{ID: "b", Status: "stopped"}},
		`there is no type "z9"`:                                  {Instance: mock.Instance{ID: "b", Type: "z9"}},
		`z2a.cpu.2 is a type of GPU instances, or gpu is true`:   {Instance: mock.Instance{ID: "b", Type: "z2a.cpu.2", GPU: true}},
		`a change under way has statuses, and ends after its st`: {Instance: mock.Instance{ID: "b"}, Change: &mock.Change{Status: "STOPPED"}},
	} {
		_, err := m.Add(s)
		assert.ErrorContains(t, err, text)
	}
	assert.Len(t, m.Instances(), 1)
}

func TestWhatIsUnderWayIsKeptByAccountAndAdd(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	id := m.Seed(mock.Instance{}).ID
	other := m.Seed(mock.Instance{Status: "IMAGING"}).ID
	require.Equal(t, 200, mocktest.ResizeTo(t, m, id, "z2a.cpu.4").Status)
	clock.Advance(mocktest.ResizeTime / 2)

	again, laterClock := mocktest.NewMock(t)
	laterClock.At.Store(clock.At.Load())
	for _, s := range m.Account() {
		_, err := again.Add(s)
		require.NoError(t, err)
	}
	assert.Equal(t, m.Account(), again.Account())
	laterClock.Advance(mock.DefaultTransientTime)
	status, kind := mocktest.Seen(t, again, id)
	assert.Equal(t, []string{"STOPPED", "z2a.cpu.4"}, []string{status, kind})
	status, _ = mocktest.Seen(t, again, other)
	assert.Equal(t, "STOPPED", status)
}

func TestSetAndClear(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	id := m.Seed(mock.Instance{}).ID
	require.Equal(t, 200, mocktest.ResizeTo(t, m, id, "z2a.cpu.4").Status)
	in, err := m.Set(id, "RUNNING", "z2a.cpu.8")
	require.NoError(t, err)
	assert.Equal(t, 16, in.Memory)
	status, kind := mocktest.Seen(t, m, id)
	assert.Equal(t, []string{"RUNNING", "z2a.cpu.8"}, []string{status, kind})
	_, err = m.Set("ins-none", "RUNNING", "")
	require.ErrorContains(t, err, `there is no instance "ins-none"`)
	_, err = m.Set(id, "", "z9")
	require.ErrorContains(t, err, `there is no type "z9"`)
	m.Clear()
	assert.Empty(t, m.Instances())
	assert.Equal(t, "ins-000001", m.Seed(mock.Instance{}).ID, "ids begin anew")
}
