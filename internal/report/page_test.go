package report

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/wire"
)

func FuzzPageText(f *testing.F) {
	for _, seed := range []string{"", "a\r\nb\r", "<a href='x'>&\"", "\x1b[0m\u009b\u202e\xff", "实例", "\u2028\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p page
		assert.Equal(t, html.EscapeString(visible(text)), string(p.text(text).buf))
	})
}

func TestWhatDiffersStandsOut(t *testing.T) {
	for _, c := range []struct{ want, got, markedWant, markedGot string }{
		{"400 OPERATION_DENIED", "404 NOT_FOUND", "400 OPERATION_DENIED", "404 NOT_FOUND"},
		{"400 INVALID_PARAMETER_TYPE", "400 INVALID_PARAMETER_VALUE", "400 INVALID_PARAMETER_[TYPE]", "400 INVALID_PARAMETER_[VALUE]"},
		{"type z2a.cpu.4 again", "type z2a.cpu.2 again", "type z2a.cpu.[4] again", "type z2a.cpu.[2] again"},
		{"RESIZING, then STOPPED", "RESIZING, then STOPPED at last", "RESIZING, then STOPPED", "RESIZING, then STOPPED[ at last]"},
		{"", "x", "", "x"},
		{"same", "same", "same", "same"},
	} {
		want, got := differing(c.want, c.got)
		shown := func(m marking) string {
			if m.part == "" {
				return m.before + m.after
			}
			return m.before + "[" + m.part + "]" + m.after
		}
		assert.Equal(t, c.markedWant, shown(want), c.want)
		assert.Equal(t, c.markedGot, shown(got), c.got)
	}
}

func TestTheValueAPointerLeadsToIsFound(t *testing.T) {
	const body = `{"code": "A", "response": {"dataSet": [{"status": "X"}, {"status": "Y", "a/b.c*": 7}]}}`
	for pointer, want := range map[string]string{
		"/code": `"A"`, "/response/dataSet/1/status": `"Y"`, "/response/dataSet/1/a~1b.c*": "7",
		"/none": "", "status": "", "/": "", "": "", "/response/dataSet/#/status": "", "/@this": "", "/response/dataSet/9": "",
	} {
		found := valueAt(body, pointer)
		assert.Equal(t, want, body[found.from:found.to], pointer)
	}
}

func TestEveryAccusedValueIsMarkedOnce(t *testing.T) {
	const body = `{"a": 1, "b": {"c": 2, "d": 3}}`
	var parts []string
	for _, s := range stretches(body, []string{"/b/d", "/a", "/b", "status", "/b/c", "/a"}) {
		parts = append(parts, body[s.from:s.to])
	}
	assert.Equal(t, []string{"1", `{"c": 2, "d": 3}`}, parts)
	assert.Empty(t, stretches(body, []string{"status"}))
}

func FuzzValueAt(f *testing.F) {
	f.Add(`{"a":[1,{"b":2}]}`, "/a/1/b")
	f.Add("not JSON", "/@pretty|x")
	f.Fuzz(func(t *testing.T, text, pointer string) {
		found := valueAt(text, pointer)
		assert.True(t, found == stretch{} || 0 < found.from && found.from < found.to && found.to <= len(text), found)
	})
}

func TestLatencyQuantilesAreRightToTheirStep(t *testing.T) {
	l := latency{}
	for i := 1; i <= 1000; i++ {
		l.add([]wire.Exchange{{Received: &wire.Received{}, Timing: wire.Timing{End: time.Duration(i) * time.Millisecond}}, {}})
	}
	s := l[""]
	assert.Equal(t, 1000, s.total, "an exchange without an answer has no latency")
	for share, want := range map[float64]time.Duration{0.5: 500 * time.Millisecond, 0.95: 950 * time.Millisecond, 1: time.Second} {
		assert.InEpsilon(t, float64(want), float64(s.quantile(share)), 0.13, share)
	}
	assert.Equal(t, time.Second, s.max)
	assert.Less(t, latencyStep(24*time.Hour), len(s.counts))
	assert.Zero(t, latencyStep(0))
}

func TestLatencyOfExtremesIsDrawn(t *testing.T) {
	for _, end := range []time.Duration{0, 1, time.Microsecond, time.Hour * 1000} {
		p := &htmlPage{latency: latency{}}
		p.latency.add([]wire.Exchange{{Received: &wire.Received{}, Timing: wire.Timing{End: end}}})
		p.latencies()
		text := string(p.buf)
		assert.Contains(t, text, `class="k0"`, end)
		assert.NotContains(t, text, "NaN")
		assert.NotContains(t, text, `width="-`)
	}
}

func TestThePageRestsOnlyBetweenItsParts(t *testing.T) {
	var written strings.Builder
	p := page{w: &written}
	p.text(strings.Repeat("x", pageBuffer-1)).rest()
	assert.Zero(t, written.Len())
	p.raw("yz").rest()
	assert.Equal(t, pageBuffer+1, written.Len())
	p.err = fmt.Errorf("full")
	p.raw("lost").flush()
	assert.Equal(t, pageBuffer+1, written.Len())
}

// TestTheStyleAsksNoElementWhatIsInIt: asked so, a browser looks through the whole page at
// every change of it, and a page of ten thousand scenarios takes seconds for each click.
func TestTheStyleAsksNoElementWhatIsInIt(t *testing.T) {
	assert.NotContains(t, pageStyle, ":has(")
	assert.Contains(t, pageStyle, "content-visibility:auto", "what is out of sight is not laid out")
}
