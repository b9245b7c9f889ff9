package target

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// altered is an endpoint behind something that alters what it answers.
type altered func(m *mock.Mock, action string, w http.ResponseWriter, r *http.Request)

// playAltered plays one scenario against an altered endpoint, and counts the changes called.
func playAltered(t *testing.T, steps string, front altered) (s verdict.Scenario, changes int) {
	t.Helper()
	loaded, err := contract.Load(spec.Files)
	require.NoError(t, err)
	m := mock.New(mock.Options{ResizeTime: resizeTime})
	in := m.Seed(mock.Instance{Status: "STOPPED"})
	var called atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		action := r.Header.Get("X-ZC-Action")
		if action == resized {
			called.Add(1)
		}
		front(m, action, w, r)
	}))
	t.Cleanup(server.Close)
	c := defaults()
	c.Name, c.Endpoint, c.Allow, c.RequestsPerSecond = "it", server.URL, []string{resized}, 100000
	c.Instances = []Listed{{ID: in.ID, Status: in.Status}}
	c.InstanceTypes.Resizable = m.Types().Resizable
	c.Timing = Timing{ResizeTimeout: time.Minute, RestoreTimeout: time.Minute, PollInterval: 5 * time.Millisecond, Settle: 110 * time.Millisecond, RequestTimeout: time.Minute}
	creds := m.Credentials()
	env := map[string]string{c.Credentials.KeyID: creds.KeyID, c.Credentials.KeyPassword: creds.Password}
	remote, err := Open(c, Access{Env: func(name string) string { return env[name] }, Contract: loaded, Journal: t.TempDir(), State: t.TempDir(), GaveUp: context.Background()})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, remote.Close()) })
	text := "Feature: F\n\n  @R-REFUSED-UNCHANGED\n  Rule: A refused request changes nothing.\n\n    @a-case\n    Example: One\n" + steps
	all, err := suite.Read(map[string][]byte{"f.feature": []byte(text)}, suite.ContractOf(loaded))
	require.NoError(t, err)
	_, err = run.Execute(t.Context(), run.Plan{
		Contract: loaded, Suite: all, Cases: all.Cases, Target: remote.Target, Parallel: 1,
		Done: func(_ int, one verdict.Scenario) error {
			s, changes = one, int(called.Load())
			return nil
		},
	})
	require.NoError(t, err)
	return s, changes
}

// resizeTime is long beside the answers of a busy machine.
const resizeTime = 80 * time.Millisecond

const (
	succeeds = "      Given a STOPPED instance\n      When ModifyInstanceType is called on it\n      Then the answer is a success\n" +
		"      And the instance goes through RESIZING to STOPPED and stays there\n      And the instance has the value asked for\n"
	sameValue = "      Given a STOPPED instance\n      When ModifyInstanceType is called on it for the value it has\n" +
		"      Then the change is carried out, or refused with a documented 4xx error\n"
	refused = "      Given a STOPPED instance\n      When ModifyInstanceType is called on it for a value that does not exist\n" +
		"      Then the answer is the error 404 INVALID_INSTANCE_TYPE_NOT_FOUND\n      And the instance is unchanged\n"
)

// unavailable answers as a service that is not there for a moment.
func unavailable(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(`{"requestId":"r","code":"SERVICE_TEMPORARY_UNAVAILABLE","message":""}`))
}

// TestAChangeThatPassedWhileNoReadWasAnsweredIsInconclusive: nobody has looked, and one
// change is enough to know it.
func TestAChangeThatPassedWhileNoReadWasAnsweredIsInconclusive(t *testing.T) {
	var mu sync.Mutex
	var until time.Time
	s, changes := playAltered(t, succeeds, func(m *mock.Mock, action string, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if action != resized && time.Now().Before(until) {
			unavailable(w)
			return
		}
		m.ServeHTTP(w, r)
		if action == resized && until.IsZero() {
			until = time.Now().Add(400 * time.Millisecond)
		}
	})
	assert.Equal(t, verdict.Inconclusive, s.Outcome, "%v", s.Findings)
	assert.Equal(t, wire.CauseUnavailable, s.Cause)
	assert.LessOrEqual(t, changes, 2, "the one, and the one that leads back")
}

// TestA503IsNoProofThatNothingBegan: the change was carried out, and is over when the
// instances are looked at. The status alone would prove that it never began.
func TestA503IsNoProofThatNothingBegan(t *testing.T) {
	for name, c := range map[string]struct {
		steps   string
		changes int // the one, and the one that leads back
	}{
		"another value":                          {succeeds, 2},
		"the value it has, which proves nothing": {sameValue, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			begun := time.Time{}
			s, changes := playAltered(t, c.steps, func(m *mock.Mock, action string, w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				if action == resized && begun.IsZero() {
					m.ServeHTTP(httptest.NewRecorder(), r)
					begun = time.Now()
					unavailable(w)
					return
				}
				for begun.Add(resizeTime).After(time.Now()) { // every later request is answered when it is over
					time.Sleep(time.Millisecond)
				}
				m.ServeHTTP(w, r)
			})
			assert.Equal(t, verdict.Inconclusive, s.Outcome, "%v", s.Findings)
			assert.Equal(t, wire.CauseUnavailable, s.Cause)
			assert.Equal(t, c.changes, changes)
		})
	}
}

// TestAChangeOfSomebodyElseIsNamed: another user of the account gives the instance a type
// that this run never asked for.
func TestAChangeOfSomebodyElseIsNamed(t *testing.T) {
	var mu sync.Mutex
	other := false
	s, _ := playAltered(t, refused, func(m *mock.Mock, action string, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		answer := httptest.NewRecorder()
		m.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if other {
			body = bytes.ReplaceAll(body, []byte("z2a.cpu.1"), []byte("z2a.cpu.8"))
		}
		switch action {
		case resized:
			other = true
		case "DescribeInstances":
			defer func() { other = false }() // seen once: restoring finds the old one
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	})
	assert.Equal(t, verdict.Inconclusive, s.Outcome, "%v", s.Findings)
	assert.Equal(t, wire.CauseForeign, s.Cause)
	assert.Contains(t, s.Reason, "which this run did not call")
}

// TestWhatIsReadToAcquireAnInstanceIsJudged: no scenario may be able to use an instance whose status
// cannot be read, so that no step reads it either.
func TestWhatIsReadToAcquireAnInstanceIsJudged(t *testing.T) {
	for name, c := range map[string]struct {
		old, odd string
		outcome  verdict.Outcome
		clause   string
	}{
		"a status that is a number": {`"instanceStatus":"STOPPED"`, `"instanceStatus":7`, verdict.Failed, "C-STATUS-STATUS"},
		"no status":                 {`"instanceStatus":"STOPPED"`, `"state":"STOPPED"`, verdict.Failed, "C-STATUS-STATUS"},
		"as documented":             {"", "", verdict.Passed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := playAltered(t, refused, func(m *mock.Mock, _ string, w http.ResponseWriter, r *http.Request) {
				answer := httptest.NewRecorder()
				m.ServeHTTP(answer, r)
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(answer.Code)
				_, _ = w.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte(c.old), []byte(c.odd)))
			})
			assert.Equal(t, c.outcome, s.Outcome, "%s", s.Reason)
			if c.clause == "" {
				assert.Empty(t, s.Findings)
				assert.Zero(t, s.Steps[0].Exchanges)
				return
			}
			require.NotEmpty(t, s.Findings)
			assert.Equal(t, c.clause, s.Findings[0].Clause)
			assert.Equal(t, 1, s.Findings[0].Exchange)
			assert.Equal(t, 1, s.Steps[0].Exchanges, "before the first step")
			assert.Equal(t, "DescribeInstancesStatus", s.Exchanges[0].Operation.Action)
		})
	}
}
