package target

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
)

func TestWhatIsRequestedIsKnownByValueTimeAndInstance(t *testing.T) {
	var r requested
	resize := contract.Lifecycle{Wanted: "type"}
	before := time.Now()
	r.note(resize, wire.Request{Body: []byte(`{"id":"one","type":"large"}`)}, []string{"one"})
	r.note(resize, wire.Request{Body: []byte(`{"id":"two","type":7}`)}, []string{"two"})
	r.note(contract.Lifecycle{}, wire.Request{Body: []byte(`{"type":"huge"}`)}, []string{"three"})
	assert.Equal(t, "one", r.since(before.Add(-time.Second), "large", []string{"two"}))
	assert.Empty(t, r.since(before.Add(-time.Second), "large", []string{"one"}), "its own")
	assert.Empty(t, r.since(before.Add(-time.Second), "small", nil), "another value")
	assert.Empty(t, r.since(before.Add(time.Hour), "large", nil), "earlier")
	assert.Empty(t, r.since(before.Add(-time.Second), "huge", nil), "an action that asks for none")
	r.note(resize, wire.Request{Body: []byte(`{"id":"a","type":"large"}`)}, []string{"a"})
	assert.Equal(t, "a", r.since(before.Add(-time.Second), "large", nil), "the first by name")
}
