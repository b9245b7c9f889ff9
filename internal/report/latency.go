package report

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// latency counts the answers of each operation by their duration, in steps of a tenth of a decade
// of microseconds. That is precise enough for a chart and takes constant memory.
type latency map[string]*tally

const (
	latencySteps = 10 // per decade
	latencyPower = 9  // up to 1000 s
)

type tally struct {
	total    int
	counts   [latencySteps * latencyPower]int
	min, max time.Duration
}

func (l latency) add(exchanges []wire.Exchange) {
	for _, x := range exchanges {
		if x.Received == nil {
			continue
		}
		s := l[x.Operation.Action]
		if s == nil {
			s = &tally{min: x.Timing.End}
			l[x.Operation.Action] = s
		}
		s.total++
		s.min, s.max = min(s.min, x.Timing.End), max(s.max, x.Timing.End)
		s.counts[latencyStep(x.Timing.End)]++
	}
}

func latencyStep(d time.Duration) int {
	step := int(latencySteps * math.Log10(max(float64(d)/float64(time.Microsecond), 1)))
	return min(step, latencySteps*latencyPower-1)
}

// quantile returns a duration that a share of the answers did not exceed, exact to one step.
func (s *tally) quantile(share float64) time.Duration {
	left := int(math.Ceil(share * float64(s.total)))
	for i, n := range s.counts {
		if left -= n; left <= 0 {
			middle := math.Pow(10, (float64(i)+0.5)/latencySteps) * float64(time.Microsecond)
			return min(max(time.Duration(middle), s.min), s.max)
		}
	}
	return s.max
}

// Measures of a chart, in pixels.
const (
	chartWidth, chartHeight = 360, 40
	chartAxis               = 14
)

// latencies writes a chart for each operation: the number of answers by duration.
func (p *htmlPage) latencies() {
	p.raw(`<section id="latency">` + "\n<h2>").say(textLatency).raw(` <span class="soft">`).say(textLatencyOf).raw("</span></h2>\n")
	if len(p.latency) == 0 {
		p.raw(`<p class="soft">`).say(textNoLatency).raw("</p>\n</section>\n")
		return
	}
	from, to := latencySteps*latencyPower, 0
	for _, s := range p.latency {
		from, to = min(from, latencyStep(s.min)), max(to, latencyStep(s.max))
	}
	from, to = from-from%latencySteps, to-to%latencySteps+latencySteps // whole decades
	p.scroll(textLatency).table("latency", textLatencyBy, textOperation, textAnswers, textMedian, textP95, textLongest, textSpread)
	for _, operation := range slices.Sorted(maps.Keys(p.latency)) {
		s := p.latency[operation]
		p.raw(`<tr><th scope="row">`).code(operation).raw(`</th><td class="num">`).int(s.total)
		for _, d := range []time.Duration{s.quantile(0.5), s.quantile(0.95), s.max} {
			p.raw(`</td><td class="num">`).text(rough(d))
		}
		p.raw("</td><td>")
		p.chart(operation, s, from, to)
		p.raw("</td></tr>\n")
	}
	p.raw("</tbody></table></div>\n</section>\n")
}

// chart draws the counts between two steps on a logarithmic axis.
func (p *htmlPage) chart(operation string, s *tally, from, to int) {
	wide := chartWidth / float64(to-from)
	highest := slices.Max(s.counts[:])
	p.raw(`<svg class="chart" viewBox="0 0 `).int(chartWidth).raw(" ").int(chartHeight + chartAxis).raw(`" width="`).int(chartWidth).raw(`" height="`).int(chartHeight + chartAxis)
	p.raw(`" role="img"`).attribute("aria-label", textHalfWithin, oneLine(operation), s.total, rough(s.quantile(0.5)), rough(s.quantile(0.95))).raw(">")
	for step := from; step <= to; step += latencySteps {
		x := round(wide * float64(step-from))
		p.line("grid", x, 0, chartHeight)
		anchor := markup("middle")
		switch step {
		case from:
			anchor = "start"
		case to:
			anchor = "end"
		}
		p.raw(`<text class="axis" x="`).num(x).raw(`" y="`).int(chartHeight + chartAxis - 2).raw(`" text-anchor="`).raw(anchor).raw(`">`)
		p.text((time.Duration(math.Round(math.Pow(10, float64(step/latencySteps)))) * time.Microsecond).String()).raw("</text>")
	}
	for i := from; i < to; i++ {
		if n := s.counts[i]; n > 0 {
			high := max(round(chartHeight*float64(n)/float64(highest)), 1)
			p.raw(`<rect class="k0" x="`).num(round(wide*float64(i-from) + 0.5)).raw(`" width="`).num(max(round(wide-1), 1))
			p.raw(`" y="`).num(round(chartHeight - high)).raw(`" height="`).num(high).raw(`"/>`)
		}
	}
	p.raw("</svg>")
}

// rough rounds a duration to two digits, which is the precision of the chart.
func rough(d time.Duration) string {
	if d <= 0 {
		return "0s"
	}
	unit := time.Duration(math.Pow(10, math.Floor(math.Log10(float64(d)))-1))
	return d.Round(max(unit, time.Nanosecond)).String()
}
