package mock

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
)

func blocksUntilDone(t *testing.T, d Defect) {
	clock := new(hands)
	m := New(Options{Clock: clock.now, ResizeTime: resizeTime, Alter: d.Alter})
	in := m.Seed(Instance{})
	answered := make(chan int, 1)
	go func() {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, request(m, message{
			action: modifyType, body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`,
		}))
		answered <- w.Code
	}()
	require.Eventually(t, func() bool {
		got := send(t, m, message{action: describeStatus})
		return got.body.Get("response.dataSet.0.instanceStatus").Str == Resizing
	}, 10*time.Second, time.Millisecond)
	assert.Empty(t, answered, "there is no answer yet")
	clock.advance(resizeTime)
	assert.Equal(t, 200, <-answered)
	status, instanceType := seen(t, m, in.ID)
	assert.Equal(t, []string{Stopped, "z2a.cpu.8"}, []string{status, instanceType})
}

func TestADefectiveListActionBlocksUntilItIsDone(t *testing.T) {
	for _, p := range powers() {
		d, err := DefectNamed(p.short + "-blocks-until-done")
		require.NoError(t, err)
		clock := new(hands)
		m := New(Options{Clock: clock.now, ResizeTime: resizeTime, Alter: d.Alter})
		in := m.Seed(Instance{Status: p.from})
		answered := make(chan int, 1)
		go func() {
			w := httptest.NewRecorder()
			m.ServeHTTP(w, request(m, message{action: p.name, body: `{"instanceIds":["` + in.ID + `"]}`}))
			answered <- w.Code
		}()
		require.Eventually(t, func() bool {
			got := send(t, m, message{action: describeStatus})
			return got.body.Get("response.dataSet.0.instanceStatus").Str != p.from
		}, 10*time.Second, time.Millisecond)
		assert.Empty(t, answered, "there is no answer yet")
		clock.advance(resizeTime)
		assert.Equal(t, 200, <-answered)
	}
}

// readsNamesByCase shows that a defective mock does not find a header in lower case.
func readsNamesByCase(name string) func(t *testing.T, d Defect) {
	return func(t *testing.T, d Defect) {
		for _, c := range []struct {
			alter func(*Mock)
			want  int
		}{{nil, 200}, {d.Alter, 401}} {
			m := New(Options{Alter: c.alter})
			addr, stop := serveOn(t, m, "tcp", "127.0.0.1:0", nil)
			transport := new(http.Transport)
			for _, lower := range []bool{false, true, false} {
				signed := request(m, message{action: describeStatus})
				r, err := http.NewRequest(http.MethodPost, "http://"+addr+Path, nil)
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
func atOnce(m *Mock, messages []message) []reply {
	replies := make([]reply, len(messages))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, msg := range messages {
		all.Go(func() {
			r, w := request(m, msg), httptest.NewRecorder()
			<-start
			m.ServeHTTP(w, r)
			replies[i] = reply{status: w.Code, body: gjson.ParseBytes(w.Body.Bytes())}
		})
	}
	close(start)
	all.Wait()
	return replies
}

// concurrently shows that something is wrong with two answers at the same time, and
// not with two after one another.
func concurrently(wrong func(a, b reply) bool) func(t *testing.T, d Defect) {
	return func(t *testing.T, d Defect) {
		m := New(Options{Alter: d.Alter})
		first := message{action: describeStatus, body: `{"instanceIds":["` + m.Seed(Instance{}).ID + `"]}`}
		second := message{action: describeStatus, body: `{"instanceIds":["` + m.Seed(Instance{}).ID + `"]}`}
		a, b := send(t, m, first), send(t, m, second)
		assert.False(t, wrong(a, b), "after one another")
		assert.False(t, wrong(b, a), "after one another")
		require.Eventually(t, func() bool {
			both := atOnce(m, []message{first, second})
			return wrong(both[0], both[1]) || wrong(both[1], both[0])
		}, 10*time.Second, time.Millisecond, "at the same time")
	}
}

func resizesAtOnce(t *testing.T, d Defect) {
	m := New(Options{Alter: d.Alter})
	resize := func(in Instance, to string) message {
		return message{action: modifyType, body: fmt.Sprintf(`{"instanceId":%q,"instanceType":%q}`, in.ID, to)}
	}
	in := m.Seed(Instance{})
	require.Equal(t, 200, send(t, m, resize(in, "z2a.cpu.4")).status)
	refusedWith(t, send(t, m, resize(in, "z2a.cpu.8")), 400, statusNotSupported.code)
	require.Eventually(t, func() bool {
		in := m.Seed(Instance{})
		both := atOnce(m, []message{resize(in, "z2a.cpu.4"), resize(in, "z2a.cpu.8")})
		return both[0].status == 200 && both[1].status == 200
	}, 10*time.Second, time.Millisecond)
}

// TestDefectsAreSafeForManyCallersAtOnce says something under the race detector only.
func TestDefectsAreSafeForManyCallersAtOnce(t *testing.T) {
	for _, d := range Defects() {
		m := New(Options{Alter: d.Alter, ResizeTime: 2 * time.Millisecond})
		in := m.Seed(Instance{})
		m.Seed(Instance{})
		var messages []message
		for range 3 {
			messages = append(messages,
				message{action: modifyType, body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.4"}`},
				message{action: modifyType, body: `{"instanceId":"none","instanceType":"z2a.cpu.4"}`},
				message{action: describeStatus, body: `{"instanceIds":["` + in.ID + `","` + in.ID + `"],"pageSize":1}`},
				message{action: describeInstances},
				message{action: describeStatus, pass: "wrong"},
				message{action: describeStatus, header: map[string]string{"Authorization": ""}},
				message{action: "NoSuchAction"},
			)
		}
		for _, got := range atOnce(m, messages) {
			assert.NotZero(t, got.status, d.Name)
		}
	}
}
