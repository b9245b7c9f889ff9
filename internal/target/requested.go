package target

import (
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
)

// requested records which values this run has requested for each instance, and when it last did.
type requested struct {
	mu   sync.Mutex
	when map[string]map[string]time.Time // by value, by instance
}

// note records the value of a call that is about to be sent, if it has one.
func (a *requested) note(d contract.Lifecycle, req wire.Request, ids []string) {
	value := d.AskedIn(req.Body)
	if value == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.when == nil {
		a.when = map[string]map[string]time.Time{}
	}
	if a.when[value] == nil {
		a.when[value] = map[string]time.Time{}
	}
	for _, id := range ids {
		a.when[value][id] = time.Now()
	}
}

// since returns an instance, other than those given, for which a value was requested since a time;
// "" if there is none.
func (a *requested) since(start time.Time, value string, but []string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []string
	for id, at := range a.when[value] {
		if at.After(start) && !slices.Contains(but, id) {
			found = append(found, id)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}
