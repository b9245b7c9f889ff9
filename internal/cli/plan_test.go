package cli_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/verdict"
)

// TestARunDoesWhatThePlanSays compares plans with the runs they are about: the same
// scenarios, the same skips for the same reasons, and no more calls that could change
// something than the plan allows.
func TestARunDoesWhatThePlanSays(t *testing.T) {
	some := rowsOf(t, "", "DescribeInstancesStatus", "ModifyInstanceType")
	for name, spoil := range map[string]func(*bench){
		"everything is there": func(*bench) {},
		"nothing may resize":  func(b *bench) { b.replace("allowResize: true", "allowResize: false") },
		"no GPU instance":     func(b *bench) { b.replace("gpu: true", "gpu: false") },
		"no unsupported type": func(b *bench) { b.replace("unsupported: [z1a.cpu.2, z1a.cpu.4]", "unsupported: []") },
		"one resizable type": func(b *bench) {
			b.replace("resizable: [z2a.cpu.1, z2a.cpu.2, z2a.cpu.4, z2a.cpu.8]", "resizable: [z2a.cpu.1]")
		},
		"no token":             func(b *bench) { b.replace("credentials: {tokenEnv: ZENLAYER_TOKEN}", "credentials: {}") },
		"no generated request": func(b *bench) { b.replace("generate: true", "generate: false") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var e ear
			b := newBench(t, e.listening, mock.Options{ResizeTime: 2 * time.Second}) // a busy machine sees it under way, so that no change is called again
			b.replace("resizeTimeout: 2s", "resizeTimeout: 1m")
			spoil(b)
			args := some
			if name == "everything is there" {
				args = nil // of each action
			}
			var p plan.Plan
			planned := b.command("plan", append([]string{"--json"}, args...)...)
			require.Zero(t, planned.code, planned.err)
			require.NoError(t, json.Unmarshal([]byte(planned.out), &p))
			end := b.run(append([]string{"--no-preflight"}, args...)...)
			require.Len(t, end.report.Scenarios, len(p.Scenarios)+len(p.Skipped))
			assert.Zero(t, e.count(unsure), "a listed instance named where nobody knows what it would do")
			assert.LessOrEqual(t, e.count(couldChange), p.Calls.Most+p.Back.Most, "restoring included")
			would, skipped := map[string]plan.Scenario{}, map[string]string{}
			for _, s := range p.Scenarios {
				would[s.ID] = s
			}
			for _, s := range p.Skipped {
				skipped[s.ID] = s.Reason
			}
			for _, s := range end.report.Scenarios {
				if s.Outcome == verdict.Skipped {
					assert.Equal(t, skipped[s.ID], s.Reason, s.ID)
					continue
				}
				require.Contains(t, would, s.ID)
				var times plan.Range
				for _, c := range would[s.ID].Calls {
					times.Least, times.Most = times.Least+c.Times.Least, times.Most+c.Times.Most
				}
				called := 0
				for _, x := range s.Exchanges {
					if couldChange(heard{x.Operation.Action, string(x.Sent.Body), x.Sent.Method}) {
						called++
					}
				}
				if s.Outcome == verdict.Passed {
					assert.LessOrEqual(t, times.Least, called, s.ID)
				}
				assert.GreaterOrEqual(t, times.Most, called, "%s (%s %s)", s.ID, s.Outcome, s.Reason)
			}
		})
	}
}

// unsure are requests that name a listed instance, by a method or an action that could do
// anything to it.
func unsure(h heard) bool {
	known := []string{"DescribeInstances", "DescribeInstancesStatus", "ModifyInstanceType"}
	odd := !slices.Contains(known, h.action) || h.method != http.MethodPost && h.method != http.MethodGet
	allowed := strings.Contains(h.body, `"instanceId"`) && h.method == http.MethodPost // as the change it could be taken for
	return odd && !allowed && listedID.MatchString(h.body)
}

var listedID = regexp.MustCompile(`ins-0\d`)

func couldChange(h heard) bool {
	reads := []string{"DescribeInstances", "DescribeInstancesStatus"}
	return !slices.Contains(reads, h.action) || h.method != http.MethodPost && h.method != http.MethodGet ||
		strings.Contains(h.body, `"instanceId"`)
}

// TestARunNeverCallsMoreThanThePlanSaysHoweverTheEndpointActs runs the scenarios that
// look closer and try again, at endpoints that make them do so, and at endpoints that do
// not do as they are told.
func TestARunNeverCallsMoreThanThePlanSaysHoweverTheEndpointActs(t *testing.T) {
	names := []string{"second-change", "same-change-again", "two-at-once", "resize-succeeds", "there-and-back", "same-type", "stopped-bystander"}
	for name, options := range map[string]mock.Options{
		"a resize of a millisecond": {ResizeTime: time.Millisecond},
		"resizing-never-shown":      {}, "resize-ignored": {}, "another-type": {}, "second-resize-accepted": {}, "neighbour-type-changed": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if defect, err := defects.Named(name); err == nil {
				options.Alter = defect.Alter
			}
			var e ear
			b := newBench(t, e.listening, options)
			b.replace("resizeTimeout: 2s", "resizeTimeout: 300ms")
			b.replace("pollInterval: 5ms", "pollInterval: 20ms")
			var args []string
			for _, name := range names {
				args = append(args, "--scenario", name)
			}
			planned := b.command("plan", append(args, "--json")...)
			require.Zero(t, planned.code, planned.err)
			var p plan.Plan
			require.NoError(t, json.Unmarshal([]byte(planned.out), &p))
			end := b.run(args...)
			require.Len(t, end.report.Scenarios, len(names))
			for _, s := range end.report.Scenarios {
				at := slices.IndexFunc(p.Scenarios, func(would plan.Scenario) bool { return would.ID == s.ID })
				require.GreaterOrEqual(t, at, 0)
				most, called := 0, 0
				for _, c := range p.Scenarios[at].Calls {
					most += c.Times.Most
				}
				for _, x := range s.Exchanges {
					if couldChange(heard{x.Operation.Action, string(x.Sent.Body), x.Sent.Method}) {
						called++
					}
				}
				assert.LessOrEqual(t, called, most, s.ID)
			}
			restored := p.BackTries * (len(names) + 2 + len(b.types())) // two scenarios hold two instances; strays are restored at the end
			assert.LessOrEqual(t, e.count(couldChange), p.Calls.Most+restored)
		})
	}
}

// TestAPlanCountsWhatIsRefusedWhileAChangeRuns runs scenarios that repeat a refused call for
// as long as a change takes.
func TestAPlanCountsWhatIsRefusedWhileAChangeRuns(t *testing.T) {
	t.Parallel()
	var e ear
	b := newBench(t, paced(100, e.listening), mock.Options{ResizeTime: aChange})
	b.slowly()
	args := []string{"--scenario", "second-change", "--scenario", "same-change-again"}
	planned := b.command("plan", append(args, "--json")...)
	require.Zero(t, planned.code, planned.err)
	var p plan.Plan
	require.NoError(t, json.Unmarshal([]byte(planned.out), &p))
	end := b.run(append(args, "--no-preflight")...)
	assert.NotEqual(t, verdict.ExitNonConformant, end.code, end.out)
	refused := 0
	for _, s := range end.report.Scenarios {
		for _, x := range s.Exchanges {
			if couldChange(heard{x.Operation.Action, string(x.Sent.Body), x.Sent.Method}) && x.Received != nil && x.Received.Status != http.StatusOK {
				refused++
			}
		}
	}
	assert.Greater(t, refused, len(end.report.Scenarios), "a call of a second change is refused again and again")
	assert.LessOrEqual(t, e.count(couldChange), p.Calls.Most+p.Back.Most)
}

func TestAPlanSendsNothing(t *testing.T) {
	b := newBench(t, refusing(t), mock.Options{})
	e := b.command("plan")
	assert.Zero(t, e.code, e.err)
	assert.Contains(t, e.out, "several-in-a-row, shared by 5 more")
	assert.Zero(t, b.command("plan", "--verbose").code)
}

// TestAPlanFitsATerminalAndNeedsNoCredentials plans without a variable that the configuration
// names, and says what would let the skipped scenarios run.
func TestAPlanFitsATerminalAndNeedsNoCredentials(t *testing.T) {
	b := newBench(t, refusing(t), mock.Options{})
	with := b.command("plan")
	b.env = map[string]string{"XDG_STATE_HOME": b.env["XDG_STATE_HOME"]}
	without := b.command("plan")
	require.Zero(t, without.code, without.err)
	assert.Equal(t, with.out, without.out)
	for line := range strings.Lines(without.out) {
		assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), 80, line)
	}
	assert.Contains(t, without.out, "allow: [ModifyInstanceType, StartInstances, StopInstances]")
	assert.Contains(t, without.out, "an assumption: there is no report yet")
}

// TestAPlanKnowsHowLongAChangeTookTheLastTime reads it from the report of a run.
func TestAPlanKnowsHowLongAChangeTookTheLastTime(t *testing.T) {
	b := newBench(t, func(next http.Handler) http.Handler { return next }, mock.Options{ResizeTime: 1200 * time.Millisecond})
	b.replace("resizeTimeout: 2s", "resizeTimeout: 20s")
	require.Zero(t, b.run("--scenario", "resize-succeeds", "--no-preflight").code)
	var p plan.Plan
	require.NoError(t, json.Unmarshal([]byte(b.command("plan", "--json").out), &p))
	assert.Equal(t, 2, p.Usual.Seconds)
	assert.Equal(t, filepath.Join(b.dir, "reports", "report.json"), p.Usual.Source)
}
