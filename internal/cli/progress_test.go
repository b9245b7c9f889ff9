package cli

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// screen is a stream that can be read while it is written to.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) shows() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// underWay is the progress of a run at a time that the test sets.
func underWay(to *screen, env map[string]string) (*progress, *time.Time) {
	now := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	p := newProgress(System{Err: to, Env: func(name string) string { return env[name] }}, 40)
	p.now = func() time.Time { return now }
	for _, id := range []string{"a", "b", "c"} {
		p.started(id)
	}
	p.done("c", true)
	return p, &now
}

func TestTheLongestWaitIsShown(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	assert.Equal(t, "1 of 40 scenarios done, 2 running, 1 failed", p.line())
	p.waiting("a", "ins-1", "STOPPED")
	*now = now.Add(noticed - 1)
	assert.NotContains(t, p.line(), "waiting", "what is over at once is not worth a word")
	p.waiting("b", "ins-2", "RESIZING")
	p.waiting("a", "ins-1", "RESIZING")
	*now = now.Add(70 * time.Second)
	assert.Equal(t, "1 of 40 scenarios done, 2 running, 1 failed; waiting for ins-1 (RESIZING, 1m10s) and 1 more", p.line())
	p.waiting("a", "ins-1", "")
	assert.True(t, strings.HasSuffix(p.line(), "; waiting for ins-2 (RESIZING, 1m10s)"), p.line())
	p.done("b", false)
	assert.Equal(t, "2 of 40 scenarios done, 1 running, 1 failed", p.line(), "a scenario that ended waits for nothing")
	p.waiting("b", "ins-2", "RESIZING")
	*now = now.Add(time.Minute)
	assert.NotContains(t, p.line(), "waiting")
}

func TestTheLineObeysNothingAnEndpointSays(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	p.waiting("a", "ins-1", "STOP\x1b[2J\r\n::error::PED"+strings.Repeat("X", 10_000))
	*now = now.Add(noticed)
	assert.NotContains(t, p.line(), "\x1b")
	assert.NotContains(t, p.line(), "\n")
	assert.Less(t, len(p.line()), 2*inALog)
}

func TestATerminalOfUnknownWidthHasTheUsualOne(t *testing.T) {
	assert.Equal(t, []int{80, 80, 80, 1, 200}, []int{columns(0, nil), columns(-1, nil), columns(120, io.EOF), columns(1, nil), columns(200, nil)})
}

func TestATerminalThatKnowsNoColoursGetsNone(t *testing.T) {
	for _, env := range []map[string]string{{"NO_COLOR": "1"}, {"TERM": "dumb"}} {
		assert.False(t, colourful(System{Env: func(name string) string { return env[name] }}))
	}
	assert.True(t, colourful(System{Env: func(string) string { return "" }}))
}

func TestTheLineFitsTheTerminal(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	p.paint = true
	p.waiting("a", "ins-1", "RESIZING")
	*now = now.Add(noticed)
	for width := range 120 {
		p.width = func() int { return width }
		visible := strings.NewReplacer("\x1b[1;31m", "", "\x1b[0m", "").Replace(p.line())
		assert.Less(t, len(visible), max(width, 1))
		assert.NotContains(t, visible, "\x1b", "no colour is cut in two")
	}
}

func TestProgressIsOneLineOnATerminalAndPlainLinesElsewhere(t *testing.T) {
	for name, live := range map[string]bool{"a terminal": true, "a log": false} {
		t.Run(name, func(t *testing.T) {
			to := &screen{}
			p, _ := underWay(to, nil)
			assert.False(t, p.live, "a stream that is no terminal")
			assert.Equal(t, told, p.every)
			p.live, p.every = live, time.Millisecond
			stop := p.start()
			require.Eventually(t, func() bool { return strings.Count(to.shows(), "done") > 2 }, time.Minute, time.Millisecond)
			stop()
			shown := to.shows()
			if live {
				assert.NotContains(t, shown, "\n")
				assert.True(t, strings.HasSuffix(shown, clearLine), "nothing is left of it")
			} else {
				assert.NotContains(t, shown, "\x1b")
				assert.NotContains(t, shown, "\r")
				assert.True(t, strings.HasSuffix(shown, "1 failed\n"))
			}
		})
	}
}
