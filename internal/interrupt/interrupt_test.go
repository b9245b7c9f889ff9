package interrupt

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestWhatSignalsMean(t *testing.T) {
	const interrupt, term, hup, quit = syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT
	const never = time.Duration(-1)
	type sent struct {
		after  time.Duration // since the start
		signal os.Signal
	}
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	for name, c := range map[string]struct {
		unprotected bool
		told        time.Duration // when the terminal shows the message
		signals     []sent
		stopped     bool
		givenUp     bool
		end         bool
	}{
		"none":                             {false, never, nil, false, false, false},
		"Ctrl-C":                           {false, 0, []sent{{0, interrupt}}, true, false, false},
		"Ctrl-C, and again later":          {false, ms(10), []sent{{0, interrupt}, {ms(1500), interrupt}}, true, true, false},
		"and once more":                    {false, ms(10), []sent{{0, interrupt}, {ms(1500), interrupt}, {ms(1600), interrupt}}, true, true, true},
		"Ctrl-C, delivered twice":          {false, 0, []sent{{0, interrupt}, {0, interrupt}}, true, false, false},
		"within half a second":             {false, 0, []sent{{0, interrupt}, {ms(499), interrupt}}, true, false, false},
		"before the message was a second":  {false, ms(900), []sent{{0, interrupt}, {ms(1800), interrupt}}, true, false, false},
		"delivered twice, and again later": {false, 0, []sent{{0, interrupt}, {ms(1), interrupt}, {ms(1500), interrupt}}, true, true, false},
		"nobody was told":                  {false, never, []sent{{0, interrupt}, {ms(5000), interrupt}, {ms(10000), interrupt}}, true, false, false},
		"TERM, twice":                      {false, 0, []sent{{0, term}, {ms(5000), term}}, true, false, false},
		"a CI service: INT, TERM":          {false, 0, []sent{{0, interrupt}, {ms(7500), term}, {ms(10000), term}}, true, false, false},
		"HUP, twice, and TERM":             {false, 0, []sent{{0, hup}, {ms(2000), hup}, {ms(4000), term}}, true, false, false},
		"QUIT, twice":                      {false, 0, []sent{{0, quit}, {ms(2000), quit}}, true, false, false},
		"TERM, then Ctrl-C":                {false, 0, []sent{{0, term}, {ms(2000), interrupt}}, true, false, false},
		"TERM, then Ctrl-C twice":          {false, 0, []sent{{0, term}, {ms(2000), interrupt}, {ms(4000), interrupt}}, true, true, false},
		"given up, then TERM":              {false, 0, []sent{{0, interrupt}, {ms(2000), interrupt}, {ms(4000), term}}, true, true, false},
		"nothing at stake":                 {true, never, []sent{{0, interrupt}}, true, false, false},
		"nothing at stake, twice at once":  {true, never, []sent{{0, interrupt}, {ms(499), interrupt}}, true, false, false},
		"nothing at stake, twice":          {true, never, []sent{{0, interrupt}, {ms(1500), interrupt}}, true, false, true},
		"nothing at stake, TERM twice":     {true, never, []sent{{0, term}, {ms(1500), term}}, true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := New()
			if !c.unprotected {
				p.Protect()
			}
			start := time.Now()
			if c.told != never {
				p.Told(start.Add(c.told))
			}
			end := false
			for _, s := range c.signals {
				assert.False(t, end, "only the last one ends the process")
				end = p.Receive(s.signal, start.Add(s.after))
			}
			assert.Equal(t, c.end, end)
			assert.Equal(t, c.stopped, p.Stopped().Err() != nil, "stopped")
			assert.Equal(t, c.givenUp, p.GivenUp().Err() != nil, "given up")
		})
	}
}

func TestAProcessWithoutSignals(t *testing.T) {
	var p *Policy
	p.Protect()
	p.Told(time.Now())
	assert.NoError(t, p.Stopped().Err())
	assert.NoError(t, p.GivenUp().Err())
}
