package target

import (
	"sync"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// maxRecorded limits the exchanges outside of scenarios that are kept.
const maxRecorded = 2000

// record keeps the calls that prepare and restore instances, without secrets. It omits the reads in
// between, because they are many and change nothing.
type record struct {
	mu        sync.Mutex
	exchanges []wire.Exchange
	dropped   bool
}

func (r *record) add(c *client.Client, exchanges []wire.Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range exchanges {
		if x.Effect == wire.Reads {
			continue
		}
		if len(r.exchanges) == maxRecorded {
			r.dropped = true
			return
		}
		r.exchanges = append(r.exchanges, c.Redact(x))
	}
}

// Recorded returns the calls made so far to prepare and restore instances.
func (r *Remote) Recorded() *verdict.Fixture {
	kept := &r.restorer.changer.record
	kept.mu.Lock()
	defer kept.mu.Unlock()
	return &verdict.Fixture{Complete: !kept.dropped, Exchanges: append([]wire.Exchange{}, kept.exchanges...)}
}
