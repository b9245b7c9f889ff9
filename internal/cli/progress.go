package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
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
// that is drawn again and again, elsewhere as a plain line from time to time. A failure is
// named at once, in a line that stays.
type progress struct {
	to      io.Writer
	live    bool // to is a terminal that can clear a line
	every   time.Duration
	width   func() int
	colours report.Colours
	in      language.Language
	now     func() time.Time

	mu        sync.Mutex
	began     time.Time
	instances bool // instances that are restored are counted, not scenarios
	total     int  // scenarios that really run
	ended     int
	failing   int
	unjudged  int
	skips     map[string]bool // scenarios that are known not to run
	estimate  *remaining
	estimated time.Time                   // when the estimate was made: it grows less from then on
	running   map[string]map[string]*wait // what each scenario waits for, by instance
	named     map[string]bool             // the causes of failures that were named
}

// wait is what is waited for: an instance, its status, and since when it has it.
type wait struct {
	instance, status string
	since, began     time.Time
}

func newProgress(sys System, in language.Language) *progress {
	p := &progress{
		to: sys.Err, in: in, every: told, now: time.Now, estimate: newRemaining(1),
		skips: map[string]bool{}, running: map[string]map[string]*wait{}, named: map[string]bool{},
		live: clearsLines(sys), width: func() int { return inALog },
	}
	if file, isFile := fileOf(sys.Err); isFile && p.live {
		p.every = redrawn
		p.colours = report.Colours(colourful(sys))
		p.width = func() int { return widthOf(file) }
	}
	return p
}

// widthOf returns how many columns a terminal has.
func widthOf(terminal *os.File) int {
	width, _, err := term.GetSize(int(terminal.Fd()))
	return columns(width, err)
}

// columnsOf returns how many columns the terminal of a stream has; 0: it is none.
func columnsOf(w io.Writer) int {
	if file, isFile := fileOf(w); isFile && isTerminal(file) {
		return widthOf(file)
	}
	return 0
}

// foldedTo is a text in lines that fit the terminal of a stream, those behind the first further in;
// elsewhere it is one line.
func foldedTo(w io.Writer, text string) string {
	const in = "  "
	return strings.Join(table.Fold(text, columnsOf(w)-len(in)), "\n"+in)
}

// columns is the width of a terminal. One that does not tell it, or tells 0, has some.
func columns(width int, err error) int {
	if err != nil || width <= 0 {
		return usualWidth
	}
	return width
}

// expect says which scenarios will run, how many at once, and which of them end at once.
func (p *progress) expect(cases []suite.Case, parallel int, skipped func(suite.Case) bool) {
	p.estimate = newRemaining(parallel)
	for _, c := range cases {
		if skipped(c) {
			p.skips[c.ID] = true
			continue
		}
		p.total++
		p.estimate.expect(len(c.Needs.Changes) > 0)
	}
}

// start shows progress until the function it returns is called, which leaves nothing of
// the line on a terminal.
func (p *progress) start() (stop func()) {
	p.mu.Lock()
	p.began = p.now()
	p.mu.Unlock()
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

// done counts a scenario, and names a failure of a cause that was not named before.
func (p *progress) done(c suite.Case, s verdict.Scenario) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, c.ID)
	switch {
	case p.skips[c.ID], s.Cause == wire.CauseInterrupted: // it did not end
		return
	case s.Outcome == verdict.Skipped:
		p.total--
	default:
		p.ended++
	}
	p.estimate.ended(len(c.Needs.Changes) > 0, s.Duration)
	p.estimated = p.now()
	if s.Outcome == verdict.Inconclusive || s.Outcome == verdict.Broken {
		p.unjudged++
	}
	if s.Outcome != verdict.Failed || s.Waived() {
		return
	}
	p.failing++
	for _, f := range s.Findings {
		if cause := f.Fingerprint(); f.Level != verdict.Should && f.Waived == "" && !p.named[cause] {
			p.named[cause] = true
			p.name(s.ID, f)
		}
	}
}

// name names a failure in a line that stays.
func (p *progress) name(scenario string, f verdict.Finding) {
	room := p.width() - 1
	label, room := table.Fit(p.in.Say("failed")+"  ", room)
	text := report.Plain(p.in.Say("{0}: {1}: got {2}, want {3}: {4}", scenario, f.Clause, verdict.Shown(f.Got), verdict.Shown(f.Want), f.Where))
	p.print(p.colours.As(report.Red, label) + shortened(text, room))
}

// say prints a text that stays, folded to the terminal.
func (p *progress) say(text string) {
	if p.live {
		text = foldedTo(p.to, text)
	}
	p.print(text)
}

// print prints lines that stay.
func (p *progress) print(lines string) {
	if p.live {
		lines = clearLine + lines
	}
	fmt.Fprintln(p.to, lines)
}

// waiting notes the status of an instance that a scenario waits for; none: it waits no more.
func (p *progress) waiting(scenario, instance, status string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	waits, runs := p.running[scenario]
	if !runs {
		return
	}
	if status == "" {
		delete(waits, instance)
		return
	}
	w := waits[instance]
	if w == nil {
		w = &wait{instance: report.Plain(instance), began: p.now()}
		waits[instance] = w
	}
	if status = report.Plain(status); w.status != status {
		w.status, w.since = status, p.now()
	}
}

// atTheEnd stands for a scenario where an instance is restored that none of them waits for.
const atTheEnd = "restoring"

// restoring notes what an instance that is being restored shows, whoever has it restored;
// nothing: it is over.
func (p *progress) restoring(instance, status string) {
	scenario := atTheEnd
	p.mu.Lock()
	for id, waits := range p.running {
		if waits[instance] != nil {
			scenario = id
		}
	}
	if p.running[scenario] == nil {
		p.running[scenario] = map[string]*wait{}
	}
	if p.instances && status == "" {
		p.ended++
	}
	p.mu.Unlock()
	if status != "" || scenario == atTheEnd { // its scenario says when it waits no more
		p.waiting(scenario, instance, status)
	}
}

// line says all in one line that fits. What changes comes first, so that it is never cut off
// at 80 columns: the seconds, and the instance that is waited for.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	room := p.width() - 1 // a terminal goes to its next line after the last column
	counts, failed := p.in.Say("{0}/{1} done, ", p.ended, p.total), p.in.Say("{0} failed", p.failing)
	unjudged := ""
	if p.unjudged > 0 {
		unjudged = p.in.Say(", {0} not judged", p.unjudged)
	}
	if p.instances {
		counts, failed = p.in.Say("{0}/{1} restored", p.ended, p.total), ""
	}
	counts, room = table.Fit(counts, room)
	failed, room = table.Fit(failed, room)
	unjudged, room = table.Fit(unjudged, room)
	times, room := table.Fit(p.times(), room)
	rest := p.longest(room)
	if p.failing > 0 {
		failed = p.colours.As(report.Red, failed)
	}
	return counts + failed + unjudged + times + rest
}

// times says how long it has taken, and about how long it will.
func (p *progress) times() string {
	text := p.in.Say(", {0}", brief(p.now().Sub(p.began)))
	left, known := p.estimate.left()
	if left -= p.now().Sub(p.estimated); known && left >= noticed {
		text += p.in.Say(", ~{0} left", brief(left))
	}
	return text
}

// brief is a duration in its two largest units: 5s, 1m05s, 2h03m.
func brief(d time.Duration) string {
	d = d.Truncate(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
}

// longest names what has been waited for the longest, in as much room as there is: the
// scenario is shortened first.
func (p *progress) longest(room int) string {
	type waiting struct {
		*wait
		scenario string
	}
	var all []waiting
	now := p.now()
	for id, waits := range p.running {
		for _, w := range waits {
			if now.Sub(w.began) >= noticed {
				all = append(all, waiting{w, p.called(id)})
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	first := slices.MinFunc(all, func(a, b waiting) int { return cmp.Or(a.began.Compare(b.began), cmp.Compare(a.instance, b.instance)) })
	time, more := " "+brief(now.Sub(first.since)), ""
	if len(all) > 1 {
		more = fmt.Sprintf(" +%d", len(all)-1)
	}
	const least = 8 // cells of a name that still say something
	separator := p.in.Say("; ")
	what, left := table.Fit(first.instance+" "+p.status(first.status), room-table.Width(separator+time+more))
	left -= table.Width(p.in.Say(" ({0})", ""))
	scenario := ""
	if left >= least {
		scenario = p.in.Say(" ({0})", shortened(first.scenario, left))
	}
	text, _ := table.Fit(separator+what+time+scenario+more, room)
	return text
}

// called is what a scenario is called.
func (p *progress) called(scenario string) string {
	if scenario == atTheEnd {
		return p.in.Say(atTheEnd)
	}
	return report.Plain(scenario)
}

// status is what an instance shows, or that it has not been read yet.
func (p *progress) status(shown string) string {
	if shown == target.BeingRestored {
		return p.in.Say(shown)
	}
	return shown
}

// shortened makes a text no longer than the room there is, and says so with an ellipsis.
func shortened(text string, room int) string {
	if table.Cut(text, room) == text {
		return text
	}
	fits, _ := table.Fit(text, room-1)
	return strings.TrimRight(fits, "-[(") + "…"
}
