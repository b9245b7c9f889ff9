package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// The names of the protocol that the gate looks for.
const (
	actionModify = "ModifyInstanceType"
	actionStatus = "DescribeInstancesStatus"
	actionList   = "DescribeInstances"
)

// moment is a point in a run as the gate sees it: a request before it is passed on, or
// its answer before it is handed back.
type moment struct {
	answer  bool
	action  string
	changes int    // changes passed on until now, this one included
	ran     bool   // a change has been seen running since the last one was passed on
	body    string // of the request, or of the answer
}

// gate stands between the program and the mock. It stops the first request or answer
// that is the point waited for, tells so, and goes on when it is told to.
type gate struct {
	*httptest.Server
	to      string
	reached chan struct{} // closed when the point has been reached
	resume  chan bool     // whether what was stopped is passed on

	mu      sync.Mutex
	at      func(moment) bool // nil: nothing is stopped any more
	changes int
	ran     bool
}

// newGate opens a gate in front of the endpoint at to. Without a point nothing is stopped.
func newGate(t *testing.T, to string, at func(moment) bool) *gate {
	t.Helper()
	g := &gate{to: to, at: at, reached: make(chan struct{}), resume: make(chan bool, 1)}
	g.Server = httptest.NewServer(g)
	t.Cleanup(func() {
		select {
		case g.resume <- false: // a test that has failed has left a request stopped
		default:
		}
		g.Close()
	})
	return g
}

// ServeHTTP implements http.Handler. What has been passed on reaches the mock also when
// the program is gone by then.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program ended while it was sending
	}
	action := r.Header.Get("X-Zc-Action")
	if !g.pass(moment{action: action, body: string(body)}) {
		return
	}
	out, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, g.to+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return
	}
	out.Header, out.Host = r.Header.Clone(), r.Host
	resp, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || !g.pass(moment{answer: true, action: action, body: string(answer)}) {
		return
	}
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(answer)
}

// pass stops at the point waited for and reports whether to go on.
func (g *gate) pass(m moment) bool {
	g.mu.Lock()
	if m.action == actionModify && !m.answer {
		g.changes++
		g.ran = false
	}
	if m.action == actionStatus && m.answer && g.changes > 0 && strings.Contains(m.body, "RESIZING") {
		g.ran = true
	}
	m.changes, m.ran = g.changes, g.ran
	stop := g.at != nil && g.at(m)
	if stop {
		g.at = nil
	}
	g.mu.Unlock()
	if !stop {
		return true
	}
	close(g.reached)
	return <-g.resume
}

// types asks the mock itself for the type and status of every instance.
func types(t *testing.T, endpoint string) map[string][2]string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint+"/api/v2/zec", strings.NewReader(`{"pageSize":1000}`))
	require.NoError(t, err)
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "X-Zc-Action": {actionList}, "X-Zc-Version": {"2024-04-01"},
		"Authorization": {"Bearer mock-token"},
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Response struct {
			DataSet []struct{ InstanceID, InstanceType, Status string }
		}
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	found := map[string][2]string{}
	for _, in := range answer.Response.DataSet {
		found[in.InstanceID] = [2]string{in.InstanceType, in.Status}
	}
	require.NotEmpty(t, found)
	return found
}
