package zectest

import (
	"net/http"
	"time"

	"github.com/zec-tools/conformance/internal/mockserver"
)

// Fault is how the next calls of an action fail: with an error response, by a closed
// connection, or late. A call that only comes late is served after the delay.
type Fault struct {
	Action  string // "": any
	Times   int    // how many calls; 0: one
	Status  int    // of the error response, 400 to 599
	Code    string // as SERVICE_TEMPORARY_UNAVAILABLE
	Message string
	Delay   time.Duration // at most ten minutes
	Close   bool          // the connection is closed without an answer
}

// Fail has the next calls fail. Faults wait for calls in the order of their coming. It fails
// itself where the fault says nothing, or two things.
func (s *Server) Fail(f Fault) error {
	return s.server.Fail(mockserver.Fault{
		Action: f.Action, Times: f.Times, Status: f.Status, Code: f.Code, Message: f.Message,
		Delay: mockserver.Duration(f.Delay), Close: f.Close,
	})
}

// ClearFaults forgets the faults that still wait for calls.
func (s *Server) ClearFaults() { s.server.ClearFaults() }

// Plan says how a change goes.
type Plan struct {
	Fails bool          // the instance returns to the status and the type that it had
	Takes time.Duration // 0: as long as any other
}

// NextChange has the next change that an action begins go as planned. Plans wait in the
// order of their coming; a call that is refused uses none.
func (s *Server) NextChange(action string, p Plan) error {
	return s.server.PlanChange(mockserver.Plan{Action: action, Fails: p.Fails, Takes: mockserver.Duration(p.Takes)})
}

// Request is a request that a server received, and how it answered. Secrets are removed.
type Request struct {
	Time      time.Time
	Method    string
	Path      string
	Action    string // X-ZC-Action
	Version   string // X-ZC-Version
	Header    http.Header
	Body      string // its first 16 KiB
	Status    int    // 0: the connection was closed without an answer
	Code      string // of an error response
	RequestID string
}

// Requests returns the last thousand requests with this action, in the order of their
// arrival; "" stands for any action.
func (s *Server) Requests(action string) []Request {
	var found []Request
	for _, r := range s.server.Requests() {
		if action == "" || r.Action == action {
			found = append(found, Request{
				Time: r.Time, Method: r.Method, Path: r.Path, Action: r.Action, Version: r.Version, Header: r.Header.Clone(),
				Body: r.Body, Status: r.Status, Code: r.Code, RequestID: r.RequestID,
			})
		}
	}
	return found
}
