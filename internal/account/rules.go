package account

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Rules are what a contract says of an account, read once for all sessions. They do not change:
// many judges may use them at once.
type Rules struct {
	contract *contract.Contract
	readers  map[wire.Operation][]reader
	stable   map[string]bool // statuses that a subject does not leave by itself
	inBin    map[string]bool // statuses of what is in the recycle bin
	running  map[string]bool // statuses of a subject at work
	pairs    map[wire.Operation][]verdict.Pair
}

// reader is one way to read a subject.
type reader struct {
	contract.Reading
	value bool     // it reads the value that a change asks for, not the status
	open  []string // the statuses in which no document says which value is shown: those of such a change (protocol 9)
}

// Read returns the rules of a contract.
func Read(c *contract.Contract) *Rules {
	r := &Rules{contract: c, readers: map[wire.Operation][]reader{}, stable: map[string]bool{}, inBin: map[string]bool{}, running: map[string]bool{}, pairs: map[wire.Operation][]verdict.Pair{}}
	transient := map[string]bool{}
	for _, op := range c.Operations() {
		r.pairs[op] = c.Pairs(op)
		l, has := c.Lifecycle(op)
		if !has {
			continue
		}
		r.addReaders(l)
		for _, s := range l.Recycled {
			r.inBin[s] = true
		}
		for _, s := range l.Transient {
			r.running[s] = true
		}
		for _, s := range slices.Concat(l.Transient, l.Passing) {
			transient[s] = true
		}
		lists := [][]string{l.Start, l.End}
		if len(l.Passing) > 0 {
			lists = append(lists, l.States) // the contract says which of them pass
		}
		for _, s := range slices.Concat(lists...) {
			r.stable[s] = true
		}
	}
	for s := range transient {
		delete(r.stable, s)
	}
	return r
}

// addReaders notes where the contract reads the subjects of a lifecycle.
func (r *Rules) addReaders(l contract.Lifecycle) {
	add := func(reading contract.Reading, value bool) {
		if reading.Field == "" {
			return
		}
		known := r.readers[reading.Operation]
		at := slices.IndexFunc(known, func(k reader) bool { return k.Reading == reading })
		if at < 0 {
			at, known = len(known), append(known, reader{Reading: reading, value: value})
		}
		if value {
			known[at].open = append(known[at].open, l.Transient...)
		}
		r.readers[reading.Operation] = known
	}
	add(l.Observed, false)
	for _, also := range l.Also {
		add(also, false)
	}
	add(l.Changed, true)
}
