package target

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestAChangeThatPassesBetweenTwoReadsIsInconclusive: each read is answered when
// the change is over. RESIZING was there, and nobody could see it.
func TestAChangeThatPassesBetweenTwoReadsIsInconclusive(t *testing.T) {
	s, _ := playAltered(t, succeeds, func(m *mock.Mock, action string, w http.ResponseWriter, r *http.Request) {
		if action == resized {
			m.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		for {
			r.Body = io.NopCloser(bytes.NewReader(body))
			answer := httptest.NewRecorder()
			if m.ServeHTTP(answer, r); !bytes.Contains(answer.Body.Bytes(), []byte("RESIZING")) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(answer.Code)
				_, _ = w.Write(answer.Body.Bytes())
				return
			}
			time.Sleep(time.Millisecond)
		}
	})
	assert.Equal(t, verdict.Inconclusive, s.Outcome, "%v", s.Findings)
	assert.Equal(t, wire.CauseUnseen, s.Cause)
}

// TestATypeThatIsNoLongerShownIsAFinding has it null once it was changed, at the end of every change: the clause of the
// type says what a row shows, that of the filter only that it is there.
func TestATypeThatIsNoLongerShownIsAFinding(t *testing.T) {
	var changed atomic.Bool
	s, changes := playAltered(t, succeeds, func(m *mock.Mock, action string, w http.ResponseWriter, r *http.Request) {
		changed.Store(changed.Load() || action == resized)
		answer := httptest.NewRecorder()
		m.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if changed.Load() {
			body = regexp.MustCompile(`"instanceType": ?"[^"]*"`).ReplaceAll(body, []byte(`"instanceType":null`))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	})
	require.Len(t, s.Findings, 1, "%s: %s", s.Cause, s.Reason)
	assert.Equal(t, "C-INSTANCES-TYPE", s.Findings[0].Clause)
	assert.Contains(t, s.Reason, "DescribeInstances shows no instanceType of it")
	assert.Equal(t, 1, changes)
}

// TestAStatusThatIsNeverShownIsAFinding: the old status and value are shown for long after the answer, and then
// the new value, with reads so close to each other that RESIZING would have been met.
func TestAStatusThatIsNeverShownIsAFinding(t *testing.T) {
	s, changes := playAltered(t, succeeds, func(m *mock.Mock, _ string, w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		m.ServeHTTP(answer, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte("RESIZING"), []byte("STOPPED")))
	})
	if assert.NotEmpty(t, s.Findings, "%s: %s", s.Cause, s.Reason) {
		assert.Equal(t, "M-RESIZE-RESIZING", s.Findings[0].Clause)
	}
	assert.GreaterOrEqual(t, changes, 12)
}

// TestAStatusOutOfPlaceIsAFindingAtOnce: IMAGING is shown in the first change, and nothing in those that would
// follow. What one change has shown needs no other, and none takes it back.
func TestAStatusOutOfPlaceIsAFindingAtOnce(t *testing.T) {
	var calls atomic.Int64
	s, changes := playAltered(t, succeeds, func(m *mock.Mock, action string, w http.ResponseWriter, r *http.Request) {
		shown := "STOPPED"
		if n := calls.Load(); n == 1 || n == 0 && action == resized {
			shown = "IMAGING"
		}
		if action == resized {
			calls.Add(1)
		}
		answer := httptest.NewRecorder()
		m.ServeHTTP(answer, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte("RESIZING"), []byte(shown)))
	})
	require.Len(t, s.Findings, 1, "%s: %s", s.Cause, s.Reason)
	assert.Equal(t, "M-RESIZE-RESIZING", s.Findings[0].Clause)
	assert.Contains(t, s.Findings[0].Got, "IMAGING on the way")
	assert.Equal(t, 2, changes, "it and the change back")
}
