package target

import (
	"context"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// baseline holds the type of every listed instance before anything was changed. It shows whether an
// endpoint has changed an instance that no scenario held.
type baseline struct {
	mu    sync.Mutex
	types map[string]string // nil until read
	under *reading          // the reading in progress, nil if there is none

	looked sync.Once
	absent map[string]bool // the instances that neither read operation shows
}

// reading is a read of the types that is in progress.
type reading struct {
	done  chan struct{} // closed when the reading has ended
	types map[string]string
	err   error
}

// read reads the types once, without the instances that the endpoint does not show. Callers that
// arrive during a reading share its result, so that they wait for a slow endpoint together rather
// than one after the other.
func (b *baseline) read(ctx context.Context, p *pool) (map[string]string, error) {
	b.mu.Lock()
	if b.types != nil {
		defer b.mu.Unlock()
		return b.types, nil
	}
	r := b.under
	if r == nil {
		r = &reading{done: make(chan struct{})}
		b.under = r
		b.mu.Unlock()
		r.types, r.err = p.states(ctx)
		b.ended(r)
		return r.types, r.err
	}
	b.mu.Unlock()
	select {
	case <-r.done:
		return r.types, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (b *baseline) ended(r *reading) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.under = nil
	if r.err == nil {
		b.types = r.types
	}
	close(r.done)
}

// missing returns the listed instances that neither read operation shows although each shows
// others: the configuration lists instances that do not exist. It looks once. Reads that fail, or
// show nothing at all, say nothing about the list.
func (b *baseline) missing(ctx context.Context, p *pool) map[string]bool {
	b.looked.Do(func() {
		types, err := b.read(ctx, p)
		if err != nil || len(types) == 0 || len(types) == len(p.config.Instances) {
			return
		}
		absent := map[string]bool{}
		for _, in := range p.config.Instances {
			if types[in.ID] == "" && !p.showsStatus(ctx, in.ID) {
				absent[in.ID] = true
			}
		}
		if len(absent) < len(p.config.Instances) && p.showsStatus(ctx, anyOf(types)) {
			b.absent = absent
		}
	})
	return b.absent
}

func anyOf(types map[string]string) string {
	for id := range types {
		return id
	}
	return ""
}

// showsStatus reports whether the operation that shows statuses lists an instance, or does not
// answer the question.
func (p *pool) showsStatus(ctx context.Context, id string) bool {
	c := p.restorer.changer
	l, err := c.lifecycle()
	if err != nil {
		return true
	}
	a, err := c.send(ctx, l.Observed.Operation, map[string]any{l.Observed.Filter: []string{id}}, wire.Reads)
	if err != nil {
		return true
	}
	for _, row := range a.Rows(l.Observed.Rows) {
		if row[l.Observed.Key] == id {
			return true
		}
	}
	return false
}

// states reads the types and statuses of the listed instances that the endpoint shows, records them
// in the journal, and returns the types.
func (p *pool) states(ctx context.Context) (map[string]string, error) {
	l, err := p.restorer.changer.lifecycle()
	if err != nil {
		return nil, err
	}
	types, err := p.shown(ctx, l.Restored())
	if err != nil {
		return nil, err
	}
	statuses := types
	if l.Valued() {
		if statuses, err = p.shown(ctx, l.Observed); err != nil {
			return nil, err
		}
	}
	return types, p.restorer.know(types, statuses)
}

// shown reads a field of the listed instances that the endpoint shows.
func (p *pool) shown(ctx context.Context, r contract.Reading) (map[string]string, error) {
	rows, err := p.rowsShown(ctx, r)
	return rows.Column(r.Field), err
}

// rowsShown reads the rows of those listed instances that the endpoint shows with a field.
func (p *pool) rowsShown(ctx context.Context, r contract.Reading) (operation.Rows, error) {
	var ids []string
	for _, in := range p.config.Instances {
		ids = append(ids, in.ID)
	}
	found := operation.Rows{}
	for part := range slices.Chunk(ids, r.Together()) {
		for missing := part; len(missing) > 0; {
			a, err := p.restorer.changer.send(ctx, r.Operation, map[string]any{r.Filter: missing}, wire.Reads)
			if err != nil {
				return nil, err
			}
			rows := a.Rows(r.Rows)
			if r.Numeric {
				rows = a.RowsWithNumbers(r.Rows)
			}
			for _, row := range rows {
				if row[r.Field] != "" && slices.Contains(part, row[r.Key]) {
					found[row[r.Key]] = row
				}
			}
			left := slices.DeleteFunc(slices.Clone(missing), func(id string) bool { return found[id] != nil })
			if len(left) == len(missing) {
				break
			}
			missing = left // a page may be shorter than the requested size, because no document guarantees its length
		}
	}
	return found, nil
}
