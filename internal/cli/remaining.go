package cli

import "time"

// remaining estimates how long the remaining scenarios will take from those that have ended.
// Scenarios that change something spend their time waiting, so they are counted separately.
type remaining struct {
	parallel int
	classes  map[bool]*class // by whether a scenario changes something
}

type class struct {
	left, ended int
	took        time.Duration // the total for the scenarios that have ended
}

func newRemaining(parallel int) *remaining {
	return &remaining{parallel: max(1, parallel), classes: map[bool]*class{false: {}, true: {}}}
}

// expect adds a scenario that will run.
func (e *remaining) expect(changes bool) { e.classes[changes].left++ }

// ended records that an expected scenario has ended.
func (e *remaining) ended(changes bool, took time.Duration) {
	c := e.classes[changes]
	c.left--
	c.ended++
	c.took += took
}

// left returns how long the rest will take. known is false if no scenario of a remaining class has
// ended yet.
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
