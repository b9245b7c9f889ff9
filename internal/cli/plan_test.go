package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/verdict"
)

// TestARunDoesWhatThePlanSays compares plans with the runs they are about: the same
// scenarios, the same skips for the same reasons, and no more calls that could change
// something than the plan allows.
func TestARunDoesWhatThePlanSays(t *testing.T) {
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
			b := newBench(t, untouched, mock.Options{})
			spoil(b)
			var p plan.Plan
			planned := b.command("plan", "--json")
			require.Zero(t, planned.code, planned.err)
			require.NoError(t, json.Unmarshal([]byte(planned.out), &p))
			e := b.run()
			require.Len(t, e.report.Scenarios, len(p.Scenarios)+len(p.Skipped))
			would, skipped := map[string]plan.Scenario{}, map[string]string{}
			for _, s := range p.Scenarios {
				would[s.ID] = s
			}
			for _, s := range p.Skipped {
				skipped[s.ID] = s.Reason
			}
			for _, s := range e.report.Scenarios {
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
					if x.Operation.Action == "ModifyInstanceType" || strings.Contains(string(x.Sent.Body), `"instanceId":"ins-0`) {
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

func TestAPlanSendsNothing(t *testing.T) {
	b := newBench(t, refusing(t), mock.Options{})
	e := b.command("plan")
	assert.Zero(t, e.code, e.err)
	assert.Contains(t, e.out, "resize-succeeds")
}
