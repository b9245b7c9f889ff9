package target

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// budget limits the changes of a run, of whatever kind. Every instance that a call changes counts.
// A call that could change an instance reserves its share before it is sent, even if it should be
// refused, and gets the share back if the endpoint refuses it. So the limit holds whatever the
// endpoint does, and however many scenarios run at once.
//
// Restoring an instance is never limited.
type budget struct {
	most int // 0 means no limit

	mu       sync.Mutex
	spent    int
	reserved int
	settled  chan struct{} // closed and replaced whenever a reservation ends
}

func newBudget(most int) *budget { return &budget{most: most, settled: make(chan struct{})} }

// reserve takes count changes out of the budget. If the budget would suffice without the
// reservations of pending calls, it waits for their answers. If the budget is spent, the error is a
// *steps.Lacking.
func (b *budget) reserve(ctx context.Context, count int) error {
	for {
		b.mu.Lock()
		settled := b.settled
		switch {
		case b.most == 0 || b.spent+b.reserved+count <= b.most:
			b.reserved += count
			b.mu.Unlock()
			return nil
		case b.spent+count > b.most:
			b.mu.Unlock()
			return &steps.Lacking{Reason: fmt.Sprintf("maxChanges %d: %d are made, and the next call could make %d more: raise maxChanges to run the scenario", b.most, b.spent, count)}
		}
		b.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-settled:
		}
	}
}

// settle ends a reservation. spent is the number of changes that were, or may have been, made.
func (b *budget) settle(reserved, spent int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reserved -= reserved
	b.spent += spent
	close(b.settled)
	b.settled = make(chan struct{})
}

// made returns the number of changes that were, or may have been, made.
func (b *budget) made() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spent
}

// bound reserves what a request could change until the request is answered.
func (r *Remote) bound(ctx context.Context, req wire.Request) (func([]wire.Exchange), error) {
	if req.Effect == wire.Restores {
		return nil, nil
	}
	touched := r.touched(req)
	if len(touched) == 0 {
		return nil, nil
	}
	if err := r.budget.reserve(ctx, len(touched)); err != nil {
		return nil, err
	}
	return func(sent []wire.Exchange) { r.budget.settle(len(touched), r.changedBy(req, touched, sent)) }, nil
}

// changedBy returns how many instances a call has changed, or may have changed: none if it was
// refused, none of those that the answer lists as failed, and none if the answer is the list of a
// read, whatever the request contained.
func (r *Remote) changedBy(req wire.Request, touched []string, sent []wire.Exchange) int {
	left := slices.ContainsFunc(sent, func(e wire.Exchange) bool { return e.Timing.End > 0 })
	if !left {
		return 0
	}
	last := sent[len(sent)-1]
	if !last.Judgeable() {
		return len(touched)
	}
	switch status := last.Received.Status; {
	case status >= http.StatusBadRequest && status < http.StatusInternalServerError:
		return 0
	case status != http.StatusOK:
		return len(touched)
	}
	answer := wire.ReadAnswer(*last.Received)
	if r.restorer.changer.contract.AnswersAsRead(req.Operation, answer) {
		return 0
	}
	d, _ := r.restorer.changer.contract.Lifecycle(req.Operation)
	failed := answer.Strings(d.Failed)
	return len(slices.DeleteFunc(touched, func(id string) bool { return slices.Contains(failed, id) }))
}
