package benchmark

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

const (
	connections = 16
	perRound    = 2000 // requests on each connection
	million     = 1_000_000
)

// serving measures the mock next to a handler that returns the same bytes.
func (b *Bench) serving(ctx context.Context) (Section, error) {
	s := Section{
		Title: "3. The mock as a server",
		About: fmt.Sprintf("The same signed request over %d kept-alive loopback connections, one at a time on each, %d on each in one round; medians of %d rounds in turn. "+
			"The caller writes bytes that are formed once and shares the processors with the server.", connections, perRound, rounds),
	}
	m := mock.New(mock.Options{})
	body := fmt.Appendf(nil, `{"instanceIds":[%q]}`, m.Seed(mock.Instance{}).ID)
	life, _ := b.contract.Lifecycle(b.contract.Operations()[0])
	client := newBare("http://mock.test", life.Observed.Operation)
	signed, err := client.form(ctx, body)
	if err != nil {
		return s, err
	}
	signed.Host = client.host
	shown := httptest.NewRecorder()
	m.ServeHTTP(shown, signed)
	if shown.Code != http.StatusOK {
		return s, fmt.Errorf("the mock answered %d", shown.Code)
	}
	same := shown.Body.Bytes()
	plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a caller that has gone is no matter
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(same)))
		_, _ = w.Write(same)
	})
	mocked, err := hit(m, signed, body)
	if err != nil {
		return s, err
	}
	defer mocked.close()
	bare, err := hit(plain, signed, body)
	if err != nil {
		return s, err
	}
	defer bare.close()
	took, err := alternate(bare.round, mocked.round)
	if err != nil {
		return s, err
	}
	rate := func(d time.Duration) float64 { return connections * perRound / d.Seconds() }
	s.Rows = append(s.Rows,
		Row{What: "requests a second", Value: fmt.Sprintf("%.0f, %.2f times the plain handler's", rate(took[1]), ratio(took[0], took[1])),
			Baseline: fmt.Sprintf("a plain handler: %.0f", rate(took[0])), Goal: "at least half of the plain handler's", Over: ratio(took[1], took[0]) / 2},
		Row{What: "99th percentile of the answers' times", Value: micros(mocked.p99()), Baseline: "a plain handler: " + micros(bare.p99())})
	grown, err := heapAfter(m, signed, body)
	if err != nil {
		return s, err
	}
	const flat = 1 << 20
	s.Rows = append(s.Rows, Row{What: "heap after a million more requests, in process", Value: fmt.Sprintf("%+.2f MiB", float64(grown)/flat),
		Goal: "flat: at most 1 MiB more", Over: max(0, float64(grown)/flat)})
	return s, nil
}

// hitting is a server with open connections to it.
type hitting struct {
	server  *httptest.Server
	callers []*caller
}

func hit(h http.Handler, signed *http.Request, body []byte) (*hitting, error) {
	return hitOver(connections, h, signed, body)
}

// hitOver opens so many connections to a server.
func hitOver(count int, h http.Handler, signed *http.Request, body []byte) (*hitting, error) {
	t := &hitting{server: httptest.NewServer(h)}
	for range count {
		conn, err := net.Dial("tcp", t.server.Listener.Addr().String())
		if err != nil {
			t.close()
			return nil, fmt.Errorf("connect to the server that is measured: %w", err)
		}
		t.callers = append(t.callers, newCaller(conn, signed, body))
	}
	return t, nil
}

func (t *hitting) close() {
	for _, c := range t.callers {
		_ = c.conn.Close()
	}
	t.server.Close()
}

func (t *hitting) round() error { return t.calls(perRound) }

// calls sends so many requests on each connection.
func (t *hitting) calls(count int) error {
	var group sync.WaitGroup
	faults := make([]error, len(t.callers))
	for i, c := range t.callers {
		group.Go(func() { faults[i] = c.calls(count) })
	}
	group.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *hitting) p99() time.Duration { return t.percentile(99) }

func (t *hitting) percentile(percent int) time.Duration {
	var all []time.Duration
	for _, c := range t.callers {
		all = append(all, c.took...)
	}
	return percentile(all, percent)
}

// heapAfter returns by how much the heap grew over a million requests, in bytes.
func heapAfter(m *mock.Mock, signed *http.Request, body []byte) (int64, error) {
	heap := func() int64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	before := heap()
	workers := runtime.GOMAXPROCS(0)
	failed := make([]int, workers)
	var group sync.WaitGroup
	for i := range workers {
		group.Go(func() { failed[i] = direct(m, signed, body, million/workers) })
	}
	group.Wait()
	for _, count := range failed {
		if count > 0 {
			return 0, fmt.Errorf("%d requests in process were not answered with success", count)
		}
	}
	return heap() - before, nil
}
