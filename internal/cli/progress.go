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
	redrawn = 100 * time.Millisecond // how often the line on a terminal is redrawn
	told    = 30 * time.Second       // how often a log gets a line
	noticed = time.Second            // how long a wait must last to be shown
	inALog  = 200                    // the longest line in a log, because the endpoint can influence its length

	usualWidth = 80 // of a terminal
)

// clearLine erases the progress line on a terminal.
const clearLine = "\r\x1b[K"

// progress shows on stderr how far a run is. A terminal has one line that is redrawn; any other
// output gets a plain line from time to time. A failure is printed at once, on a line that stays.
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
	instances bool // count restored instances instead of scenarios
	total     int  // scenarios that actually run
	ended     int
	failing   int
	unjudged  int
	skips     map[string]bool // scenarios that are known to be skipped
	estimate  *remaining
	estimated time.Time                   // when the estimate was made; the remaining time decreases from then on
	running   map[string]map[string]*wait // what each scenario waits for, by instance
	ending    bool                        // the run was interrupted: no further scenario starts
	named     map[string]bool             // the causes of failures that were printed
}

// wait is a wait for an instance: its status, and since when it has had it.
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

// widthOf returns the width of a terminal.
func widthOf(terminal *os.File) int {
	width, _, err := term.GetSize(int(terminal.Fd()))
	return columns(width, err)
}

// columnsOf returns the width of a stream's terminal, or 0 if it is not one.
func columnsOf(w io.Writer) int {
	if file, isFile := fileOf(w); isFile && isTerminal(file) {
		return widthOf(file)
	}
	return 0
}

// foldedTo folds a text to the width of a stream's terminal, with continuation lines indented. For
// other streams, the text stays on one line.
func foldedTo(w io.Writer, text string) string {
	const in = "  "
	return strings.Join(table.Fold(text, columnsOf(w)-len(in)), "\n"+in)
}

// columns returns the width of a terminal, with a default if the terminal does not report it or
// reports 0.
func columns(width int, err error) int {
	if err != nil || width <= 0 {
		return usualWidth
	}
	return width
}

// expect sets which scenarios will run, how many at once, and which of them are skipped.
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

// start shows progress until the returned function is called, which erases the line on a terminal.
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

// end says that the run was interrupted. An estimate of the scenarios that do not start any more
// would be wrong.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ending = true
}

func (p *progress) draw() {
	if p.live {
		fmt.Fprint(p.to, clearLine+p.line()+"\r") // the \r makes the redaction filter release a last word that could be the beginning of a secret
		return
	}
	fmt.Fprintln(p.to, p.line())
}

func (p *progress) started(scenario string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running[scenario] = map[string]*wait{}
}

// done counts a scenario, and prints a failure if its cause was not printed before.
func (p *progress) done(c suite.Case, s verdict.Scenario) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, c.ID)
	switch {
	case p.skips[c.ID], s.Cause == wire.CauseInterrupted: // it was skipped or interrupted
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

// name prints a failure on a line that stays.
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

// waiting records the status of an instance that a scenario waits for; "" means that the wait is
// over.
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

// atTheEnd replaces the scenario for an instance that is being restored while no scenario waits for
// it.
const atTheEnd = "restoring"

// restoring records the status of an instance that is being restored, for whichever scenario; ""
// means that it is over.
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
	if status != "" || scenario == atTheEnd { // the scenario itself reports the end of its wait
		p.waiting(scenario, instance, status)
	}
}

// line returns the whole progress on one line that fits. The parts that change come first, so that
// 80 columns are enough for the seconds and the instance being waited for.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	room := p.width() - 1 // a terminal wraps after its last column
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

// times returns the elapsed time and the estimated remaining time.
func (p *progress) times() string {
	text := p.in.Say(", {0}", brief(p.now().Sub(p.began)))
	if p.ending {
		return text + p.in.Say(", ending the run")
	}
	left, known := p.estimate.left()
	if left -= p.now().Sub(p.estimated); known && left >= noticed {
		text += p.in.Say(", ~{0} left", brief(left))
	}
	return text
}

// brief formats a duration in its two largest units: 5s, 1m05s, 2h03m.
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

// longest describes the longest current wait in the available space. It shortens the scenario
// first.
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
	const least = 8 // the fewest columns in which a name is still useful
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

// called returns the displayed name of a scenario.
func (p *progress) called(scenario string) string {
	if scenario == atTheEnd {
		return p.in.Say(atTheEnd)
	}
	return report.Plain(scenario)
}

// status returns the status of an instance, or says that it has not been read yet.
func (p *progress) status(shown string) string {
	if shown == target.BeingRestored {
		return p.in.Say(shown)
	}
	return shown
}

// shortened shortens a text to the available space, with an ellipsis.
func shortened(text string, room int) string {
	if table.Cut(text, room) == text {
		return text
	}
	fits, _ := table.Fit(text, room-1)
	return strings.TrimRight(fits, "-[(") + "…"
}
