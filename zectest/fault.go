package zectest

import (
	"net/http"
	"time"

	"github.com/zec-tools/conformance/internal/mockserver"
)

// Fault says how the next calls of an action fail: with an error response, by a closed connection,
// or with a delay. A call that is only delayed is answered normally after the delay.
type Fault struct {
	Action  string // "" means any action
	Times   int    // the number of calls; 0 means one
	Status  int    // of the error response, 400 to 599
	Code    string // such as SERVICE_TEMPORARY_UNAVAILABLE
	Message string
	Delay   time.Duration // at most ten minutes
	Close   bool          // the connection is closed without an answer
}

// Fail makes the next calls fail. Faults are used in the order in which they were added. Fail
// returns an error if the fault is empty or contradicts itself.
func (s *Server) Fail(f Fault) error {
	return s.server.Fail(mockserver.Fault{
		Action: f.Action, Times: f.Times, Status: f.Status, Code: f.Code, Message: f.Message,
		Delay: mockserver.Duration(f.Delay), Close: f.Close,
	})
}

// ClearFaults removes the faults that have not been used yet.
func (s *Server) ClearFaults() { s.server.ClearFaults() }

// Plan changes the course of a change.
type Plan struct {
	Fails bool          // the instance returns to its previous status and type
	Takes time.Duration // 0 means the usual time
}

// NextChange applies a plan to the next change that an action begins. Plans are used in order; a
// refused call uses none.
func (s *Server) NextChange(action string, p Plan) error {
	return s.server.PlanChange(mockserver.Plan{Action: action, Fails: p.Fails, Takes: mockserver.Duration(p.Takes)})
}

// Request is a request that a server received, with its answer. Secrets are removed.
type Request struct {
	Time      time.Time
	Method    string
	Path      string
	Action    string // X-ZC-Action
	Version   string // X-ZC-Version
	Header    http.Header
	Body      string // its first 16 KiB
	Status    int    // 0 if the connection was closed without an answer
	Code      string // of an error response
	RequestID string
}

// Requests returns the last thousand requests with this action, in the order of arrival; "" means
// any action.
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
