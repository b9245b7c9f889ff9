package mock

import (
	"fmt"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

var readActions = []string{"DescribeInstances", "DescribeInstancesStatus"}

// describe asks a read action and requires its success.
func describe(t *testing.T, m *Mock, action, body string) reply {
	t.Helper()
	got := send(t, m, message{action: action, body: body})
	require.Equal(t, 200, got.status, got.body.Raw)
	return got
}

func TestAnInstanceIsShownWithItsDocumentedMembers(t *testing.T) {
	m, clock := newMock(t)
	in := m.Seed(Instance{Name: `a "name" \ <é>`, Type: "z2a.cpu.4", ZoneID: "SIN-A", ImageID: "debian-13"})
	assert.Equal(t, clock.now(), in.Created)
	body := `{"instanceIds":` + quoted(in.ID) + `}`
	for member, want := range map[string]any{
		"instanceId": "ins-000001", "instanceName": `a "name" \ <é>`, "zoneId": "SIN-A", "instanceType": "z2a.cpu.4",
		"status": "STOPPED", "cpu": 4.0, "memory": 8.0, "imageId": "debian-13", "createTime": "2024-04-01T12:00:00Z", "expiredTime": "2024-05-01T12:00:00Z",
	} {
		assert.Equal(t, want, describe(t, m, "DescribeInstances", body).body.Get("response.dataSet.0."+member).Value(), member)
	}
	assert.JSONEq(t, `[{"instanceId":"ins-000001","instanceStatus":"STOPPED"}]`,
		describe(t, m, "DescribeInstancesStatus", body).body.Get("response.dataSet").Raw)

	require.Equal(t, 200, resizeTo(t, m, in.ID, "z2a.cpu.8").status)
	clock.advance(resizeTime)
	row := describe(t, m, "DescribeInstances", body).body.Get("response.dataSet.0")
	assert.EqualValues(t, 8, row.Get("cpu").Int())
	assert.EqualValues(t, 16, row.Get("memory").Int())
}

func TestOnlyTheNamedInstancesAreListed(t *testing.T) {
	m, _ := newMock(t)
	a, b, c := m.Seed(Instance{}).ID, m.Seed(Instance{}).ID, m.Seed(Instance{}).ID
	for _, action := range readActions {
		for body, want := range map[string][]string{
			`{"instanceIds":` + quoted(c, a) + `}`:                             {c, a},
			`{"instanceIds":` + quoted(b, b, b) + `}`:                          {b},
			`{"instanceIds":` + quoted(b, "ins-none") + `}`:                    {b},
			`{"instanceIds":` + quoted("ins-none") + `}`:                       {},
			`{"instanceIds":` + quoted(a, b, c) + `,"pageSize":2}`:             {a, b},
			`{"instanceIds":` + quoted(a, b, c) + `,"pageSize":2,"pageNum":2}`: {c},
			`{"instanceIds":` + quoted(a) + `,"resourceGroupId":"rg-none"}`:    {},
			`{"resourceGroupId":"rg-default"}`:                                 {a, b, c},
			`{}`:                                                               {a, b, c},
		} {
			assert.Equal(t, want, ids(describe(t, m, action, body)), "%s %s", action, body)
		}
	}
}

func TestDescribeInstancesFilters(t *testing.T) {
	m, clock := newMock(t)
	odd := m.Seed(Instance{
		Status: Running, Name: "odd", ZoneID: "SIN-A", ImageID: "debian-13", ResourceGroupID: "rg-odd",
		IPv4Address: "10.9.9.9", IPv6Address: "2001:db8::9",
	})
	plain := m.Seed(Instance{Name: "even"})
	for _, filter := range []string{
		`"status":"RUNNING"`, `"name":"odd"`, `"name":"dd"`, `"zoneId":"SIN-A"`, `"imageId":"debian-13"`,
		`"ipv4Address":"10.9.9.9"`, `"ipv6Address":"2001:db8::9"`, `"resourceGroupId":"rg-odd"`,
		`"status":"RUNNING","name":"odd"`,
	} {
		got := describe(t, m, "DescribeInstances", "{"+filter+"}")
		assert.Equal(t, []string{odd.ID}, ids(got), filter)
		assert.EqualValues(t, 1, got.body.Get("response.totalCount").Int())
		got = describe(t, m, "DescribeInstances", `{"instanceIds":`+quoted(plain.ID)+","+filter+"}")
		assert.Empty(t, ids(got), "all filters have to match")
	}
	for _, filter := range []string{`"status":"running"`, `"name":"odder"`, `"name":"ODD"`, `"status":"STOPPED","name":"odd"`} {
		assert.Empty(t, ids(describe(t, m, "DescribeInstances", "{"+filter+"}")), filter)
	}
	require.Equal(t, 200, resizeTo(t, m, plain.ID, "z2a.cpu.4").status)
	assert.Equal(t, []string{plain.ID}, ids(describe(t, m, "DescribeInstances", `{"status":"RESIZING"}`)), "the filter sees the clock")
	clock.advance(resizeTime)
	assert.Equal(t, []string{plain.ID}, ids(describe(t, m, "DescribeInstances", `{"status":"STOPPED"}`)))
}

func TestPagesTogetherHoldEveryInstanceOnce(t *testing.T) {
	m, _ := newMock(t)
	const count = 47
	for i := range count {
		m.Seed(Instance{Status: Statuses()[i%2], ResourceGroupID: fmt.Sprint("rg-", i%2)})
	}
	for _, action := range readActions {
		for _, size := range []int{1, 7, 20, 46, 47, 48, 1000} {
			var all []string
			for number := 1; number <= count/size+2; number++ {
				got := describe(t, m, action, fmt.Sprintf(`{"pageSize":%d,"pageNum":%d}`, size, number))
				assert.LessOrEqual(t, len(ids(got)), size)
				assert.EqualValues(t, count, got.body.Get("response.totalCount").Int())
				all = append(all, ids(got)...)
			}
			assert.Len(t, all, count)
			assert.IsIncreasing(t, all, "in one order, each once")
		}
		assert.Len(t, ids(describe(t, m, action, `{}`)), 20, "C: the default")
		assert.Equal(t, gjson.Number, describe(t, m, action, `{}`).body.Get("response.totalCount").Type)
		filtered := describe(t, m, action, `{"resourceGroupId":"rg-1","pageSize":5,"pageNum":5}`)
		assert.Equal(t, []string{"ins-000042", "ins-000044", "ins-000046"}, ids(filtered))
		assert.EqualValues(t, 23, filtered.body.Get("response.totalCount").Int())
		far := describe(t, m, action, `{"pageSize":1000,"pageNum":9e99}`)
		assert.Equal(t, "[]", far.body.Get("response.dataSet").Raw)
	}
}

func TestAnAccountHasWhatStandingAloneNeeds(t *testing.T) {
	m, _ := newMock(t)
	account := m.SeedAccount()
	stopped, graphics, statuses := 0, map[string]bool{}, map[string]bool{}
	for _, in := range account {
		status, instanceType := seen(t, m, in.ID)
		assert.Equal(t, []string{in.Status, in.Type}, []string{status, instanceType})
		statuses[status] = true
		if in.GPU {
			graphics[status] = true
			assert.Contains(t, m.Types().GPU, in.Type)
			continue
		}
		assert.Contains(t, m.Types().Resizable, in.Type)
		if status == Stopped {
			stopped++
		}
	}
	assert.Len(t, statuses, len(Statuses())+1, "those that C lists, and STARTING (A)")
	assert.Equal(t, map[string]bool{Stopped: true, Running: true}, graphics)
	assert.GreaterOrEqual(t, stopped, 6)
}

func TestAMockOfItsOwnTimeNeedsNoOptions(t *testing.T) {
	m := New(Options{})
	in := m.Seed(Instance{})
	assert.WithinDuration(t, time.Now(), in.Created, time.Minute)
	require.Equal(t, 200, resizeTo(t, m, in.ID, "z2a.cpu.8").status)
	require.Eventually(t, func() bool {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, request(m, message{action: "DescribeInstances"}))
		row := gjson.GetBytes(w.Body.Bytes(), "response.dataSet.0")
		return row.Get("status").Str == Stopped && row.Get("instanceType").Str == "z2a.cpu.8"
	}, 10*time.Second, 5*time.Millisecond)
	length, err := strconv.Atoi(send(t, m, message{action: "DescribeInstances"}).header.Get("Content-Length"))
	require.NoError(t, err)
	assert.Positive(t, length)
}
