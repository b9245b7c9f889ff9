package report

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
)

func TestVisibleShowsWhatWouldSteerAndKeepsTheRest(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain text", "status: 400", "status: 400"},
		{"other scripts", "实例 é 🙂", "实例 é 🙂"},
		{"lines and tabs", "a\n\tb", "a\n\tb"},
		{"line ends of other systems", "a\r\nb", "a\nb"},
		{"a lone carriage return", "a\rb", "a␍b"},
		{"a colour", "\x1b[31mred", "␛[31mred"},
		{"C1", "a\u009b2J", "a\ufffd2J"},
		{"DEL", "a\x7f", "a␡"},
		{"reordering", "a\u202eb", "a\ufffdb"},
		{"broken UTF-8", "a\xffb", "a\ufffdb"},
		{"a replacement character that was there", "a\ufffdb", "a\ufffdb"},
		{"what XML forbids", "a\ufffeb\x00", "a\ufffdb␀"},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, visible(c.text)) })
	}
}

func FuzzTexts(f *testing.F) {
	for _, seed := range []string{"", "\x1b[0m", "a|b", "```", "::error::x", "\\|", "\xff\r\n", "<b>&amp;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := visible(text)
		assert.True(t, utf8.ValidString(shown))
		assert.Equal(t, shown, visible(shown), "nothing is left to be done")
		for _, cell := range []string{mdText(text), mdCode(text)} {
			assert.NotContains(t, cell, "\n")
			assert.NotContains(t, cell, "::")
			assert.NotRegexp(t, `(^|[^\\])(\\\\)*\|`, cell, "no bare pipe")
		}
		assert.NotContains(t, mdText(text), "<")
	})
}

func TestTimelineKeepsLabelsApartAndInside(t *testing.T) {
	var observations []verdict.Observation
	for i, status := range strings.Fields("STOPPED RESIZING STOPPED REBOOT RUNNING CREATE_FAILED STOPPED RELEASING STOPPED") {
		at := time.Duration(i) * 10 * time.Millisecond
		observations = append(observations, verdict.Observation{Asked: at, Seen: at + time.Millisecond, Status: status})
	}
	observations = append(observations, verdict.Observation{Asked: 15 * time.Minute, Seen: 15*time.Minute + time.Second, Status: "A_STATUS_OF_A_LONG_NAME"})
	line := draw(verdict.Trajectory{Instance: "ins-1", Called: 5 * time.Millisecond, Answered: 6 * time.Millisecond, Observations: observations})
	assert.Len(t, line.Segments, 10)
	for i, a := range line.Labels {
		assert.GreaterOrEqual(t, a.TextX, 0.0)
		assert.LessOrEqual(t, a.TextX+float64(len(a.Text.In(English, a.args...)))*charWidth, line.Width)
		for _, b := range line.Labels[i+1:] {
			apart := a.TextY != b.TextY || a.TextX+float64(len(a.Text.In(English, a.args...)))*charWidth <= b.TextX || b.TextX+float64(len(b.Text.In(English, b.args...)))*charWidth <= a.TextX
			assert.True(t, apart, "%q and %q", a.Text, b.Text)
		}
	}
}

func TestTimelineOfNothingIsDrawn(t *testing.T) {
	line := draw(verdict.Trajectory{})
	assert.Empty(t, line.Segments)
	assert.Positive(t, line.Height)
}

func TestTimelineSpansItsReadings(t *testing.T) {
	for _, end := range []time.Duration{time.Microsecond, 7 * time.Millisecond, time.Second, 15 * time.Minute} {
		line := draw(verdict.Trajectory{Observations: []verdict.Observation{{Asked: 0, Seen: end, Status: "STOPPED"}}})
		assert.GreaterOrEqual(t, len(line.Grid), 3, end)
		assert.LessOrEqual(t, len(line.Grid), 11, end)
		assert.LessOrEqual(t, line.Segments[0].X+line.Segments[0].W, line.Width)
	}
}

// TestTheBarOfScenariosSaysWhatTheyAre tells a run of features from recorded traffic, which has none.
func TestTheBarOfScenariosSaysWhatTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		run  verdict.Run
		want phrase
	}{
		"all":         {verdict.Run{Selection: verdict.Selection{Selected: 3, Available: 3}}, textAllSelected},
		"some":        {verdict.Run{Selection: verdict.Selection{Selected: 2, Available: 3}}, textSelected},
		"a recording": {verdict.Run{Recording: &verdict.Recording{}}, textByOperation},
	} {
		t.Run(name, func(t *testing.T) {
			all := bars(c.run)
			assert.Equal(t, c.want, all[len(all)-1].say)
		})
	}
}
