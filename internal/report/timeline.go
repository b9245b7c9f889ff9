package report

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Measures of the drawing, in pixels.
const (
	lineWidth  = 860
	lineMargin = 8
	rowHeight  = 18
	charWidth  = 7.4 // a wide letter in the font of the labels
	barHeight  = 16
)

// timeline is a trajectory drawn to scale: the statuses as bars, a dashed line where a status
// changed unobserved, the call and its answer, and the readings.
type timeline struct {
	verdict.Trajectory
	Width, Height          float64
	Top, Bar, Mid, TickTop float64
	TickEnd, Axis          float64
	AxisText               float64
	Left, Right            float64
	Segments               []segment
	Labels                 []label
	Ticks                  []float64
	Grid                   []gridLine
	BarHeight              int
	Say                    phrase // the drawing in words
}

type segment struct {
	Status   string
	Kind     int // the position of the status in the trajectory, from 0 to 3 for the fourth and all later ones
	From, To time.Duration
	X, W     float64
}

type label struct {
	Text     phrase
	args     []any
	X, TextX float64
	TextY    float64
	Y1, Y2   float64
	row      int
}

type gridLine struct {
	X            float64
	Text, Anchor string
}

// draw computes the layout of a trajectory.
func draw(t verdict.Trajectory) timeline {
	d := timeline{Trajectory: t, Width: lineWidth, BarHeight: barHeight, Left: lineMargin, Right: lineWidth - lineMargin}
	end := max(t.Answered, t.Called, time.Millisecond)
	for _, s := range t.Observations {
		end = max(end, s.Seen)
	}
	at := func(moment time.Duration) float64 {
		return round(d.Left + (d.Right-d.Left)*float64(max(moment, 0))/float64(end))
	}
	d.Segments = segments(t.Observations)
	var above, below []label
	for i := range d.Segments {
		s := &d.Segments[i]
		s.X = at(s.From)
		s.W = max(round(at(s.To)-s.X), 3)
		above = append(above, label{Text: quotedAs(short(oneLine(s.Status), 40)), X: s.X})
	}
	below = append(below, label{Text: textCall, args: []any{brief(t.Called)}, X: at(t.Called)}, label{Text: textAnswer, args: []any{brief(t.Answered)}, X: at(t.Answered)})
	for _, s := range t.Observations {
		d.Ticks = append(d.Ticks, at(s.Seen))
	}
	d.Grid = grid(end, at)
	d.place(above, below)
	d.Say = phrase{sayTrajectory(English, t, d.Segments), sayTrajectory(Chinese, t, d.Segments)}
	return d
}

// place assigns rows: the labels of statuses above the bar, the marks of the call below it.
func (d *timeline) place(above, below []label) {
	rowsAbove, rowsBelow := spread(above), spread(below)
	d.Bar = float64(rowsAbove*rowHeight + 6)
	d.Top, d.Mid = d.Bar-2, d.Bar+barHeight/2
	d.TickTop, d.TickEnd = d.Bar+barHeight+2, d.Bar+barHeight+7
	below0 := d.TickEnd + 4
	d.Axis = below0 + float64(rowsBelow*rowHeight) + 4
	d.AxisText, d.Height = d.Axis+13, d.Axis+18
	for _, l := range above {
		l.TextY = d.Bar - 7 - float64(l.row*rowHeight)
		l.Y1, l.Y2 = l.TextY-10, d.Bar
		d.Labels = append(d.Labels, l)
	}
	for _, l := range below {
		l.TextY = below0 + float64(l.row*rowHeight) + 12
		l.Y1, l.Y2 = d.Bar-3, l.TextY+2
		d.Labels = append(d.Labels, l)
	}
}

// spread assigns rows to labels such that none covers another, and returns the number of rows. A
// label near the right edge is placed left of its mark. The last label is placed first, so that the
// lines from distant rows pass left of nearer labels.
func spread(labels []label) int {
	var ends [][][2]float64 // the occupied ranges of each row
	for i := range slices.Backward(labels) {
		l := &labels[i]
		width := float64(utf8.RuneCountInString(l.Text.In(English, l.args...)))*charWidth + 6
		l.TextX = l.X + 4
		if l.TextX+width > lineWidth {
			l.TextX = round(l.X - width)
		}
		from, to := min(l.X, l.TextX)-2, max(l.X, l.TextX+width)
		for l.row = 0; l.row < len(ends) && covered(ends[l.row], from, to); l.row++ {
		}
		if l.row == len(ends) {
			ends = append(ends, nil)
		}
		ends[l.row] = append(ends[l.row], [2]float64{from, to})
	}
	return len(ends)
}

func covered(taken [][2]float64, from, to float64) bool {
	for _, t := range taken {
		if from < t[1] && t[0] < to {
			return true
		}
	}
	return false
}

// segments joins consecutive readings of the same status.
func segments(observations []verdict.Observation) []segment {
	var joined []segment
	kinds := map[string]int{}
	for _, s := range observations {
		if n := len(joined); n > 0 && joined[n-1].Status == s.Status {
			joined[n-1].To = s.Seen
			continue
		}
		if _, known := kinds[s.Status]; !known {
			kinds[s.Status] = min(len(kinds), 3)
		}
		joined = append(joined, segment{Status: s.Status, Kind: kinds[s.Status], From: s.Asked, To: s.Seen})
	}
	return joined
}

// grid returns four to nine lines at round times.
func grid(end time.Duration, at func(time.Duration) float64) []gridLine {
	unit := math.Pow(10, math.Floor(math.Log10(float64(end)/4)))
	step := unit
	for _, times := range []float64{2, 5} {
		if float64(end)/(unit*times) >= 4 {
			step = unit * times
		}
	}
	var lines []gridLine
	for i := 0; float64(i)*step <= float64(end)*1.0001; i++ {
		moment := time.Duration(float64(i) * step)
		anchor := "middle"
		if i == 0 {
			anchor = "start"
		} else if at(moment) > lineWidth-30 {
			anchor = "end"
		}
		lines = append(lines, gridLine{X: at(moment), Text: moment.String(), Anchor: anchor})
	}
	return lines
}

// quotedAs returns a phrase with the same text in every language.
func quotedAs(text string) phrase { return phrase{text, text} }

// sayTrajectory describes the drawing in words, for those who cannot see it.
func sayTrajectory(l Language, t verdict.Trajectory, segments []segment) string {
	var b strings.Builder
	b.WriteString(textCalledAt.In(l, oneLine(strings.TrimSpace(t.Action+" "+t.Instance)), brief(t.Called), brief(t.Answered)))
	for _, s := range segments {
		b.WriteString(textStatusFor.In(l, oneLine(s.Status), brief(s.From), brief(s.To)))
	}
	return b.String()
}

// round rounds coordinates, so that they are short and equal on every machine.
func round(x float64) float64 { return math.Round(x*10) / 10 }
