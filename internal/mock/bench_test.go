package mock_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

// crowd makes a mock as full as one that serves many scenarios at once.
const crowd = 2000

func crowded(b *testing.B) (*mock.Mock, string) {
	m, _ := mocktest.NewMock(b)
	var last mock.Instance
	for range crowd {
		last = m.Seed(mock.Instance{})
	}
	return m, `{"instanceIds":["` + last.ID + `"]}`
}

// BenchmarkServe compares the mock, with signature checking, with a plain handler that
// returns the same bytes: both over 16 kept-alive loopback connections.
func BenchmarkServe(b *testing.B) {
	m, body := crowded(b)
	w := httptest.NewRecorder()
	m.ServeHTTP(w, mocktest.Request(m, mocktest.Message{Action: "DescribeInstancesStatus", Body: body}))
	require.Equal(b, 200, w.Code)
	same := w.Body.Bytes()
	plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(same)))
		_, _ = w.Write(same)
	})
	for _, c := range []struct {
		name    string
		handler http.Handler
	}{{"plain", plain}, {"mock", m}} {
		b.Run(c.name, func(b *testing.B) { overLoopback(b, m, c.handler, body) })
	}
}

func overLoopback(b *testing.B, m *mock.Mock, handler http.Handler, body string) {
	server := httptest.NewServer(handler)
	defer server.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: 16, MaxConnsPerHost: 16}
	defer transport.CloseIdleConnections()
	signed := mocktest.Request(m, mocktest.Message{Action: "DescribeInstancesStatus", Body: body})
	b.SetParallelism(16)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequest(http.MethodPost, server.URL+mock.Path, strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			r.Header, r.Host = signed.Header, signed.Host
			got, err := transport.RoundTrip(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, got.Body)
			_ = got.Body.Close()
			if got.StatusCode != http.StatusOK {
				b.Errorf("status %d", got.StatusCode)
				return
			}
		}
	})
}

// idle takes an answer and keeps nothing of it.
type idle struct{ header http.Header }

func (w idle) Header() http.Header         { return w.header }
func (w idle) WriteHeader(int)             {}
func (w idle) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkAnswer is the mock alone, without a network.
func BenchmarkAnswer(b *testing.B) {
	m, one := crowded(b)
	for _, c := range []struct{ name, action, body string }{
		{"status of one", "DescribeInstancesStatus", one},
		{"one", "DescribeInstances", one},
		{"a page of twenty", "DescribeInstances", `{}`},
		{"by name", "DescribeInstances", `{"name":"instance-1999"}`},
		{"a refused resize", "ModifyInstanceType", `{"instanceId":"ins-none","instanceType":"z2a.cpu.4"}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := mocktest.Request(m, mocktest.Message{Action: c.action, Body: c.body})
			reader := strings.NewReader(c.body)
			r.Body = io.NopCloser(reader)
			w := idle{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				reader.Reset(c.body)
				m.ServeHTTP(w, r)
			}
		})
	}
}
