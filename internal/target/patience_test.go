package target

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPatienceCountsAnswersAndSilenceApart(t *testing.T) {
	const allowed = 10 * time.Minute
	type look struct {
		after    time.Duration
		answered bool
	}
	silent, shown := look{time.Minute, false}, look{time.Minute, true}
	times := func(l look, n int) (list []look) {
		for range n {
			list = append(list, l)
		}
		return list
	}
	join := func(parts ...[]look) (list []look) {
		for _, part := range parts {
			list = append(list, part...)
		}
		return list
	}
	for name, c := range map[string]struct {
		looks  []look
		silent bool // already
		over   bool
	}{
		"it has just begun":                       {nil, false, false},
		"answers for less than is allowed":        {times(shown, 9), false, false},
		"answers for as long as is allowed":       {times(shown, 10), false, true},
		"silence for less than is allowed":        {times(silent, 9), false, false},
		"silence for as long as is allowed":       {times(silent, 10), false, true},
		"all the time is left after a silence":    {join(times(silent, 9), times(shown, 9)), false, false},
		"and it ends":                             {join(times(silent, 9), times(shown, 10)), false, true},
		"a silence begins anew after an answer":   {join(times(silent, 9), times(shown, 1), times(silent, 9)), false, false},
		"answers and silences by turns end":       {join(times(silent, 5), times(shown, 5), times(silent, 5), times(shown, 5)), false, true},
		"the process was stopped for a day":       {[]look{{24 * time.Hour, true}}, false, false},
		"another instance has waited for nothing": {[]look{{time.Second, false}}, true, true},
		"and then the endpoint answers":           {[]look{{time.Second, true}}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			p := patience{allowed: allowed, longest: 2 * time.Minute}
			p.start(now, c.silent)
			for _, l := range c.looks {
				now = now.Add(l.after)
				p.look(now, l.answered)
			}
			assert.Equal(t, c.over, p.over())
		})
	}
}
