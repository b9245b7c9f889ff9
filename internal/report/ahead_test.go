package report

import (
	"errors"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
)

func TestWhatIsWorkedOnAheadComesInOrderAndEndsWithWhoAsks(t *testing.T) {
	broken := errors.New("the file ends")
	numbered := func(yield func(verdict.Scenario, error) bool) {
		for i := range 100 {
			if !yield(verdict.Scenario{ID: strconv.Itoa(i)}, nil) {
				return
			}
		}
		yield(verdict.Scenario{}, broken)
	}
	work := func(s verdict.Scenario) string {
		if len(s.ID)%2 == 0 {
			time.Sleep(time.Millisecond) // the next one is done before
		}
		return "<" + s.ID + ">"
	}
	before := runtime.NumGoroutine()
	var made []string
	var last error
	for one, err := range ahead(numbered, work) {
		if last = err; err == nil {
			made = append(made, one)
		}
	}
	assert.Len(t, made, 100)
	for i, one := range made {
		assert.Equal(t, "<"+strconv.Itoa(i)+">", one)
	}
	assert.Equal(t, broken, last, "an error is handed on")

	for range ahead(numbered, work) {
		break
	}
	// A goroutine counts for a moment after its last statement; one more is the condition's own.
	assert.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, time.Minute, time.Millisecond, "nothing works on for nobody")
}
