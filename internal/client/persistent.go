package client

import (
	"net/http"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/wire"
)

// errorsInARow is how many requests of a kind in a row must keep failing with 500 before such
// requests are no longer retried after a 500, because waiting does not help.
const errorsInARow = 3

// persistent counts, for each kind of request, the 500s that remained after retries. It keeps the
// run time normal if an endpoint answers 500 to a whole operation, or to everything that it
// refuses.
type persistent struct {
	mu   sync.Mutex
	row  map[kindOfRequest]int
	seen int // of any kind, since the last one that went away
}

type kindOfRequest struct {
	action string
	effect wire.Effect
}

func kindOf(req wire.Request) kindOfRequest { return kindOfRequest{req.Operation.Action, req.Effect} }

// record counts the result of a request of a kind.
func (p *persistent) record(kind kindOfRequest, exchanges []wire.Exchange) {
	last := exchanges[len(exchanges)-1]
	if !last.Judgeable() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if last.Received.Status != http.StatusInternalServerError {
		delete(p.row, kind)
		if slices.ContainsFunc(exchanges, func(e wire.Exchange) bool { return e.Cause == wire.CausePassing }) {
			p.seen = 0
		}
		return
	}
	if p.row == nil {
		p.row = map[kindOfRequest]int{}
	}
	p.row[kind]++
	p.seen++
}

// often reports whether so many 500s have remained that the next ones are retried after a fraction
// of the wait.
func (p *persistent) often() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen >= errorsInARow
}

// known reports whether a 500 to a request of the kind is known to remain.
func (p *persistent) known(kind kindOfRequest) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.row[kind] >= errorsInARow
}
