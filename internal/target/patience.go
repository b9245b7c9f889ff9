package target

import "time"

// patience says how long an instance is being restored. Time in which the endpoint
// answers and time in which it does not are counted apart: an outage takes nothing from
// the time allowed after it.
type patience struct {
	allowed time.Duration // of each
	longest time.Duration // between two looks; more is time in which this process did not run

	last     time.Time     // of the last look
	answered time.Duration // in all
	silent   time.Duration // since the endpoint answered last
}

// start begins to count. An endpoint that was silent for as long as is allowed already
// is looked at once more, and waited for no longer.
func (p *patience) start(now time.Time, silentAlready bool) {
	p.last = now
	if silentAlready {
		p.silent = p.allowed
	}
}

// look counts the time up to a look that has ended.
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
