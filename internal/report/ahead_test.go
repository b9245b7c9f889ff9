package report

import (
	"errors"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
)

func TestWhatIsReadAheadComesInOrderAndEndsWithWhoAsks(t *testing.T) {
	broken := errors.New("the file ends")
	numbered := func(yield func(verdict.Scenario, error) bool) {
		for i := range 100 {
			if !yield(verdict.Scenario{ID: strconv.Itoa(i)}, nil) {
				return
			}
		}
		yield(verdict.Scenario{}, broken)
	}
	before := runtime.NumGoroutine()
	var ids []string
	var last error
	for s, err := range ahead(numbered) {
		if last = err; err == nil {
			ids = append(ids, s.ID)
		}
	}
	assert.Len(t, ids, 100)
	for i, id := range ids {
		assert.Equal(t, strconv.Itoa(i), id)
	}
	assert.Equal(t, broken, last, "an error is handed on")

	for range ahead(numbered) {
		break
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before, "nothing reads on for nobody")
}
