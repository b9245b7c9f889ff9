package history

import (
	_ "embed" // the page's template and style
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/report"
)

var (
	//go:embed page/history.html.tmpl
	pageText string
	//go:embed page/style.css
	pageStyle string
)

var functions = template.FuncMap{
	"when":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
	"brief": brief,
	"class": func(status any) string { return "c-" + strings.ReplaceAll(fmt.Sprint(status), " ", "-") },
	"plot":  plotOf,
}

// WriteHTML writes the history as a single page that needs no network. It begins in the given
// language, or else in the browser's.
func (h History) WriteHTML(w io.Writer, asked report.Language) error {
	page := report.Template{Text: pageText, Style: pageStyle, Functions: functions}
	if err := page.Execute(w, asked, h); err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	return nil
}

func brief(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

// Measures of a plot, in pixels.
const (
	plotWidth, plotHeight = 640, 120
	plotMargin            = 8
)

// plot shows the durations of an action as lines from run to run.
type plot struct {
	Median, P95   string // points of the lines
	Dots          []dot
	Most          string // the value of the upper edge
	Width, Height int
}

type dot struct {
	X, Y float64
	P95  bool
	Say  string
}

// plotOf draws an action's durations. The runs are equally spaced, in the order of time.
func plotOf(a Action, runs []Run) plot {
	var most time.Duration
	for _, t := range a.Took {
		most = max(most, t.P95)
	}
	p := plot{Most: brief(most), Width: plotWidth, Height: plotHeight}
	x := func(run int) float64 {
		return plotMargin + float64(run)*(plotWidth-2*plotMargin)/float64(max(1, len(runs)-1))
	}
	y := func(d time.Duration) float64 {
		return plotHeight - plotMargin - float64(d)/float64(max(most, 1))*(plotHeight-2*plotMargin)
	}
	for _, t := range a.Took {
		when := runs[t.Run].Started.UTC().Format("2006-01-02 15:04 UTC")
		p.Median += fmt.Sprintf("%.1f,%.1f ", x(t.Run), y(t.Median))
		p.P95 += fmt.Sprintf("%.1f,%.1f ", x(t.Run), y(t.P95))
		p.Dots = append(p.Dots,
			dot{x(t.Run), y(t.Median), false, when + ": " + brief(t.Median)},
			dot{x(t.Run), y(t.P95), true, when + ": " + brief(t.P95)})
	}
	return p
}
