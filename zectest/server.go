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

// Server is a mock that serves on a loopback port. Its methods are safe for concurrent use.
type Server struct {
	URL string // scheme://host:port; the API's path follows it

	server *mockserver.Server
	http   *httptest.Server
}

// Credentials are the credentials of clients: a key with its password, a bearer token, or both.
// They open nothing but the server that they were given to.
type Credentials struct {
	KeyID       string
	KeyPassword string
	Token       string
}

// Option configures a server.
type Option func(*options)

type options struct {
	seed mockserver.Document
	tls  bool
	err  error
}

// WithInstances sets the instances of the server, initially and after a Reset. By default it has
// one in each documented status, six of them STOPPED, and two GPU instances.
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

// WithTypes replaces the instance types of the server.
func WithTypes(types ...Type) Option {
	return func(o *options) {
		for _, t := range types {
			o.seed.Types = append(o.seed.Types, mockserver.Type{ID: t.ID, CPU: t.CPU, Memory: t.Memory, Use: string(t.Use)})
		}
	}
}

// WithCredentials replaces the credentials of the server.
func WithCredentials(c Credentials) Option {
	return func(o *options) { o.seed.Credentials = (*mockserver.Credentials)(&c) }
}

// WithChangeTime sets the duration of a resize, a start, a stop and a reboot. The default is 50 ms.
func WithChangeTime(d time.Duration) Option {
	return func(o *options) { o.seed.ResizeTime = mockserver.Duration(d) }
}

// WithSeed sets the contents of the server from the text of a seed file, in YAML or JSON.
// "conformance mock --seed-file" reads the same form, and Seed returns it. Later options add to it.
func WithSeed(text []byte) Option {
	return func(o *options) { o.seed, o.err = mockserver.ReadDocument("seed", text) }
}

// WithTLS makes the server use HTTPS, including HTTP/2. Client trusts its certificate.
func WithTLS() Option { return func(o *options) { o.tls = true } }

// NewServer starts a server that stops when the test ends. If the options are invalid, the test
// fails at once.
func NewServer(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, err := Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Start starts a server outside of a test. Close stops it.
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

// Close stops the server after the pending calls have ended. A call that a Fault delays is cut off.
func (s *Server) Close() {
	s.server.ClearFaults()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Client returns an HTTP client that trusts the server's certificate.
func (s *Server) Client() *http.Client { return s.http.Client() }

// Credentials returns the credentials of the server's clients.
func (s *Server) Credentials() Credentials {
	c := s.server.Mock().Credentials()
	return Credentials{KeyID: c.KeyID, KeyPassword: c.Password, Token: c.Token}
}

// Seed returns the current contents of the server, in the form of a seed file.
func (s *Server) Seed() []byte { return s.server.Document().JSON() }

// Reset restores the initial contents, and clears faults, plans, the advanced time, and the
// received requests.
func (s *Server) Reset() {
	if err := s.server.Reset(); err != nil { // it was valid before
		panic(fmt.Sprintf("zectest: %v", err))
	}
}

// Advance moves the account's time forward: a change that takes an hour has ended after
// Advance(time.Hour). The timestamps of requests are compared with the machine's time, which does
// not change. The account's time never goes back; a negative duration counts as 0.
func (s *Server) Advance(d time.Duration) { s.server.Mock().Advance(d) }

// AwaitRequests waits until the server has received at least n calls of an action, and returns
// them; "" means any action.
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
