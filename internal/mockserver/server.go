package mockserver

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/secret"
)

// Options say how a Server is made; the zero value is one with the mock's own account.
type Options struct {
	// Seed is what the mock holds at first and after a reset. Without Instances (nil, not
	// empty) that is the mock's own account: an instance in each status.
	Seed Document
	Mock mock.Options // its times, credentials and types are those of Seed where that names them
	// ResizeTime is how long a change takes, whatever Seed says; 0: as Seed says.
	ResizeTime time.Duration
	State      string    // a file that keeps what the mock holds; "": nothing is kept
	CORS       bool      // pages of any origin may call the mock
	Errors     io.Writer // is told when the state file cannot be written; nil: nobody is
	// Verbose gets a line for each request, as text or as JSON; nil: nobody does.
	Verbose     io.Writer
	VerboseJSON bool
}

// Server is a mock and what a test does with it. It is an http.Handler, safe for concurrent use.
type Server struct {
	mock     *mock.Mock
	seed     Document
	state    *stateFile
	cors     bool
	faults   faults
	requests requests
	print    printer
	filter   *secret.Filter
	errors   io.Writer
	ready    atomic.Bool
	setting  sync.Mutex // one reset at a time
}

// New returns a server that holds what its state file does, or else its seed. Close lets
// another one have the state file.
func New(o Options) (*Server, error) {
	state := &stateFile{path: o.State}
	if err := state.claim(); err != nil {
		return nil, err
	}
	s, err := o.server(state)
	if err != nil {
		return nil, errors.Join(err, state.release())
	}
	return s, nil
}

// Close lets another server have the state file.
func (s *Server) Close() error { return s.state.release() }

func (o *Options) server(state *stateFile) (*Server, error) {
	held := o.Seed
	kept, has, err := state.read()
	if err != nil {
		return nil, err
	}
	if has {
		held = kept
	}
	options := o.Mock
	options.ResizeTime = cmp.Or(o.ResizeTime, time.Duration(held.ResizeTime), options.ResizeTime)
	options.TransientTime = cmp.Or(time.Duration(held.TransientTime), options.TransientTime)
	if c := held.Credentials; c != nil {
		options.Credentials = mock.Credentials{KeyID: c.KeyID, Password: c.KeyPassword, Token: c.Token}
	}
	for _, t := range held.Types {
		options.Types = append(options.Types, mock.Type(t))
	}
	s := &Server{mock: mock.New(options), seed: o.Seed, state: state, cors: o.CORS, errors: o.Errors, print: printer{to: o.Verbose, json: o.VerboseJSON}}
	c := s.mock.Credentials()
	s.filter = secret.NewFilter(secret.New(c.Password), secret.New(c.Token))
	if has { // a reset could not hold the seed otherwise
		if err := s.fill(s.seed); err != nil {
			return nil, fmt.Errorf("%w; the types are those that %s keeps: remove it to begin with the seed", err, o.State)
		}
	}
	if err := s.fill(held); err != nil {
		return nil, err
	}
	s.ready.Store(true)
	return s, s.Save()
}

// fill has the mock hold a document's instances.
func (s *Server) fill(d Document) error {
	s.mock.Clear()
	s.mock.Advance(time.Duration(d.Ahead))
	if d.Instances == nil {
		s.mock.SeedAccount()
	}
	for i, in := range d.Instances {
		if _, err := s.mock.Add(in.state()); err != nil {
			return d.fault(fmt.Errorf("instances[%d]: %w", i, err))
		}
	}
	return nil
}

// Mock returns the mock itself.
func (s *Server) Mock() *mock.Mock { return s.mock }

// Document returns what the mock now holds, in the form of a seed file.
func (s *Server) Document() Document {
	c := s.mock.Credentials()
	d := Document{
		ResizeTime: Duration(s.mock.ResizeTime()), TransientTime: Duration(s.mock.TransientTime()), Ahead: Duration(s.mock.Advanced()),
		Credentials: &Credentials{KeyID: c.KeyID, KeyPassword: c.Password, Token: c.Token}, Instances: []Instance{},
	}
	for _, t := range s.mock.Catalogue() {
		d.Types = append(d.Types, Type(t))
	}
	for _, state := range s.mock.Account() {
		d.Instances = append(d.Instances, instanceOf(state))
	}
	return d
}

// Reset has the mock hold its seed again, and forget failures, plans, the time it was moved
// on, and the requests it received.
func (s *Server) Reset() error {
	s.setting.Lock()
	defer s.setting.Unlock()
	s.faults.clear()
	s.requests.clear()
	if err := s.fill(s.seed); err != nil {
		return err
	}
	return s.Save()
}

// Stopping has the readiness path answer that the server will not serve for long.
func (s *Server) Stopping() { s.ready.Store(false) }

// The paths beside those of the API.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && (r.URL.Path == healthPath || r.URL.Path == readyPath) {
		s.health(w, r)
		return
	}
	if s.cors && allowOrigin(w, r) {
		return
	}
	received := s.begin(r)
	answer := &recorder{ResponseWriter: w}
	answer.tell = func() { s.end(received, answer) }
	defer answer.told()
	if f, has := s.faults.take(r.Header.Get("X-ZC-Action")); has {
		received.Fault = f.String()
		if served := f.serve(s.mock, answer, r); served {
			return
		}
	}
	s.mock.ServeHTTP(answer, r)
}

// health answers the paths that tell whether the server is there, and whether it serves.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.URL.Path == readyPath && !s.ready.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "stopping\n")
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}
