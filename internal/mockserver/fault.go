package mockserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// Fault says how the next calls of an action fail: with an error response, by a closed connection,
// or with a delay. A call that is only delayed is answered normally after the delay.
type Fault struct {
	Action  string   `json:"action,omitempty" yaml:"action"` // "" means any action
	Times   int      `json:"times,omitempty" yaml:"times"`   // the number of calls; 0 means one
	Status  int      `json:"status,omitempty" yaml:"status"` // of the error response
	Code    string   `json:"code,omitempty" yaml:"code"`
	Message string   `json:"message,omitempty" yaml:"message"`
	Delay   Duration `json:"delay,omitempty" yaml:"delay"`
	Close   bool     `json:"close,omitempty" yaml:"close"` // the connection is closed without an answer
}

// maxDelay limits how long a call is delayed.
const maxDelay = Duration(10 * time.Minute)

// check rejects a fault that is empty or contradicts itself.
func (f Fault) check(actions []string) error {
	switch {
	case f.Action != "" && !slices.Contains(actions, f.Action):
		return fmt.Errorf("there is no action %q: use one of %s", f.Action, strings.Join(actions, ", "))
	case f.Times < 0:
		return fmt.Errorf("times is %d: give how many calls fail", f.Times)
	case (f.Status == 0) != (f.Code == ""):
		return errors.New("status and code go together")
	case f.Message != "" && f.Status == 0:
		return errors.New("message is of an error response: give status and code, too")
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d is no error: give 400 to 599", f.Status)
	case f.Close && f.Status != 0:
		return errors.New("a closed connection carries no status: give one of the two")
	case f.Delay < 0 || f.Delay > maxDelay:
		return fmt.Errorf("delay: give 0s to %s", time.Duration(maxDelay))
	case !f.Close && f.Status == 0 && f.Delay == 0:
		return errors.New("say how the calls fail: status and code, close, or delay")
	}
	return nil
}

// String describes the fault in a request log.
func (f Fault) String() string {
	var parts []string
	if f.Delay > 0 {
		parts = append(parts, "delayed "+time.Duration(f.Delay).String())
	}
	if f.Close {
		parts = append(parts, "closed")
	}
	if f.Status != 0 {
		parts = append(parts, fmt.Sprintf("%d %s", f.Status, f.Code))
	}
	return strings.Join(parts, ", ")
}

// serve makes a call fail, and reports whether it has been answered.
func (f Fault) serve(m *mock.Mock, w http.ResponseWriter, r *http.Request) bool {
	// The log also contains the body of a failing call. And net/http notices that a client has
	// disconnected only after the body was read.
	read, err := io.ReadAll(io.LimitReader(r.Body, maxControl))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(read), r.Body))
	if f.Delay > 0 {
		// Otherwise the server's limit for reading a request would end the wait.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		timer := time.NewTimer(time.Duration(f.Delay))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler) // the client has disconnected
		}
	}
	switch {
	case f.Close:
		panic(http.ErrAbortHandler) // this makes net/http close the connection, or the HTTP/2 stream
	case f.Status != 0:
		m.Refuse(w, f.Status, f.Code, f.Message)
		return true
	}
	return false
}

// faults is the queue of faults that have not been used yet.
type faults struct {
	mu      sync.Mutex
	waiting []Fault
}

func (q *faults) add(f Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	f.Times = max(f.Times, 1)
	q.waiting = append(q.waiting, f)
}

// take returns the fault for a call of an action.
func (q *faults) take(action string) (Fault, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.waiting {
		f := q.waiting[i]
		if f.Action != "" && f.Action != action {
			continue
		}
		if q.waiting[i].Times--; q.waiting[i].Times == 0 {
			q.waiting = slices.Delete(q.waiting, i, i+1)
		}
		return f, true
	}
	return Fault{}, false
}

func (q *faults) list() []Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	return append([]Fault{}, q.waiting...)
}

func (q *faults) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = nil
}

// Fail makes the next calls fail.
func (s *Server) Fail(f Fault) error {
	if err := f.check(s.mock.Actions()); err != nil {
		return err
	}
	s.faults.add(f)
	return nil
}

// Faults returns the faults that have not been used yet.
func (s *Server) Faults() []Fault { return s.faults.list() }

// ClearFaults removes the faults that have not been used yet.
func (s *Server) ClearFaults() { s.faults.clear() }
