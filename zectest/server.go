package zectest

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mockserver"
)

// Server is a stand-in that serves on a loopback port. Its methods are safe for concurrent use.
type Server struct {
	URL string // scheme://host:port; the API's path follows it

	server *mockserver.Server
	http   *httptest.Server
}

// Credentials are what callers identify themselves with: a key with its password, a bearer
// token, or both. They open nothing but the server that they were given to.
type Credentials struct {
	KeyID       string
	KeyPassword string
	Token       string
}

// Option says how a server is made.
type Option func(*options)

type options struct {
	seed mockserver.Document
	tls  bool
	err  error
}

// WithInstances has the server hold these instances at first and after a Reset. Without
// them it holds one in each documented status, six of them STOPPED, and two GPU instances.
func WithInstances(instances ...Instance) Option {
	return func(o *options) {
		if o.seed.Instances == nil {
			o.seed.Instances = []mockserver.Instance{}
		}
		for _, in := range instances {
			o.seed.Instances = append(o.seed.Instances, in.internal())
		}
	}
}

// WithTypes has these instance types exist in place of the server's own.
func WithTypes(types ...Type) Option {
	return func(o *options) {
		for _, t := range types {
			o.seed.Types = append(o.seed.Types, mockserver.Type{ID: t.ID, CPU: t.CPU, Memory: t.Memory, Use: string(t.Use)})
		}
	}
}

// WithCredentials has the server accept these credentials in place of its own.
func WithCredentials(c Credentials) Option {
	return func(o *options) { o.seed.Credentials = (*mockserver.Credentials)(&c) }
}

// WithChangeTime has a resize, a start, a stop and a reboot take this long in place of 50 ms.
func WithChangeTime(d time.Duration) Option {
	return func(o *options) { o.seed.ResizeTime = mockserver.Duration(d) }
}

// WithSeed reads what the server holds from the text of a seed file, in YAML or JSON: the
// form that "conformance mock --seed-file" reads and Seed returns. Options after it add to it.
func WithSeed(text []byte) Option {
	return func(o *options) { o.seed, o.err = mockserver.ReadDocument("seed", text) }
}

// WithTLS has the server speak HTTPS, HTTP/2 included. Client trusts its certificate.
func WithTLS() Option { return func(o *options) { o.tls = true } }

// NewServer starts a server that stops when the test ends. The test fails at once where the
// options cannot be.
func NewServer(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, err := Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Start starts a server outside a test. Close stops it.
func Start(opts ...Option) (*Server, error) {
	var o options
	for _, option := range opts {
		option(&o)
		if o.err != nil {
			return nil, fmt.Errorf("zectest: %w", o.err)
		}
	}
	text := o.seed.JSON()
	if _, err := mockserver.ReadDocument("options", text); err != nil {
		return nil, fmt.Errorf("zectest: %w", err)
	}
	inner, err := mockserver.New(mockserver.Options{Seed: o.seed})
	if err != nil {
		return nil, fmt.Errorf("zectest: %w", err)
	}
	s := &Server{server: inner, http: httptest.NewUnstartedServer(inner)}
	if o.tls {
		s.http.EnableHTTP2 = true
		s.http.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		s.http.StartTLS()
	} else {
		s.http.Start()
	}
	s.URL = s.http.URL
	return s, nil
}

// Close stops the server. Calls under way end first; one that a Fault delays is cut off.
func (s *Server) Close() {
	s.server.ClearFaults()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Client returns an HTTP client that trusts the server's certificate.
func (s *Server) Client() *http.Client { return s.http.Client() }

// Credentials returns what callers identify themselves with.
func (s *Server) Credentials() Credentials {
	c := s.server.Mock().Credentials()
	return Credentials{KeyID: c.KeyID, KeyPassword: c.Password, Token: c.Token}
}

// Seed returns what the server now holds, in the form of a seed file.
func (s *Server) Seed() []byte { return s.server.Document().JSON() }

// Reset has the server hold what it held at first, and forget faults, plans, the time it was
// moved on, and the requests it received.
func (s *Server) Reset() {
	if err := s.server.Reset(); err != nil { // it was right once
		panic(fmt.Sprintf("zectest: %v", err))
	}
}

// Advance moves the account's time on: a change that takes an hour has ended after
// Advance(time.Hour). Timestamps of requests are held against the machine's time, which stays.
// It never goes back: a time below 0 counts as 0.
func (s *Server) Advance(d time.Duration) { s.server.Mock().Advance(d) }

// AwaitRequests waits until the server has received at least n calls of an action, and
// returns them; "" stands for any action.
func (s *Server) AwaitRequests(ctx context.Context, action string, n int) ([]Request, error) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		found := s.Requests(action)
		if len(found) >= n {
			return found, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return found, fmt.Errorf("zectest: %d of %d requests to %q came: %w", len(found), n, action, ctx.Err())
		}
	}
}

// Actions returns the actions that the server knows, sorted.
func (s *Server) Actions() []string { return s.server.Mock().Actions() }

// Versions returns the values of X-ZC-Version that the server knows.
func Versions() []string { return mock.Versions() }
