package mockserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/yamlfile"
)

// maxControl limits the body of a request to the control interface, in bytes.
const maxControl = 4 << 20

// Control returns the control interface. It has no credentials, so that anyone who can reach it
// controls the mock. Therefore it refuses pages in a browser and, if local is set, requests with a
// host name other than this machine's own.
func (s *Server) Control(local bool) http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range map[string]func(r *http.Request) (any, error){
		"GET /seed":              func(*http.Request) (any, error) { return s.Document(), nil },
		"POST /reset":            func(*http.Request) (any, error) { return nil, s.Reset() },
		"GET /instances":         func(*http.Request) (any, error) { return s.List(), nil },
		"POST /instances":        s.addInstance,
		"PATCH /instances/{id}":  s.setInstance,
		"DELETE /instances/{id}": s.removeInstance,
		"GET /faults":            func(*http.Request) (any, error) { return s.Faults(), nil },
		"POST /faults":           s.addFault,
		"DELETE /faults":         func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil },
		"POST /changes":          s.planChange,
		"GET /requests":          func(*http.Request) (any, error) { return s.Requests(), nil },
		"DELETE /requests":       func(*http.Request) (any, error) { s.ClearRequests(); return nil, nil },
		"GET /clock":             func(*http.Request) (any, error) { return s.clock(), nil },
		"POST /clock":            s.advance,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			value, err := do(r)
			reply(w, value, err)
		})
	}
	mux.HandleFunc("GET "+healthPath, s.health)
	mux.HandleFunc("GET "+readyPath, s.health)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Origin") != "":
			refuse(w, http.StatusForbidden, "the control interface is not for pages in a browser")
		case local && !isLocal(r.Host):
			refuse(w, http.StatusForbidden, "call the control interface by the address that it listens on")
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxControl)
			serveKnown(mux, w, r)
		}
	})
}

// isLocal reports whether the host of a request is this machine under its own name. Another name
// that leads here may be a DNS rebinding attack.
func isLocal(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// missing is the error about a thing that does not exist.
type missing struct{ error }

func reply(w http.ResponseWriter, value any, err error) {
	var absent missing
	switch {
	case errors.As(err, &absent):
		refuse(w, http.StatusNotFound, err.Error())
	case err != nil:
		refuse(w, http.StatusBadRequest, err.Error())
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		write(w, http.StatusOK, value)
	}
}

// serveKnown serves the routes of the mux, and refuses others in the common form of errors.
func serveKnown(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	if _, pattern := mux.Handler(r); pattern != "" {
		mux.ServeHTTP(w, r)
		return
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		refuse(w, http.StatusNotFound, fmt.Sprintf("there is nothing at %s: GET /seed, /instances, /faults, /requests and /clock show what there is", r.URL.Path))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	refuse(w, http.StatusMethodNotAllowed, fmt.Sprintf("%s takes %s", r.URL.Path, strings.Join(allowed, ", ")))
}

func refuse(w http.ResponseWriter, status int, message string) {
	write(w, status, map[string]string{"error": message})
}

func write(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // a client that has disconnected needs no answer
}

// body strictly parses the body of a request to the control interface, in JSON or YAML.
func body(r *http.Request, into any) error {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return errors.New("the body is empty")
	}
	return yamlfile.Load("body", text, into)
}

// List returns every instance as reads show it now.
func (s *Server) List() []Instance {
	list := []Instance{}
	for _, in := range s.mock.Instances() {
		list = append(list, instanceOf(mock.State{Instance: in}))
	}
	return list
}

// Add adds an instance. Missing fields are filled in.
func (s *Server) Add(in Instance) (Instance, error) {
	added, err := s.mock.Add(in.state())
	if err != nil {
		return Instance{}, err
	}
	return instanceOf(mock.State{Instance: added}), s.Save()
}

// Set changes the status of an instance, its type, or both; "" leaves one unchanged.
func (s *Server) Set(id, status, instanceType string) (Instance, error) {
	if !s.has(id) {
		return Instance{}, missing{fmt.Errorf("there is no instance %q", id)}
	}
	if status == "" && instanceType == "" {
		return Instance{}, errors.New("give a status, a type, or both")
	}
	in, err := s.mock.Set(id, status, instanceType)
	if err != nil {
		return Instance{}, err
	}
	return instanceOf(mock.State{Instance: in}), s.Save()
}

// Remove removes an instance.
func (s *Server) Remove(id string) error {
	if !s.has(id) {
		return missing{fmt.Errorf("there is no instance %q", id)}
	}
	s.mock.Forget(id)
	return s.Save()
}

func (s *Server) has(id string) bool {
	for _, in := range s.mock.Instances() {
		if in.ID == id {
			return true
		}
	}
	return false
}

func (s *Server) addInstance(r *http.Request) (any, error) {
	var in Instance
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return s.Add(in)
}

func (s *Server) setInstance(r *http.Request) (any, error) {
	var to struct {
		Status string `yaml:"status"`
		Type   string `yaml:"type"`
	}
	if err := body(r, &to); err != nil {
		return nil, err
	}
	return s.Set(r.PathValue("id"), to.Status, to.Type)
}

func (s *Server) removeInstance(r *http.Request) (any, error) {
	return nil, s.Remove(r.PathValue("id"))
}

func (s *Server) addFault(r *http.Request) (any, error) {
	var f Fault
	if err := body(r, &f); err != nil {
		return nil, err
	}
	return nil, s.Fail(f)
}

// Plan changes the course of the next change of an action.
type Plan struct {
	Action string   `json:"action" yaml:"action"`
	Fails  bool     `json:"fails,omitempty" yaml:"fails"` // the instance returns to its previous state
	Takes  Duration `json:"takes,omitempty" yaml:"takes"` // 0 means the usual time
}

// PlanChange applies a plan to the next change of an action.
func (s *Server) PlanChange(p Plan) error {
	if !s.mock.Changes(p.Action) {
		return fmt.Errorf("%q is no action that changes an instance", p.Action)
	}
	if p.Takes < 0 {
		return errors.New("takes: give 0s or more")
	}
	if !p.Fails && p.Takes == 0 {
		return errors.New("say how the change goes: fails, takes, or both")
	}
	s.mock.Plan(p.Action, mock.Plan{Fails: p.Fails, Takes: time.Duration(p.Takes)})
	return nil
}

func (s *Server) planChange(r *http.Request) (any, error) {
	var p Plan
	if err := body(r, &p); err != nil {
		return nil, err
	}
	return nil, s.PlanChange(p)
}

// clockReading is the account's time.
type clockReading struct {
	Now   time.Time `json:"now"`
	Ahead Duration  `json:"ahead"` // compared with the machine's time
}

func (s *Server) clock() clockReading {
	ahead := s.mock.Advanced()
	return clockReading{Now: time.Now().Add(ahead).UTC(), Ahead: Duration(ahead)}
}

// Advance moves the account's time forward. Timestamps of clients are compared with the machine's
// time, which does not change.
func (s *Server) Advance(by time.Duration) error {
	s.mock.Advance(by)
	return s.Save()
}

func (s *Server) advance(r *http.Request) (any, error) {
	var to struct {
		Advance Duration `yaml:"advance"`
	}
	if err := body(r, &to); err != nil {
		return nil, err
	}
	if to.Advance == 0 {
		return nil, errors.New("advance: give how far to move the clock on, as 1h")
	}
	if err := s.Advance(time.Duration(to.Advance)); err != nil {
		return nil, err
	}
	return s.clock(), nil
}
