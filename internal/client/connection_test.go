package client

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

// stallable passes connections on to a server until it is told to hold back all that the
// open ones carry from then on. New ones are passed on as before.
type stallable struct {
	net.Listener
	opened  atomic.Int32
	mu      sync.Mutex
	stalled chan struct{} // of the connections opened so far
}

func newStallable(t *testing.T, to string) *stallable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &stallable{Listener: listener, stalled: make(chan struct{})}
	over, end := context.WithCancel(context.Background())
	var open sync.WaitGroup
	open.Go(func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			s.opened.Add(1)
			open.Go(func() { s.pass(over, in, to) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); end(); open.Wait() })
	return s
}

func (s *stallable) pass(ctx context.Context, in net.Conn, to string) {
	s.mu.Lock()
	stalled := s.stalled
	s.mu.Unlock()
	out, err := net.Dial("tcp", to)
	if err != nil {
		_ = in.Close()
		return
	}
	defer context.AfterFunc(ctx, func() { _, _ = in.Close(), out.Close() })()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
		both.Go(func() {
			buffer := make([]byte, 4096)
			for {
				n, err := way[0].Read(buffer)
				select {
				case <-stalled:
					n = 0 // it is read, and lost
				default:
				}
				if _, failed := way[1].Write(buffer[:n]); err != nil || failed != nil {
					_ = way[1].Close()
					return
				}
			}
		})
	}
	both.Wait()
}

// stall silences the connections that are open.
func (s *stallable) stall() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.stalled)
	s.stalled = make(chan struct{})
}

// through has a client dial the relay, whatever host it means.
func (s *stallable) through(o *Options) {
	o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Addr().String())
	}
}

// TestASilentConnectionIsFoundOutByAPing lets a read arrive over another connection.
func TestASilentConnectionIsFoundOutByAPing(t *testing.T) {
	server := http2Server(t, answers(200, nil, "{}"))
	relay := newStallable(t, hostOf(t, server.URL))
	c := newClient(t, server.URL, trusts(server), relay.through, func(o *Options) { o.Timeout = 3 * time.Second })
	req := wire.Request{Operation: readStatus, Effect: wire.Reads}
	require.Equal(t, "HTTP/2.0", one(t, c, req).Received.Proto)
	relay.stall()
	exchanges, err := c.Do(context.Background(), req, nil)
	require.NoError(t, err)
	require.Len(t, exchanges, 2)
	assert.Equal(t, wire.CauseLost, exchanges[0].Cause, exchanges[0].Detail)
	assert.Empty(t, exchanges[1].Cause, exchanges[1].Detail)
	assert.EqualValues(t, 2, relay.opened.Load())
}

// TestAfterATimeoutTheNextRequestGetsAFreshConnection also where the old one is alive:
// nothing tells a server that is slow from a connection that carries nothing any more.
func TestAfterATimeoutTheNextRequestGetsAFreshConnection(t *testing.T) {
	var slow atomic.Bool
	slow.Store(true)
	server := http2Server(t, func(w http.ResponseWriter, r *http.Request) {
		if slow.Load() {
			<-r.Context().Done()
			return
		}
		_, _ = io.WriteString(w, "{}")
	})
	relay := newStallable(t, hostOf(t, server.URL))
	c := newClient(t, server.URL, trusts(server), relay.through, func(o *Options) { o.Timeout = time.Second })
	req := wire.Request{Operation: change, Effect: wire.Changes}
	require.Equal(t, wire.CauseTimeout, one(t, c, req).Cause)
	slow.Store(false)
	assert.Empty(t, one(t, c, req).Cause)
	assert.EqualValues(t, 2, relay.opened.Load())
	assert.Empty(t, one(t, c, req).Cause)
	assert.EqualValues(t, 2, relay.opened.Load(), "which then carries what follows")
}

func hostOf(t *testing.T, endpoint string) string {
	t.Helper()
	u, err := url.Parse(endpoint)
	require.NoError(t, err)
	return u.Host
}
