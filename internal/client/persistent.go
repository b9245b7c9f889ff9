package client

import (
	"net/http"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/wire"
)

// errorsInARow is how many requests of one kind in a row must stay at a 500 before the
// next ones are not sent again after it: waiting has been seen not to help.
const errorsInARow = 3

// persistent counts the 500s that stayed after a request was sent again, for each kind of
// request: an endpoint that answers 500 to a whole operation, or to whatever it refuses, is
// judged in the usual time.
type persistent struct {
	mu   sync.Mutex
	row  map[kindOfRequest]int
	seen int // of any kind, since one passed
}

type kindOfRequest struct {
	action string
	effect wire.Effect
}

func kindOf(req wire.Request) kindOfRequest { return kindOfRequest{req.Operation.Action, req.Effect} }

// record counts how a request of the kind ended.
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

// often reports whether so many have stayed that the next ones are sent again after a
// fraction of the wait.
func (p *persistent) often() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen >= errorsInARow
}

// known reports whether a 500 to a request of the kind is known to stay.
func (p *persistent) known(kind kindOfRequest) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.row[kind] >= errorsInARow
}
