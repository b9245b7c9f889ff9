package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/zec-tools/conformance/internal/report"
)

const (
	redrawn = 100 * time.Millisecond // how often the line of a terminal is drawn
	told    = 30 * time.Second       // how often a log gets a line
	noticed = time.Second            // how long something is waited for before it is shown
	inALog  = 200                    // the longest line of a log; the endpoint has a say in it

	usualWidth = 80 // of a terminal
)

// clearLine takes a line of progress off a terminal.
const clearLine = "\r\x1b[K"

// progress shows on stderr how far a run is, while it lasts: on a terminal in one line
// that is drawn again and again, elsewhere as a plain line from time to time.
type progress struct {
	to    io.Writer
	live  bool // to is a terminal that can clear a line
	every time.Duration
	width func() int
	paint report.Colours
	now   func() time.Time
	total int

	mu      sync.Mutex
	ended   int
	failing int
	running map[string]map[string]*wait // what each scenario waits for, by instance
}

// wait is what is waited for, and since when.
type wait struct {
	instance, does string
	since          time.Time
}

func newProgress(sys System, total int) *progress {
	p := &progress{
		to: sys.Err, every: told, total: total, now: time.Now, running: map[string]map[string]*wait{},
		live: isTerminal(sys.Err) && sys.Env("TERM") != "dumb", width: func() int { return inALog },
	}
	if file, isFile := fileOf(sys.Err); isFile && p.live {
		p.every = redrawn
		p.paint = report.Colours(colourful(sys))
		p.width = func() int {
			width, _, err := term.GetSize(int(file.Fd()))
			return columns(width, err)
		}
	}
	return p
}

// columns is the width of a terminal. One that does not tell it, or tells 0, has some.
func columns(width int, err error) int {
	if err != nil || width <= 0 {
		return usualWidth
	}
	return width
}

// start shows progress until the function it returns is called, which leaves nothing of
// the line on a terminal.
func (p *progress) start() (stop func()) {
	over := make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Go(func() {
		ticks := time.NewTicker(p.every)
		defer ticks.Stop()
		for {
			select {
			case <-over:
				return
			case <-ticks.C:
				p.draw()
			}
		}
	})
	return func() {
		close(over)
		drawing.Wait()
		if p.live {
			fmt.Fprint(p.to, clearLine)
		}
	}
}

func (p *progress) draw() {
	if p.live {
		fmt.Fprint(p.to, clearLine+p.line()+"\r") // what holds back the beginning of a secret lets go of the last word
		return
	}
	fmt.Fprintln(p.to, p.line())
}

func (p *progress) started(scenario string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running[scenario] = map[string]*wait{}
}

func (p *progress) done(scenario string, failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, scenario)
	p.ended++
	if failed {
		p.failing++
	}
}

// waiting notes what an instance that a scenario waits for does; nothing: it waits no more.
func (p *progress) waiting(scenario, instance, does string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	waits, runs := p.running[scenario]
	if !runs {
		return
	}
	if does == "" {
		delete(waits, instance)
		return
	}
	if waits[instance] == nil {
		waits[instance] = &wait{instance: report.Plain(instance), since: p.now()}
	}
	waits[instance].does = report.Plain(does)
}

// line says all in one line that fits.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := fmt.Sprintf("%d of %d scenarios done, %d running, ", p.ended, p.total, len(p.running))
	failed := fmt.Sprintf("%d failed", p.failing)
	rest := p.longest()
	room := p.width() - 1 // a terminal goes to its next line after the last column
	done, room = cut(done, room)
	failed, room = cut(failed, room)
	rest, _ = cut(rest, room)
	if p.failing > 0 {
		failed = p.paint.As(report.Red, failed)
	}
	return done + failed + rest
}

// longest names what has been waited for the longest.
func (p *progress) longest() string {
	var all []*wait
	now := p.now()
	for _, waits := range p.running {
		for _, w := range waits {
			if now.Sub(w.since) >= noticed {
				all = append(all, w)
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	first := slices.MinFunc(all, func(a, b *wait) int { return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.instance, b.instance)) })
	text := fmt.Sprintf("; waiting for %s (%s, %s)", first.instance, first.does, now.Sub(first.since).Truncate(time.Second))
	if len(all) > 1 {
		text += fmt.Sprintf(" and %d more", len(all)-1)
	}
	return text
}

// cut makes a text no longer than the room there is, and says what room is left.
func cut(text string, room int) (fits string, left int) {
	runes := []rune(text)
	if len(runes) > max(room, 0) {
		runes = runes[:max(room, 0)]
	}
	return string(runes), room - len(runes)
}
