package mock

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Store holds the instances by id, for calls that name them, and in the order of creation, for
// listings. Its lock protects only the two indexes. Instances are read and replaced atomically, and
// encoded without a lock.
type Store struct {
	mu sync.RWMutex
	// ids and entries hold the same instances, but entries also holds forgotten ones until they are
	// the majority. A slice taken under the lock remains valid, because its elements are never
	// overwritten, only appended to or copied.
	ids     map[string]*Entry
	entries []*Entry
	dead    int
	seeded  atomic.Uint64
}

// number returns 1, 2, 3, …, each once.
func (s *Store) number() uint64 { return s.seeded.Add(1) }

// add adds an instance with its id, and reports whether the id was free.
func (s *Store) add(r *Record) bool {
	e := new(Entry)
	e.Record.Store(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.ids[r.Instance.ID]; taken {
		return false
	}
	s.ids[r.Instance.ID] = e
	s.entries = append(s.entries, e)
	return true
}

// clear removes all instances.
func (s *Store) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.ids {
		e.Record.Store(nil)
	}
	clear(s.ids)
	s.entries, s.dead = nil, 0
	s.seeded.Store(0)
}

// remove removes instances, ignoring unknown ids.
func (s *Store) remove(ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if e, known := s.ids[id]; known {
			e.Record.Store(nil)
			delete(s.ids, id)
			s.dead++
		}
	}
	if s.dead > len(s.ids)+32 {
		s.entries = slices.DeleteFunc(slices.Clone(s.entries), func(e *Entry) bool { return e.Record.Load() == nil })
		s.dead = 0
	}
}

// Find returns the entry of an id, or nil.
func (s *Store) Find(id string) *Entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.ids[id]
}

// Named returns the entries of those ids that exist, each once.
func (s *Store) Named(ids []string) []*Entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := make([]*Entry, 0, len(ids))
	for _, id := range ids {
		if e, known := s.ids[id]; known && !slices.Contains(found, e) {
			found = append(found, e)
		}
	}
	return found
}

// All returns all entries in the order of creation, including some forgotten ones.
func (s *Store) All() []*Entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entries
}

// distinct removes duplicates from a list, keeping the order.
func distinct(list []string) []string {
	once := make([]string, 0, len(list))
	for _, s := range list {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}
