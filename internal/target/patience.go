package target

import "time"

// patience measures how long an instance is being restored. It counts the time in which the
// endpoint answers and the time in which it does not separately, so that an outage does not use up
// the time allowed after it.
type patience struct {
	allowed time.Duration // the limit for each of the two times
	longest time.Duration // the longest plausible time between two looks; during the rest, this process did not run

	last     time.Time     // of the last look
	answered time.Duration // in total
	silent   time.Duration // since the endpoint last answered
}

// start starts counting. If the endpoint was already silent for the whole time allowed, it is
// looked at once more, without further waiting.
func (p *patience) start(now time.Time, silentAlready bool) {
	p.last = now
	if silentAlready {
		p.silent = p.allowed
	}
}

// look counts the time until the end of a look.
func (p *patience) look(now time.Time, answered bool) {
	passed := min(now.Sub(p.last), p.longest)
	p.last = now
	if answered {
		p.answered, p.silent = p.answered+passed, 0
		return
	}
	p.silent += passed
}

func (p *patience) over() bool { return p.answered >= p.allowed || p.silent >= p.allowed }
