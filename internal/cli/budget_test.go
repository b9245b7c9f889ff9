package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// meter counts the instances that an endpoint has begun to change, each of a call that names several.
type meter struct{ changed atomic.Int64 }

func (m *meter) counting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		var asked struct {
			InstanceID  string
			InstanceIDs []string
		}
		var said struct {
			Response struct{ InstanceIDs []string }
		}
		changes := slices.Contains([]string{"ModifyInstanceType", "StartInstances", "StopInstances"}, r.Header.Get("X-ZC-Action"))
		if changes && answer.Code == http.StatusOK && json.Unmarshal(body, &asked) == nil && json.Unmarshal(answer.Body.Bytes(), &said) == nil {
			named := slices.DeleteFunc(append(asked.InstanceIDs, asked.InstanceID), func(id string) bool { return id == "" })
			m.changed.Add(int64(len(named) - len(said.Response.InstanceIDs)))
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// TestARunKeepsBelowMaxChanges counts at the endpoint what a run changes, sixteen scenarios
// at once, at one that does as it is told and at one that accepts what it has to refuse.
func TestARunKeepsBelowMaxChanges(t *testing.T) {
	for name, defect := range map[string]string{"the mock as it is": "", "a change while another one runs is accepted": "second-resize-accepted"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := mock.Options{}
			if defect != "" {
				d, err := defects.Named(defect)
				require.NoError(t, err)
				options.Alter = d.Alter
			}
			var m meter
			b := newBench(t, m.counting, options)
			const most = 4
			b.replace("allowResize: true", "allowResize: true\n    maxChanges: 9")
			args := []string{"--max-changes", "4", "--tags", "@change and not @power and not @lock and not @reboot"}
			end := b.run(append(args, "--no-preflight")...)
			made, left := 0, map[string]string{}
			for _, s := range end.report.Scenarios {
				for _, e := range s.Exchanges {
					if e.Effect != wire.Reads && e.Operation.Action == "ModifyInstanceType" && e.Received.Status == http.StatusOK {
						made++
					}
				}
				if strings.Contains(s.Reason, "maxChanges 4") {
					assert.Equal(t, verdict.Skipped, s.Outcome, s.ID)
					left[s.ID] = s.Reason
				}
			}
			assert.LessOrEqual(t, made, most)
			assert.NotZero(t, made)
			assert.NotEmpty(t, left)
			assert.LessOrEqual(t, int(m.changed.Load()), 2*most, "each may be led back")
			assert.Empty(t, end.report.Unrestored)
			if defect != "" {
				return
			}
			assert.Equal(t, verdict.Partial, end.report.Verdict)
			var p plan.Plan
			planned := b.command("plan", append(args, "--json")...)
			require.Zero(t, planned.code, planned.err)
			require.NoError(t, json.Unmarshal([]byte(planned.out), &p))
			for _, s := range p.Skipped {
				assert.Equal(t, left[s.ID], s.Reason, s.ID)
			}
			assert.LessOrEqual(t, p.Resizes.Least, most)
		})
	}
}

// TestWhatIsPlannedWithinABudgetIsMade plays every scenario: reads that hold the parameters of a change spend nothing, and
// the calls that are to be refused find room before the changes are made.
func TestWhatIsPlannedWithinABudgetIsMade(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{ResizeTime: 300 * time.Millisecond})
	b.replace("resizeTimeout: 2s", "resizeTimeout: 1m")
	args := append([]string{"--max-changes", "3"}, rowsOf(t, "", "DescribeInstances", "ModifyInstanceType")...)
	var p plan.Plan
	planned := b.command("plan", append(args, "--json")...)
	require.Zero(t, planned.code, planned.err)
	require.NoError(t, json.Unmarshal([]byte(planned.out), &p))
	end := b.run(append(args, "--no-preflight")...)
	left := map[string]bool{}
	for _, s := range p.Skipped {
		left[s.ID] = true
	}
	require.NotEmpty(t, p.Scenarios)
	for _, s := range end.report.Scenarios {
		assert.Equal(t, left[s.ID], s.Outcome == verdict.Skipped, "%s %s: %s", s.Outcome, s.ID, s.Reason)
	}
	assert.Equal(t, verdict.Partial, end.report.Verdict, end.out)
}

func TestMaxChangesIsForATarget(t *testing.T) {
	b := newBench(t, func(next http.Handler) http.Handler { return next }, mock.Options{})
	for _, args := range [][]string{{"--max-changes", "0"}, {"--max-changes", "-1"}} {
		end := b.run(args...)
		assert.Equal(t, verdict.ExitUsage, end.code)
		assert.Contains(t, end.err, "give 1 or more")
	}
	b.replace("allowResize: true", "allowResize: true\n    maxChanges: 0")
	end := b.run()
	assert.Equal(t, verdict.ExitUsage, end.code)
	assert.Contains(t, end.err, "conformance.yaml:6: maxChanges: 0: give 1 or more, or remove the key")
}

// TestASpentBudgetIsSaidOnce: the endpoint carries out calls that it should refuse, which spend the budget. Then the two
// instances of a scenario cannot be prepared.
func TestASpentBudgetIsSaidOnce(t *testing.T) {
	t.Parallel()
	unchecked, err := defects.Named("signature-unchecked")
	require.NoError(t, err)
	b := newBench(t, untouched, mock.Options{Alter: unchecked.Alter})
	b.replace("allowResize: true", "allow: [ModifyInstanceType, StartInstances, StopInstances, RebootInstances]\n    maxChanges: 3")
	end := b.run("--parallel", "4", "--no-preflight", "--tags", "@power or @auth")
	var spent int
	for _, s := range end.report.Scenarios {
		if strings.Contains(s.Reason, "are made") {
			spent++
			assert.Regexp(t, `^maxChanges 3: \d are made, and the next call could make \d more: raise maxChanges to run the scenario$`, s.Reason, s.ID)
		}
	}
	assert.NotZero(t, spent, end.out)
}

// TestAFlagThatNeedsATargetIsRefusedWithoutOne: whoever gives it believes that the run is against one.
func TestAFlagThatNeedsATargetIsRefusedWithoutOne(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--max-changes", "3"}, {"--confirm-host", "console.zenlayer.com"}, {"--confirm-host", ""}, {"--no-preflight"},
	} {
		code, out, errs := alone(nil, append([]string{"run", "--scenario", "status-of-one", "--out", t.TempDir()}, args...)...)
		assert.Equal(t, 2, code, args)
		assert.Empty(t, out, args)
		assert.Regexp(t, "^conformance: "+args[0]+".*a --target.*: the built-in mock .*\n$", errs)
	}
}
