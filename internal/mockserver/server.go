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

// Options configure a Server. The zero value gives one with the mock's own account.
type Options struct {
	// Seed is the content of the mock, initially and after a reset. If Instances is nil (not just
	// empty), the mock has its own account: an instance in each status.
	Seed Document
	Mock mock.Options // Seed overrides its times, credentials and types
	// ResizeTime is the duration of a change and overrides Seed; 0 does not.
	ResizeTime time.Duration
	State      string    // a file that stores the content of the mock; "" stores nothing
	CORS       bool      // pages of any origin may call the mock
	Errors     io.Writer // receives errors of writing the state file; may be nil
	// Verbose receives a line for each request, as text or as JSON; it may be nil.
	Verbose     io.Writer
	VerboseJSON bool
}

// Server is a mock with the functions for tests. It is an http.Handler and safe for concurrent use.
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

// New returns a server with the content of its state file, or else of its seed. Close releases the
// state file.
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

// Close releases the state file.
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
	if has { // otherwise a reset could not restore the seed
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

// fill adds the instances of a document to the mock.
func (s *Server) fill(d Document) error {
	s.mock.Clear()
	s.mock.Advance(time.Duration(d.Ahead))
	if d.Instances == nil {
		s.mock.SeedAccount()
	}
	for i, in := range d.Instances {
		if _, err := s.mock.Add(in.state()); err != nil {
			return d.fault(fmt.Errorf("instances[%d]: %w", i, err), "instances", i)
		}
	}
	return nil
}

// Mock returns the mock itself.
func (s *Server) Mock() *mock.Mock { return s.mock }

// Document returns the current content of the mock, in the form of a seed file.
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

// Reset restores the seed, and clears failures, plans, the advanced time, and the received
// requests.
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

// Stopping makes the readiness path report that the server is about to stop.
func (s *Server) Stopping() { s.ready.Store(false) }

// The paths in addition to those of the API.
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

// health answers the paths for liveness and readiness.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.URL.Path == readyPath && !s.ready.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "stopping\n")
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}
