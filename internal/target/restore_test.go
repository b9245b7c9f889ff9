package target

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// endpoint is a mock behind a socket, and the remote that a run has of it.
type endpoint struct {
	remote  *Remote
	id      string       // a stopped instance
	changes atomic.Int64 // requests to change a type that have arrived
	answer  atomic.Int64 // the status of all further ones; 0: the mock's own
}

func serve(t *testing.T, options mock.Options) *endpoint {
	t.Helper()
	options.ResizeTime = 5 * time.Millisecond
	e := &endpoint{}
	m := mock.New(options)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-ZC-Action") == "ModifyInstanceType" {
			e.changes.Add(1)
			if status := e.answer.Load(); status != 0 {
				w.WriteHeader(int(status))
				_, _ = w.Write([]byte(`{"requestId":"r","code":"OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT","message":""}`))
				return
			}
		}
		m.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c := Config{Name: "it", Endpoint: server.URL, AllowResize: true}
	for _, in := range m.SeedAccount() {
		c.Instances = append(c.Instances, Listed{ID: in.ID, Status: in.Status, GPU: in.GPU})
		if in.Status == "STOPPED" && !in.GPU && e.id == "" {
			e.id = in.ID
		}
	}
	c.InstanceTypes.Resizable = m.Types().Resizable
	c.fillDefaults()
	c.Timing = Timing{ResizeTimeout: time.Minute, PollInterval: time.Millisecond, Settle: 5 * time.Millisecond, RequestTimeout: time.Minute}
	c.RequestsPerSecond = 100000
	law, err := contract.Load(spec.Files)
	require.NoError(t, err)
	creds := m.Credentials()
	env := map[string]string{c.Credentials.KeyID: creds.KeyID, c.Credentials.KeyPassword: creds.Password}
	e.remote, err = Open(c, Access{Env: func(name string) string { return env[name] }, Law: law, Journal: t.TempDir(), GaveUp: context.Background()})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, e.remote.Close()) })
	return e
}

// change calls a change by hand, so that it is noted in the journal.
func (e *endpoint) change(t *testing.T, to string) {
	t.Helper()
	l, err := e.remote.restorer.changer.lifecycle()
	require.NoError(t, err)
	req := wire.Request{Operation: l.Operation, Effect: wire.Changes, Body: []byte(`{"instanceId":"` + e.id + `","instanceType":"` + to + `"}`)}
	_, err = e.remote.ByHand(t.Context(), req)
	require.NoError(t, err)
	_, err = e.remote.Client.Do(t.Context(), req, nil)
	require.NoError(t, err)
}

func TestAnInstanceGetsItsOldTypeBack(t *testing.T) {
	e := serve(t, mock.Options{})
	was, err := e.remote.Type(t.Context(), e.id)
	require.NoError(t, err)
	e.change(t, "z2a.cpu.8")
	done, failed := e.remote.Cleanup(t.Context())
	assert.Empty(t, failed)
	assert.Equal(t, map[string]string{e.id: was}, done)
	has, err := e.remote.Type(t.Context(), e.id)
	require.NoError(t, err)
	assert.Equal(t, was, has)
	assert.EqualValues(t, 2, e.changes.Load(), "there and back")
	assert.NoFileExists(t, e.remote.Journal.Path())
}

// TestPuttingBackEndsAtAnEndpointThatDoesNotDoAsItIsTold allows a minute for each resize:
// the test would take two of them if only time ended it.
func TestPuttingBackEndsAtAnEndpointThatDoesNotDoAsItIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		defect string
		answer int64
		calls  int64 // back
		reason string
	}{
		"it is accepted and left as is": {"resize-ignored", 0, ChangesBack, "after 6 changes back"},
		"it is refused":                 {"", 400, refusalsTaken, "the change back was answered with 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT"},
		"it stays in an error":          {"", 500, refusalsTaken, "the change back was answered with 500"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var options mock.Options
			if c.defect != "" {
				defect, err := mock.DefectNamed(c.defect)
				require.NoError(t, err)
				options.Defect = &defect
			}
			e := serve(t, options)
			e.change(t, "z2a.cpu.8")
			if c.defect == "resize-ignored" { // somebody else has changed it: its old type is another one
				e.remote.Journal.open[e.id] = "z2a.cpu.4"
			}
			e.answer.Store(c.answer)
			_, failed := e.remote.Cleanup(t.Context())
			require.Len(t, failed, 1)
			assert.Contains(t, failed[0].Error(), "instance "+e.id+" is to have type ")
			assert.Contains(t, failed[0].Error(), c.reason)
			assert.Equal(t, c.calls, e.changes.Load()-1)
			assert.FileExists(t, e.remote.Journal.Path(), "it is still to be done")
		})
	}
}
