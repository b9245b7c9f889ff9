package account

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Rules are what a contract says about an account, read once for all sessions. They never change,
// so several judges may share them.
type Rules struct {
	contract *contract.Contract
	readers  map[wire.Operation][]reader
	stable   map[string]bool // statuses that a subject does not leave on its own
	inBin    map[string]bool // statuses of subjects in the recycle bin
	running  map[string]bool // statuses of subjects that are being changed
	pairs    map[wire.Operation][]verdict.Pair
}

// reader is one way to read a subject.
type reader struct {
	contract.Reading
	value bool     // it reads the value that a change sets, not the status
	open  []string // the statuses of such a change, in which no document says which value is shown (protocol 9)
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
			lists = append(lists, l.States) // the contract says which of them are passing
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

// addReaders records where the subjects of a lifecycle are read.
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
