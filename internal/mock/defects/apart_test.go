package defects

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

func blocksUntilDone(t *testing.T, d Defect) {
	clock := new(mocktest.Hands)
	m := mock.New(mock.Options{Clock: clock.Now, ResizeTime: mocktest.ResizeTime, Alter: d.Alter})
	in := m.Seed(mock.Instance{})
	answered := make(chan int, 1)
	go func() {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, mocktest.Request(m, mocktest.Message{
			Action: mock.ModifyType, Body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`,
		}))
		answered <- w.Code
	}()
	require.Eventually(t, func() bool {
		got := mocktest.Send(t, m, mocktest.Message{Action: mock.DescribeStatus})
		return got.Body.Get("response.dataSet.0.instanceStatus").Str == mock.Resizing
	}, time.Minute, time.Millisecond)
	assert.Empty(t, answered, "there is no answer yet")
	clock.Advance(mocktest.ResizeTime)
	assert.Equal(t, 200, <-answered)
	status, instanceType := mocktest.Seen(t, m, in.ID)
	assert.Equal(t, []string{mock.Stopped, "z2a.cpu.8"}, []string{status, instanceType})
}

func TestADefectiveListActionBlocksUntilItIsDone(t *testing.T) {
	for _, p := range powers() {
		d, err := Named(p.short + "-blocks-until-done")
		require.NoError(t, err)
		clock := new(mocktest.Hands)
		m := mock.New(mock.Options{Clock: clock.Now, ResizeTime: mocktest.ResizeTime, Alter: d.Alter})
		in := m.Seed(mock.Instance{Status: p.from})
		answered := make(chan int, 1)
		go func() {
			w := httptest.NewRecorder()
			m.ServeHTTP(w, mocktest.Request(m, mocktest.Message{Action: p.name, Body: `{"instanceIds":["` + in.ID + `"]}`}))
			answered <- w.Code
		}()
		require.Eventually(t, func() bool {
			got := mocktest.Send(t, m, mocktest.Message{Action: mock.DescribeStatus})
			return got.Body.Get("response.dataSet.0.instanceStatus").Str != p.from
		}, time.Minute, time.Millisecond)
		assert.Empty(t, answered, "there is no answer yet")
		clock.Advance(mocktest.ResizeTime)
		assert.Equal(t, 200, <-answered)
	}
}

// readsNamesByCase shows that a defective mock does not find a header in lower case.
func readsNamesByCase(name string) func(t *testing.T, d Defect) {
	return func(t *testing.T, d Defect) {
		for _, c := range []struct {
			alter func(*mock.Mock)
			want  int
		}{{nil, 200}, {d.Alter, 401}} {
			m := mock.New(mock.Options{Alter: c.alter})
			addr, stop := mocktest.ServeOn(t, m, "tcp", "127.0.0.1:0", nil)
			transport := new(http.Transport)
			for _, lower := range []bool{false, true, false} {
				signed := mocktest.Request(m, mocktest.Message{Action: mock.DescribeStatus})
				r, err := http.NewRequest(http.MethodPost, "http://"+addr+mock.Path, nil)
				require.NoError(t, err)
				r.Host, r.Header = signed.Host, signed.Header
				if lower {
					r.Header[name] = r.Header.Values(name)
					r.Header.Del(name)
				}
				got, err := transport.RoundTrip(r)
				require.NoError(t, err)
				_, err = io.Copy(io.Discard, got.Body)
				require.NoError(t, err)
				require.NoError(t, got.Body.Close())
				if lower {
					assert.Equal(t, c.want, got.StatusCode)
				} else {
					assert.Equal(t, 200, got.StatusCode)
				}
			}
			transport.CloseIdleConnections()
			require.NoError(t, stop())
		}
	}
}

// atOnce has a mock answer messages at the same time.
func atOnce(m *mock.Mock, messages []mocktest.Message) []mocktest.Reply {
	replies := make([]mocktest.Reply, len(messages))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, msg := range messages {
		all.Go(func() {
			r, w := mocktest.Request(m, msg), httptest.NewRecorder()
			<-start
			m.ServeHTTP(w, r)
			replies[i] = mocktest.Reply{Status: w.Code, Body: gjson.ParseBytes(w.Body.Bytes())}
		})
	}
	close(start)
	all.Wait()
	return replies
}

// concurrently shows that something is wrong with two answers at the same time, and
// not with two after one another.
func concurrently(wrong func(a, b mocktest.Reply) bool) func(t *testing.T, d Defect) {
	return func(t *testing.T, d Defect) {
		m := mock.New(mock.Options{Alter: d.Alter})
		first := mocktest.Message{Action: mock.DescribeStatus, Body: `{"instanceIds":["` + m.Seed(mock.Instance{}).ID + `"]}`}
		second := mocktest.Message{Action: mock.DescribeStatus, Body: `{"instanceIds":["` + m.Seed(mock.Instance{}).ID + `"]}`}
		a, b := mocktest.Send(t, m, first), mocktest.Send(t, m, second)
		assert.False(t, wrong(a, b), "after one another")
		assert.False(t, wrong(b, a), "after one another")
		require.Eventually(t, func() bool {
			both := atOnce(m, []mocktest.Message{first, second})
			return wrong(both[0], both[1]) || wrong(both[1], both[0])
		}, time.Minute, time.Millisecond, "at the same time")
	}
}

func resizesAtOnce(t *testing.T, d Defect) {
	m := mock.New(mock.Options{Alter: d.Alter})
	resize := func(in mock.Instance, to string) mocktest.Message {
		return mocktest.Message{Action: mock.ModifyType, Body: fmt.Sprintf(`{"instanceId":%q,"instanceType":%q}`, in.ID, to)}
	}
	in := m.Seed(mock.Instance{})
	require.Equal(t, 200, mocktest.Send(t, m, resize(in, "z2a.cpu.4")).Status)
	mocktest.RefusedWith(t, mocktest.Send(t, m, resize(in, "z2a.cpu.8")), 400, mock.StatusNotSupported.Code)
	require.Eventually(t, func() bool {
		in := m.Seed(mock.Instance{})
		both := atOnce(m, []mocktest.Message{resize(in, "z2a.cpu.4"), resize(in, "z2a.cpu.8")})
		return both[0].Status == 200 && both[1].Status == 200
	}, time.Minute, time.Millisecond)
}

// TestDefectsAreSafeForManyCallersAtOnce says something under the race detector only.
func TestDefectsAreSafeForManyCallersAtOnce(t *testing.T) {
	for _, d := range All() {
		m := mock.New(mock.Options{Alter: d.Alter, ResizeTime: 2 * time.Millisecond})
		in := m.Seed(mock.Instance{})
		m.Seed(mock.Instance{})
		var messages []mocktest.Message
		for range 3 {
			messages = append(messages,
				mocktest.Message{Action: mock.ModifyType, Body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.4"}`},
				mocktest.Message{Action: mock.ModifyType, Body: `{"instanceId":"none","instanceType":"z2a.cpu.4"}`},
				mocktest.Message{Action: mock.DescribeStatus, Body: `{"instanceIds":["` + in.ID + `","` + in.ID + `"],"pageSize":1}`},
				mocktest.Message{Action: mock.DescribeInstances},
				mocktest.Message{Action: mock.DescribeStatus, Pass: "wrong"},
				mocktest.Message{Action: mock.DescribeStatus, Header: map[string]string{"Authorization": ""}},
				mocktest.Message{Action: "NoSuchAction"},
			)
		}
		for _, got := range atOnce(m, messages) {
			assert.NotZero(t, got.Status, d.Name)
		}
	}
}
