package target

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
)

// TestWhatIsLeftIsLookedAtOnceMoreAtTheEnd has the endpoint come to its senses meanwhile.
func TestWhatIsLeftIsLookedAtOnceMoreAtTheEnd(t *testing.T) {
	for name, c := range map[string]struct {
		answer int64 // at the end
		calls  int64 // at the end
		left   int
	}{
		"it can be changed back now":         {0, 1, 0},
		"it is refused again, and only once": {400, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := serveDefect(t, "")
			e.change(t, "z2a.cpu.8")
			e.answer.Store(400)
			require.Error(t, e.remote.pool.restoreAll(t.Context(), e.remote.Left()))
			require.Len(t, e.remote.Unrestored(), 1)
			before := e.changes.Load()
			e.answer.Store(c.answer)
			assert.Empty(t, e.remote.Finish(t.Context()))
			assert.Equal(t, c.calls, e.changes.Load()-before)
			assert.Len(t, e.remote.Unrestored(), c.left)
		})
	}
}

// TestARowThatStillShowsTheWorkIsLookedIntoAtTheEnd: an instance that no scenario held has its old
// type in a row that shows a change under way, and another one when that has ended.
func TestARowThatStillShowsTheWorkIsLookedIntoAtTheEnd(t *testing.T) {
	lags, err := defects.VariantNamed("listing-lags")
	require.NoError(t, err)
	e := serve(t, mock.Options{Alter: lags.Alter, ResizeTime: 200 * time.Millisecond})
	was, err := e.remote.pool.baseline.read(t.Context(), e.remote.pool)
	require.NoError(t, err)
	e.change(t, "z2a.cpu.8")
	require.NoError(t, e.remote.restorer.done(e.id)) // nothing is known of the call
	require.Eventually(t, func() bool {
		status, has, err := e.remote.Look(t.Context(), e.id)
		return err == nil && status == "STOPPED" && has == was[e.id]
	}, time.Minute, time.Millisecond)
	assert.Empty(t, e.remote.Finish(t.Context()), "its type was not seen to be another one")
	assert.EqualValues(t, 2, e.changes.Load(), "there and back")
	assert.Empty(t, e.remote.Unrestored())
}
