package mock_test

import (
	"fmt"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

var readActions = []string{"DescribeInstances", "DescribeInstancesStatus"}

// describe asks a read action and requires its success.
func describe(t *testing.T, m *mock.Mock, action, body string) mocktest.Reply {
	t.Helper()
	got := mocktest.Send(t, m, mocktest.Message{Action: action, Body: body})
	require.Equal(t, 200, got.Status, got.Body.Raw)
	return got
}

func TestAnInstanceIsShownWithItsDocumentedMembers(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{Name: `a "name" \ <é>`, Type: "z2a.cpu.4", ZoneID: "SIN-A", ImageID: "debian-13"})
	assert.Equal(t, clock.Now(), in.Created)
	body := `{"instanceIds":` + mocktest.Quoted(in.ID) + `}`
	for member, want := range map[string]any{
		"instanceId": "ins-000001", "instanceName": `a "name" \ <é>`, "zoneId": "SIN-A", "instanceType": "z2a.cpu.4",
		"status": "STOPPED", "cpu": 4.0, "memory": 8.0, "imageId": "debian-13", "createTime": "2024-04-01T12:00:00Z", "expiredTime": "2024-05-01T12:00:00Z",
	} {
		assert.Equal(t, want, describe(t, m, "DescribeInstances", body).Body.Get("response.dataSet.0."+member).Value(), member)
	}
	assert.JSONEq(t, `[{"instanceId":"ins-000001","instanceStatus":"STOPPED"}]`,
		describe(t, m, "DescribeInstancesStatus", body).Body.Get("response.dataSet").Raw)

	require.Equal(t, 200, mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.8").Status)
	clock.Advance(mocktest.ResizeTime)
	row := describe(t, m, "DescribeInstances", body).Body.Get("response.dataSet.0")
	assert.EqualValues(t, 8, row.Get("cpu").Int())
	assert.EqualValues(t, 16, row.Get("memory").Int())
}

func TestOnlyTheNamedInstancesAreListed(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	a, b, c := m.Seed(mock.Instance{}).ID, m.Seed(mock.Instance{}).ID, m.Seed(mock.Instance{}).ID
	for _, action := range readActions {
		for body, want := range map[string][]string{
			`{"instanceIds":` + mocktest.Quoted(c, a) + `}`:                             {c, a},
			`{"instanceIds":` + mocktest.Quoted(b, b, b) + `}`:                          {b},
			`{"instanceIds":` + mocktest.Quoted(b, "ins-none") + `}`:                    {b},
			`{"instanceIds":` + mocktest.Quoted("ins-none") + `}`:                       {},
			`{"instanceIds":` + mocktest.Quoted(a, b, c) + `,"pageSize":2}`:             {a, b},
			`{"instanceIds":` + mocktest.Quoted(a, b, c) + `,"pageSize":2,"pageNum":2}`: {c},
			`{"instanceIds":` + mocktest.Quoted(a) + `,"resourceGroupId":"rg-none"}`:    {},
			`{"resourceGroupId":"rg-default"}`:                                          {a, b, c},
			`{}`:                                                                        {a, b, c},
		} {
			assert.Equal(t, want, mocktest.IDs(describe(t, m, action, body)), "%s %s", action, body)
		}
	}
}

func TestDescribeInstancesFilters(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	odd := m.Seed(mock.Instance{
		Status: mock.Running, Name: "odd", ZoneID: "SIN-A", ImageID: "debian-13", ResourceGroupID: "rg-odd",
		IPv4Address: "10.9.9.9", IPv6Address: "2001:db8::9",
	})
	plain := m.Seed(mock.Instance{Name: "even"})
	for _, filter := range []string{
		`"status":"RUNNING"`, `"name":"odd"`, `"name":"dd"`, `"zoneId":"SIN-A"`, `"imageId":"debian-13"`,
		`"ipv4Address":"10.9.9.9"`, `"ipv6Address":"2001:db8::9"`, `"resourceGroupId":"rg-odd"`,
		`"status":"RUNNING","name":"odd"`,
	} {
		got := describe(t, m, "DescribeInstances", "{"+filter+"}")
		assert.Equal(t, []string{odd.ID}, mocktest.IDs(got), filter)
		assert.EqualValues(t, 1, got.Body.Get("response.totalCount").Int())
		got = describe(t, m, "DescribeInstances", `{"instanceIds":`+mocktest.Quoted(plain.ID)+","+filter+"}")
		assert.Empty(t, mocktest.IDs(got), "all filters have to match")
	}
	for _, filter := range []string{`"status":"running"`, `"name":"odder"`, `"name":"ODD"`, `"status":"STOPPED","name":"odd"`} {
		assert.Empty(t, mocktest.IDs(describe(t, m, "DescribeInstances", "{"+filter+"}")), filter)
	}
	require.Equal(t, 200, mocktest.ResizeTo(t, m, plain.ID, "z2a.cpu.4").Status)
	assert.Equal(t, []string{plain.ID}, mocktest.IDs(describe(t, m, "DescribeInstances", `{"status":"RESIZING"}`)), "the filter sees the clock")
	clock.Advance(mocktest.ResizeTime)
	assert.Equal(t, []string{plain.ID}, mocktest.IDs(describe(t, m, "DescribeInstances", `{"status":"STOPPED"}`)))
}

func TestPagesTogetherHoldEveryInstanceOnce(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	const count = 47
	for i := range count {
		m.Seed(mock.Instance{Status: mock.Statuses()[i%2], ResourceGroupID: fmt.Sprint("rg-", i%2)})
	}
	for _, action := range readActions {
		for _, size := range []int{1, 7, 20, 46, 47, 48, 1000} {
			var all []string
			for number := 1; number <= count/size+2; number++ {
				got := describe(t, m, action, fmt.Sprintf(`{"pageSize":%d,"pageNum":%d}`, size, number))
				assert.LessOrEqual(t, len(mocktest.IDs(got)), size)
				assert.EqualValues(t, count, got.Body.Get("response.totalCount").Int())
				all = append(all, mocktest.IDs(got)...)
			}
			assert.Len(t, all, count)
			assert.IsIncreasing(t, all, "in one order, each once")
		}
		assert.Len(t, mocktest.IDs(describe(t, m, action, `{}`)), 20, "C: the default")
		assert.Equal(t, gjson.Number, describe(t, m, action, `{}`).Body.Get("response.totalCount").Type)
		filtered := describe(t, m, action, `{"resourceGroupId":"rg-1","pageSize":5,"pageNum":5}`)
		assert.Equal(t, []string{"ins-000042", "ins-000044", "ins-000046"}, mocktest.IDs(filtered))
		assert.EqualValues(t, 23, filtered.Body.Get("response.totalCount").Int())
		far := describe(t, m, action, `{"pageSize":1000,"pageNum":9e99}`)
		assert.Equal(t, "[]", far.Body.Get("response.dataSet").Raw)
	}
}

func TestAnAccountHasWhatStandingAloneNeeds(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	account := m.SeedAccount()
	stopped, graphics, statuses := 0, map[string]bool{}, map[string]bool{}
	for _, in := range account {
		status, instanceType := mocktest.Seen(t, m, in.ID)
		assert.Equal(t, []string{in.Status, in.Type}, []string{status, instanceType})
		statuses[status] = true
		if in.GPU {
			graphics[status] = true
			assert.Contains(t, m.Types().GPU, in.Type)
			continue
		}
		assert.Contains(t, m.Types().Resizable, in.Type)
		if status == mock.Stopped {
			stopped++
		}
	}
	assert.Len(t, statuses, len(mock.Statuses())+1, "those that C lists, and STARTING (A)")
	assert.Equal(t, map[string]bool{mock.Stopped: true, mock.Running: true}, graphics)
	assert.GreaterOrEqual(t, stopped, 6)
}

func TestAMockOfItsOwnTimeNeedsNoOptions(t *testing.T) {
	m := mock.New(mock.Options{})
	in := m.Seed(mock.Instance{})
	assert.WithinDuration(t, time.Now(), in.Created, time.Minute)
	require.Equal(t, 200, mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.8").Status)
	require.Eventually(t, func() bool {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, mocktest.Request(m, mocktest.Message{Action: "DescribeInstances"}))
		row := gjson.GetBytes(w.Body.Bytes(), "response.dataSet.0")
		return row.Get("status").Str == mock.Stopped && row.Get("instanceType").Str == "z2a.cpu.8"
	}, time.Minute, 5*time.Millisecond)
	length, err := strconv.Atoi(mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances"}).Header.Get("Content-Length"))
	require.NoError(t, err)
	assert.Positive(t, length)
}
