package target

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// endpoint is a mock behind a socket, and the remote that a run has of it.
type endpoint struct {
	remote  *Remote
	mock    *mock.Mock
	id      string       // a stopped instance
	changes atomic.Int64 // requests to change a type that have arrived
	answer  atomic.Int64 // the status of all further ones; 0: the mock's own

	mu    sync.Mutex
	front http.HandlerFunc // answers in the place of the endpoint; nil: nobody does
}

// behind puts something in front of the endpoint, or takes it away.
func (e *endpoint) behind(front http.HandlerFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.front = front
}

func (e *endpoint) before() http.HandlerFunc {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.front
}

func serve(t *testing.T, options mock.Options) *endpoint {
	t.Helper()
	return serveOf(t, options, (*mock.Mock).SeedAccount, "ModifyInstanceType")
}

// serveOf serves a mock with other instances, on which some actions are allowed.
func serveOf(t *testing.T, options mock.Options, seed func(*mock.Mock) []mock.Instance, allow ...string) *endpoint {
	t.Helper()
	options.ResizeTime = cmp.Or(options.ResizeTime, 5*time.Millisecond)
	e := &endpoint{}
	m := mock.New(options)
	e.mock = m
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if front := e.before(); front != nil {
			front(w, r)
			return
		}
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
	c := defaults()
	c.Name, c.Endpoint, c.Allow = "it", server.URL, allow
	for _, in := range seed(m) {
		c.Instances = append(c.Instances, Listed{ID: in.ID, Status: in.Status, GPU: in.GPU})
		if in.Status == "STOPPED" && !in.GPU && e.id == "" {
			e.id = in.ID
		}
	}
	c.InstanceTypes.Resizable = m.Types().Resizable
	c.Timing = Timing{ResizeTimeout: time.Minute, RestoreTimeout: time.Minute, PollInterval: time.Millisecond, Settle: 5 * time.Millisecond, RequestTimeout: time.Minute}
	c.RequestsPerSecond = 100000
	loaded, err := contract.Load(spec.Files)
	require.NoError(t, err)
	c.reach, c.calls = c.ways(loaded), c.words(loaded)
	creds := m.Credentials()
	env := map[string]string{c.Credentials.KeyID: creds.KeyID, c.Credentials.KeyPassword: creds.Password}
	e.remote, err = Open(c, Access{Env: func(name string) string { return env[name] }, Contract: loaded, Journal: t.TempDir(), State: t.TempDir(), GaveUp: context.Background()})
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

// unheard takes no notice of what stands in the way.
func unheard(string, language.Phrase) {}

func TestAnInstanceGetsItsOldTypeBack(t *testing.T) {
	e := serve(t, mock.Options{})
	was, err := e.remote.Type(t.Context(), e.id)
	require.NoError(t, err)
	e.change(t, "z2a.cpu.8")
	done, failed := e.remote.Cleanup(t.Context(), unheard)
	assert.Empty(t, failed)
	assert.Equal(t, "it has type "+was+" and is STOPPED, as before", done[e.id].In(language.English))
	assert.Len(t, done, 1)
	has, err := e.remote.Type(t.Context(), e.id)
	require.NoError(t, err)
	assert.Equal(t, was, has)
	assert.EqualValues(t, 2, e.changes.Load(), "there and back")
	assert.NoFileExists(t, e.remote.Journal.Path())
}

// TestATypeCountsOnlyInARowThatShowsNoWorkUnderWay: the row lags behind the status, and has
// the old type when the instance has another one.
func TestATypeCountsOnlyInARowThatShowsNoWorkUnderWay(t *testing.T) {
	lags, err := defects.VariantNamed("listing-lags")
	require.NoError(t, err)
	e := serve(t, mock.Options{Alter: lags.Alter, ResizeTime: 200 * time.Millisecond})
	was, err := e.remote.Type(t.Context(), e.id)
	require.NoError(t, err)
	e.change(t, "z2a.cpu.8")
	_, failed := e.remote.Cleanup(t.Context(), unheard)
	require.Empty(t, failed)
	assert.EqualValues(t, 2, e.changes.Load(), "there and back")
	require.Eventually(t, func() bool {
		status, has, err := e.remote.Look(t.Context(), e.id)
		return err == nil && status == "STOPPED" && has == was
	}, time.Minute, 10*time.Millisecond)
}

// TestRestoringEndsAtAnEndpointThatDoesNotDoAsItIsTold allows a minute: the test would
// take that long if only time ended it.
func TestRestoringEndsAtAnEndpointThatDoesNotDoAsItIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		defect string
		answer int64
		calls  int64 // back
		reason string
	}{
		"it is accepted and left as is": {"resize-ignored", 0, ChangesBack - 1, "; the endpoint accepted each change back"},
		"it is refused":                 {"", 400, refusalsTaken, "the change back was answered with 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := serveDefect(t, c.defect)
			e.change(t, "z2a.cpu.8")
			old := e.remote.Left()
			if c.defect == "resize-ignored" { // somebody else has changed it: its old type is another one
				old[e.id] = "z2a.cpu.4"
			}
			e.answer.Store(c.answer)
			failed := e.remote.restorer.restore(t.Context(), old, fullEffort)
			require.Len(t, failed, 1)
			assert.Contains(t, failed[0].Error(), "instance "+e.id+" still has type ")
			assert.Contains(t, failed[0].Error(), "; it had type "+old[e.id])
			assert.Contains(t, failed[0].Error(), c.reason)
			assert.Equal(t, c.calls, e.changes.Load()-1)
			assert.FileExists(t, e.remote.Journal.Path(), "it is still to be done")
		})
	}
}

func serveDefect(t *testing.T, name string) *endpoint {
	t.Helper()
	var options mock.Options
	if name != "" {
		defect, err := defects.Named(name)
		require.NoError(t, err)
		options.Alter = defect.Alter
	}
	return serve(t, options)
}

// TestRestoringEndsAtARowThatDoesNotShowWhatItIsReadFor allows a minute, as above: a type that is never shown would
// otherwise be waited for as long.
func TestRestoringEndsAtARowThatDoesNotShowWhatItIsReadFor(t *testing.T) {
	const unknown = ": whether it is as it was cannot be seen"
	for name, c := range map[string]struct {
		member string
		reason string
	}{
		"its type is null":   {"instanceType", "it is STOPPED, and DescribeInstances shows no instanceType of it" + unknown},
		"its status is null": {"instanceStatus", "DescribeInstancesStatus shows no instanceStatus of it" + unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := serve(t, mock.Options{})
			e.change(t, "z2a.cpu.8")
			e.behind(e.withNull(c.member, &atomic.Bool{}))
			_, failed := e.remote.Cleanup(t.Context(), unheard)
			require.Len(t, failed, 1)
			assert.EqualError(t, failed[0].Err, c.reason)
			assert.EqualValues(t, 1, e.changes.Load(), "nobody knows what to change")
			assert.FileExists(t, e.remote.Journal.Path(), "it is still to be done")
		})
	}
}

// TestATypeThatIsShownAgainIsRestored has it null for less than a settle time.
func TestATypeThatIsShownAgainIsRestored(t *testing.T) {
	var again atomic.Bool
	e := serve(t, mock.Options{})
	e.change(t, "z2a.cpu.8")
	e.remote.restorer.changer.timing.Settle = 2 * time.Second
	e.behind(e.withNull("instanceType", &again))
	_, failed := e.remote.Cleanup(t.Context(), func(_ string, what language.Phrase) {
		if what.In(language.English) == "it is STOPPED, and DescribeInstances shows no instanceType of it" {
			again.Store(true)
		}
	})
	assert.Empty(t, failed)
	assert.True(t, again.Load())
}

// TestATypeThatIsNullNowAndThenIsWaitedFor looks at an instance whose type is shown in some rows
// alone, for longer than a settle time in all.
func TestATypeThatIsNullNowAndThenIsWaitedFor(t *testing.T) {
	e := serve(t, mock.Options{})
	one, err := e.remote.restorer.one(e.id)
	require.NoError(t, err)
	one.wanted, one.oldStatus, one.doubt = "z2a.cpu.1", "STOPPED", true
	long := time.Now().Add(-time.Minute)
	null, shown := look{status: "STOPPED", row: "STOPPED"}, look{status: "STOPPED", row: "STOPPED", kind: "z2a.cpu.1"}

	one.quiet = long
	over, err := one.act(t.Context(), null)
	require.NoError(t, err, "it has just been shown")
	assert.False(t, over)
	one.quiet, one.hidden = time.Time{}, long
	over, err = one.act(t.Context(), shown)
	require.NoError(t, err)
	assert.False(t, over, "the change back may still begin")
	over, err = one.act(t.Context(), null)
	require.NoError(t, err, "another row has shown it")
	assert.False(t, over)
	one.hidden = long
	_, err = one.act(t.Context(), null)
	require.ErrorContains(t, err, "whether it is as it was cannot be seen")
}

// withNull answers as the mock does, and shows a member of rows as null until it is to be shown again.
func (e *endpoint) withNull(member string, again *atomic.Bool) http.HandlerFunc {
	value := regexp.MustCompile(`"` + member + `": ?"[^"]*"`)
	return func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		e.mock.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if !again.Load() {
			body = value.ReplaceAll(body, []byte(`"`+member+`":null`))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}
}

// TestRestoringEndsWithTheTimeAllowed is for what could pass, and does not.
func TestRestoringEndsWithTheTimeAllowed(t *testing.T) {
	for name, c := range map[string]struct {
		answer int64
		front  http.HandlerFunc
		reason string
	}{
		"the change back is answered with 500":    {500, nil, "the change back was answered with 500"},
		"nobody knows the credentials any more":   {0, page(401, `{"requestId":"r","code":"AUTHFAILURE_INVALID","message":""}`), "the endpoint has not shown it for 50ms"},
		"the listing is empty and stays that way": {0, page(200, `{"requestId":"r","response":{"requestId":"r","totalCount":0,"dataSet":[]}}`), "shows no instanceStatus of instance"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := serveDefect(t, "")
			e.change(t, "z2a.cpu.8")
			e.remote.restorer.changer.timing.RestoreTimeout = 50 * time.Millisecond
			e.answer.Store(c.answer)
			e.behind(c.front)
			_, failed := e.remote.Cleanup(t.Context(), unheard)
			require.Len(t, failed, 1)
			assert.Contains(t, failed[0].Error(), c.reason)
		})
	}
}

// page answers every request in one way.
func page(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func dropped(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// TestNothingThatPassesEndsRestoring puts one oddity of real networks after another in
// front of the endpoint while an instance is being restored, then takes it away.
func TestNothingThatPassesEndsRestoring(t *testing.T) {
	const odd = 6 // answers: more than restoring bore when it counted them
	for name, front := range map[string]http.HandlerFunc{
		"401":                  page(401, `{"requestId":"r","code":"AUTHFAILURE_SIGNATURE_FAILURE","message":""}`),
		"403, a page":          page(403, "<html>blocked</html>"),
		"404, a page":          page(404, "<html>moved</html>"),
		"520":                  page(520, "<html>edge</html>"),
		"500":                  page(500, `{"requestId":"r","code":"INTERNAL_ERROR","message":""}`),
		"502":                  page(502, "<html>gateway</html>"),
		"an empty list":        page(200, `{"requestId":"r","response":{"requestId":"r","totalCount":0,"dataSet":[]}}`),
		"nothing that is JSON": page(200, "OK"),
		"dropped connections":  dropped,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := serveDefect(t, "")
			e.change(t, "z2a.cpu.8")
			met, enough := 0, make(chan struct{})
			var mu sync.Mutex
			e.behind(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				if met++; met == odd {
					close(enough)
				}
				mu.Unlock()
				front(w, r)
			})
			var failed []*NotRestored
			over := make(chan struct{})
			go func() {
				defer close(over)
				_, failed = e.remote.Cleanup(t.Context(), unheard)
			}()
			select {
			case <-enough:
			case <-over:
				t.Error("it was given up")
			}
			e.behind(nil)
			<-over
			assert.Empty(t, failed)
			assert.NoFileExists(t, e.remote.Journal.Path())
			assert.EqualValues(t, 2, e.changes.Load(), "there and back")
		})
	}
}

// TestAChangeBackThatNoAnswerCameOfCostsNoEffort: nobody knows that it arrived.
func TestAChangeBackThatNoAnswerCameOfCostsNoEffort(t *testing.T) {
	e := serveDefect(t, "")
	l, err := e.remote.restorer.changer.lifecycle()
	require.NoError(t, err)
	e.change(t, "z2a.cpu.8")
	one := &restoring{restorer: e.remote.restorer, lifecycle: l, id: e.id, wanted: "z2a.cpu.1", left: effort{1, 1}}
	there := look{status: "STOPPED", kind: "z2a.cpu.8", row: "STOPPED"}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	require.Error(t, one.callBack(stopped, there))
	assert.True(t, one.called.IsZero(), "it did not leave, so nothing of it is waited for")
	e.behind(page(502, ""))
	require.Error(t, one.callBack(t.Context(), there))
	assert.False(t, one.called.IsZero())
	e.behind(page(401, `{"requestId":"r","code":"AUTHFAILURE_INVALID","message":""}`))
	require.NoError(t, one.callBack(t.Context(), there))
	assert.Equal(t, effort{1, 1}, one.left)
}
