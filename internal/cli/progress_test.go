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

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
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
	p := newProgress(System{Err: to, Env: func(name string) string { return env[name] }}, language.English)
	p.now = func() time.Time { return now }
	p.began = now
	p.total = 40
	for _, id := range []string{"a", "b", "c"} {
		p.started(id)
	}
	p.done(suite.Case{ID: "c"}, failure("c", "M-A"))
	return p, &now
}

// failure is a scenario with a finding of a clause.
func failure(id, clause string) verdict.Scenario {
	return verdict.Scenario{ID: id, Outcome: verdict.Failed, Findings: []verdict.Finding{{Clause: clause, Where: "status", Want: "200", Got: "500"}}}
}

func TestTheLongestWaitIsShown(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	assert.Equal(t, "1/40 done, 1 failed, 0s", p.line())
	p.waiting("a", "ins-1", "STOPPED")
	*now = now.Add(noticed - 1)
	assert.NotContains(t, p.line(), "ins-1", "what is over at once is not worth a word")
	p.waiting("b", "ins-2", "RESIZING")
	p.waiting("a", "ins-1", "RESIZING")
	*now = now.Add(70 * time.Second)
	assert.Equal(t, "1/40 done, 1 failed, 1m10s; ins-1 RESIZING 1m10s (a) +1", p.line(), "how long it has this status")
	p.waiting("a", "ins-1", "")
	assert.True(t, strings.HasSuffix(p.line(), "; ins-2 RESIZING 1m10s (b)"), p.line())
	p.done(suite.Case{ID: "b"}, verdict.Scenario{Outcome: verdict.Passed})
	assert.Equal(t, "2/40 done, 1 failed, 1m10s", p.line(), "a scenario that ended waits for nothing")
	p.waiting("b", "ins-2", "RESIZING")
	*now = now.Add(time.Minute)
	assert.NotContains(t, p.line(), "ins-2")
}

func TestWhatIsRestoredIsShownWithItsStatus(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	p.waiting("a", "ins-1", "being restored")
	p.restoring("ins-1", "RESIZING")
	*now = now.Add(5 * time.Second)
	assert.True(t, strings.HasSuffix(p.line(), "; ins-1 RESIZING 5s (a)"), p.line())
	p.done(suite.Case{ID: "a"}, verdict.Scenario{Outcome: verdict.Passed})
	p.restoring("ins-1", "STOPPED")
	*now = now.Add(5 * time.Second)
	assert.True(t, strings.HasSuffix(p.line(), "; ins-1 STOPPED 5s (restoring)"), "at the end of a run no scenario holds it")
	p.restoring("ins-1", "")
	assert.NotContains(t, p.line(), "ins-1")
}

// TestProgressIsShownInChinese at 80 columns, where each character takes two.
func TestProgressIsShownInChinese(t *testing.T) {
	to := &screen{}
	p, now := underWay(to, nil)
	p.in, p.width = language.Chinese, func() int { return 80 }
	p.waiting("a-scenario-with-a-name-that-is-too-long-for-the-line", "ins-1", "RESIZING")
	p.started("a-scenario-with-a-name-that-is-too-long-for-the-line")
	p.waiting("a-scenario-with-a-name-that-is-too-long-for-the-line", "ins-1", "RESIZING")
	*now = now.Add(70 * time.Second)
	assert.Equal(t, "已完成 1/40，失败 1，1m10s；ins-1 RESIZING 1m10s（a-scenario-with-a-name-tha…）", p.line())
	assert.LessOrEqual(t, table.Width(p.line()), 79)
	p.running = map[string]map[string]*wait{}
	p.restoring("ins-1", target.BeingRestored)
	*now = now.Add(5 * time.Second)
	assert.Equal(t, "已完成 1/40，失败 1，1m15s；ins-1 正在恢复 5s（恢复）", p.line())
	p.done(suite.Case{ID: "b"}, failure("b", "M-B"))
	assert.Contains(t, to.shows(), "失败  b：M-B：实际 500，预期 200：status\n")
	p.instances, p.total = true, 2
	assert.True(t, strings.HasPrefix(p.line(), "已恢复 2/2，1m15s；"), p.line())
}

// TestWhatIsNotJudgedCounts: "0 failed" alone would sound well where nothing can be judged.
func TestWhatIsNotJudgedCounts(t *testing.T) {
	p, _ := underWay(&screen{}, nil)
	p.done(suite.Case{ID: "a"}, verdict.Scenario{Outcome: verdict.Inconclusive})
	p.done(suite.Case{ID: "b"}, verdict.Scenario{Outcome: verdict.Broken})
	assert.Equal(t, "3/40 done, 1 failed, 2 not judged, 0s", p.line())
}

// TestAnInterruptedRunEstimatesNothing, since no further scenario starts.
func TestAnInterruptedRunEstimatesNothing(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	p.expect([]suite.Case{{ID: "a"}, {ID: "b"}}, 1, func(suite.Case) bool { return false })
	p.done(suite.Case{ID: "a"}, verdict.Scenario{Outcome: verdict.Passed, Duration: 30 * time.Second})
	*now = now.Add(5 * time.Second)
	assert.Regexp(t, `, 5s, ~\d+s left$`, p.line())
	p.end()
	assert.Regexp(t, `, 5s, ending the run$`, p.line())
	p.waiting("b", "ins-1", "RESIZING")
	*now = now.Add(5 * time.Second)
	assert.Regexp(t, `, 10s, ending the run; ins-1 RESIZING 5s \(b\)$`, p.line())
	p.in = language.Chinese
	assert.Contains(t, p.line(), "，正在结束运行")
}

func TestACleanupCountsInstances(t *testing.T) {
	p := newProgress(System{Err: &screen{}, Env: func(string) string { return "" }}, language.English)
	p.instances, p.total, p.began = true, 2, p.now()
	p.restoring("ins-1", "RESIZING")
	p.restoring("ins-1", "")
	assert.Equal(t, "1/2 restored, 0s", p.line())
}

func TestAFailureIsNamedOnceForEachCause(t *testing.T) {
	to := &screen{}
	p, _ := underWay(to, nil)
	p.done(suite.Case{ID: "a"}, failure("a", "M-A"))
	p.done(suite.Case{ID: "b"}, failure("b", "M-B"))
	waived := failure("d", "M-D")
	waived.Findings[0].Waived = "known"
	p.done(suite.Case{ID: "d"}, waived)
	assert.Equal(t, "failed  c: M-A: got 500, want 200: status\nfailed  b: M-B: got 500, want 200: status\n", to.shows())
	assert.Contains(t, p.line(), "3 failed")
}

func TestOnlyScenariosThatReallyRunCount(t *testing.T) {
	p, _ := underWay(&screen{}, nil)
	p.total = 0
	cases := []suite.Case{{ID: "quick"}, {ID: "slow"}, {ID: "lacking"}, {ID: "lacking-after-all"}}
	cases[1].Needs.Changes = []string{"Change"}
	p.expect(cases, 2, func(c suite.Case) bool { return c.ID == "lacking" })
	assert.Contains(t, p.line(), "1/3 done")
	p.done(cases[2], verdict.Scenario{Outcome: verdict.Skipped})
	assert.Contains(t, p.line(), "1/3 done")
	p.done(cases[3], verdict.Scenario{Outcome: verdict.Skipped})
	assert.Contains(t, p.line(), "1/2 done")
}

func TestTheTimeThatIsLeftIsTheirsWhoAreLeft(t *testing.T) {
	r := newRemaining(2)
	for range 4 {
		r.expect(false)
	}
	r.expect(true)
	r.expect(true)
	_, known := r.left()
	assert.False(t, known, "nothing has ended")
	r.ended(false, time.Second)
	_, known = r.left()
	assert.False(t, known, "nobody knows how long a change takes")
	r.ended(true, time.Minute)
	left, known := r.left()
	assert.True(t, known)
	assert.Equal(t, (3*time.Second+time.Minute)/2, left)
}

// TestWhatWasInterruptedIsNotDone has a run cut off: the line says how far it came, while instances are restored.
func TestWhatWasInterruptedIsNotDone(t *testing.T) {
	p, _ := underWay(&screen{}, nil)
	p.done(suite.Case{ID: "a"}, verdict.Scenario{ID: "a", Outcome: verdict.Inconclusive, Cause: wire.CauseInterrupted})
	assert.Equal(t, "1/40 done, 1 failed, 0s", p.line())
	p.done(suite.Case{ID: "b"}, verdict.Scenario{ID: "b", Outcome: verdict.Inconclusive, Cause: wire.CauseTimeout})
	assert.Equal(t, "2/40 done, 1 failed, 1 not judged, 0s", p.line())
}

// TestTheTimeThatIsLeftGrowsLess while nothing ends, and is not shown any more when it is over.
func TestTheTimeThatIsLeftGrowsLess(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	p.expect([]suite.Case{{ID: "d"}, {ID: "e"}}, 1, func(suite.Case) bool { return false })
	p.done(suite.Case{ID: "d"}, verdict.Scenario{ID: "d", Outcome: verdict.Passed, Duration: 10 * time.Second})
	assert.Contains(t, p.line(), "~10s left")
	*now = now.Add(4 * time.Second)
	assert.Contains(t, p.line(), "~6s left")
	*now = now.Add(9 * time.Second)
	assert.NotContains(t, p.line(), "left")
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

func TestTheSecondsStayVisibleAt80Columns(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	p.total, p.ended, p.failing = 1599, 1402, 127
	p.width = func() int { return 80 }
	p.expect([]suite.Case{{ID: "x"}, {ID: "y"}}, 1, func(suite.Case) bool { return false })
	p.started("resize-to-another-type-and-back[ModifyInstanceType]")
	p.done(suite.Case{ID: "x"}, verdict.Scenario{Outcome: verdict.Passed, Duration: 71 * time.Minute})
	p.waiting("resize-to-another-type-and-back[ModifyInstanceType]", "ins-000005", "RESIZING")
	p.waiting("a", "ins-000006", "RESIZING")
	*now = now.Add(12*time.Minute + 5*time.Second)
	assert.Contains(t, p.line(), "12m05s, ~58m55s left; ")
	assert.Regexp(t, `RESIZING 12m05s.* \+1$`, p.line())
	assert.LessOrEqual(t, len([]rune(p.line())), 79)
}

func TestTheLineFitsTheTerminal(t *testing.T) {
	p, now := underWay(&screen{}, nil)
	p.colours = true
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
				assert.Equal(t, 1, strings.Count(shown, "\n"), "of the failure, which stays")
				assert.True(t, strings.HasSuffix(shown, clearLine), "nothing is left of it")
			} else {
				assert.NotContains(t, shown, "\x1b")
				assert.NotContains(t, shown, "\r")
				assert.Regexp(t, `1 failed, \d+s\n$`, shown)
			}
		})
	}
}
