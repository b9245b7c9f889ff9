package cli

import "time"

// remaining tells how long the scenarios that are left will take, from those that have
// ended. Scenarios that change something wait for it, so they are counted apart.
type remaining struct {
	parallel int
	classes  map[bool]*class // by whether a scenario changes something
}

type class struct {
	left, ended int
	took        time.Duration // by those that have ended
}

func newRemaining(parallel int) *remaining {
	return &remaining{parallel: max(1, parallel), classes: map[bool]*class{false: {}, true: {}}}
}

// expect says that a scenario will run.
func (e *remaining) expect(changes bool) { e.classes[changes].left++ }

// ended says that a scenario that was expected has ended.
func (e *remaining) ended(changes bool, took time.Duration) {
	c := e.classes[changes]
	c.left--
	c.ended++
	c.took += took
}

// left returns how long the rest will take; known is false while no scenario of a kind
// that is left has ended.
func (e *remaining) left() (d time.Duration, known bool) {
	for _, c := range e.classes {
		if c.left <= 0 {
			continue
		}
		if c.ended == 0 {
			return 0, false
		}
		d += c.took / time.Duration(c.ended) * time.Duration(c.left)
	}
	return d / time.Duration(e.parallel), true
}
