package target

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/wire"
)

// baseline is the type of every listed instance, as it was before anything was changed:
// what an endpoint does by mistake to an instance that no scenario holds is seen by it.
type baseline struct {
	mu    sync.Mutex
	types map[string]string // nil: not read yet
	under *reading          // nil: nobody reads them

	looked sync.Once
	absent map[string]bool // what neither read operation shows
}

// reading is a reading of the types that is under way.
type reading struct {
	done  chan struct{} // closed when it has ended
	types map[string]string
	err   error
}

// read reads the types, once. An instance that the endpoint does not show is left out.
// Who comes while they are being read gets what that reading gets: an endpoint that does
// not answer is waited for by all together, not by one after the other.
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
		r.types, r.err = p.typesShown(ctx)
		b.ended(r, p)
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

func (b *baseline) ended(r *reading, p *pool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.under = nil
	if r.err == nil {
		b.types = r.types
		p.restorer.journal.know(r.types)
	}
	close(r.done)
}

// missing returns the listed instances that neither read operation shows, though each of
// them shows others: the list names what is not there. It looks once. Reads that fail, or
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

// showsStatus reports whether the operation that shows statuses lists an instance, or
// does not say.
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
	return slices.ContainsFunc(a.Rows(l.Observed.Rows), func(row map[string]string) bool { return row[l.Observed.Key] == id })
}

// typesShown reads the types of the listed instances that the endpoint shows.
func (p *pool) typesShown(ctx context.Context) (map[string]string, error) {
	c := p.restorer.changer
	l, err := c.lifecycle()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, in := range p.config.Instances {
		ids = append(ids, in.ID)
	}
	types := map[string]string{}
	for part := range slices.Chunk(ids, idsPerRequest) {
		for missing := part; len(missing) > 0; {
			a, err := c.send(ctx, l.Changed.Operation, map[string]any{l.Changed.Filter: missing}, wire.Reads)
			if err != nil {
				return nil, err
			}
			for _, row := range a.Rows(l.Changed.Rows) {
				if kind := row[l.Changed.Field]; kind != "" && slices.Contains(part, row[l.Changed.Key]) {
					types[row[l.Changed.Key]] = kind
				}
			}
			left := slices.DeleteFunc(slices.Clone(missing), func(id string) bool { return types[id] != "" })
			if len(left) == len(missing) {
				break
			}
			missing = left // a page may be shorter than what was asked for: no document says how long it is
		}
	}
	return types, nil
}

// Finish looks at every listed instance once more when a run is over, and restores those
// whose type has changed although no scenario held them. It returns their types as they
// were found. Whether the endpoint has changed them or somebody else, nobody can tell.
func (r *Remote) Finish(ctx context.Context) map[string]string {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.restorer.gaveUp, cancel)()
	p := r.pool
	p.baseline.mu.Lock()
	was := maps.Clone(p.baseline.types)
	p.baseline.mu.Unlock()
	if !r.restorer.called() || r.restorer.gaveUp.Err() != nil {
		return nil
	}
	now, err := p.typesShown(ctx)
	if err != nil {
		return nil // what is known to be open stands in the journal
	}
	found := map[string]string{}
	for id, kind := range was {
		if now[id] == "" || now[id] == kind || p.isWithdrawn(id) {
			delete(was, id)
			continue
		}
		found[id] = now[id]
	}
	if len(was) > 0 {
		_ = p.restoreAll(ctx, was) // what failed is withdrawn, and reported as unrestored
	}
	return found
}

func (p *pool) isWithdrawn(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.withdrawn[id] != nil
}
