package lifecycle_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
)

var rules = lifecycle.Rules{
	Start: []string{"STOPPED"}, Transient: []string{"RESIZING"}, End: []string{"STOPPED"},
	Failure: []string{"CREATE_FAILED"}, Passing: []string{"RESIZING", "REBUILDING", "IMAGING"},
	Known:  []string{"STOPPED", "RUNNING", "REBOOT", "BOOTING", "RESIZING", "REBUILDING", "IMAGING", "CREATE_FAILED"},
	Settle: 30 * time.Millisecond,
}

// watch feeds statuses, one every ten milliseconds, each read in one.
func watch(statuses string) *lifecycle.Watch {
	w := lifecycle.Follow(rules)
	for i, status := range strings.Fields(statuses) {
		asked := time.Duration(i) * 10 * time.Millisecond
		w.See(verdict.Observation{Asked: asked, Seen: asked + time.Millisecond, Status: status})
	}
	return w
}

func TestPhasesAndFaults(t *testing.T) {
	const settled = " STOPPED STOPPED STOPPED STOPPED STOPPED"
	cases := []struct {
		name, statuses string
		phase          lifecycle.Phase
		fault          string // kind and what was got; "" when there is none
	}{
		{"nothing seen yet", "STOPPED STOPPED", lifecycle.Waiting, ""},
		{"running", "STOPPED RESIZING", lifecycle.Running, "ended: RESIZING when the time allowed for it was over"},
		{"seen late, as the documents allow", "STOPPED STOPPED STOPPED STOPPED STOPPED RESIZING" + settled, lifecycle.Settled, ""},
		{"the right way", "STOPPED RESIZING RESIZING" + settled, lifecycle.Settled, ""},
		{"not settled yet", "STOPPED RESIZING STOPPED STOPPED", lifecycle.Settling, ""},
		{"running again after its end", "STOPPED RESIZING STOPPED RESIZING", lifecycle.Relapsed, "ended: RESIZING after it"},
		{"another status after its end", "STOPPED RESIZING STOPPED RUNNING", lifecycle.Relapsed, "ended: RUNNING after it"},
		{"through another status", "STOPPED RESIZING REBOOT RESIZING" + settled, lifecycle.Settled, "transient: REBOOT on the way"},
		{"another status instead", "STOPPED REBUILDING" + settled, lifecycle.Settled, "transient: REBUILDING on the way"},
		{"ends elsewhere", "STOPPED RESIZING RUNNING RUNNING RUNNING RUNNING RUNNING", lifecycle.Lost, "ended: RUNNING at the end"},
		{"a status that passes, for longer than an end has to hold", "STOPPED REBUILDING REBUILDING REBUILDING REBUILDING REBUILDING REBUILDING" + settled, lifecycle.Settled, "transient: REBUILDING on the way"},
		{"such a status within the work", "STOPPED RESIZING IMAGING IMAGING IMAGING IMAGING IMAGING RESIZING" + settled, lifecycle.Settled, "transient: IMAGING on the way"},
		{"such a status for ever", "STOPPED RESIZING IMAGING IMAGING IMAGING IMAGING IMAGING IMAGING", lifecycle.Passing, "ended: IMAGING when the time allowed for it was over"},
		{"a status that no document names, for longer than an end has to hold", "STOPPED LOCKED LOCKED LOCKED LOCKED LOCKED LOCKED" + settled, lifecycle.Settled, "transient: LOCKED on the way"},
		{"the same within the work", "STOPPED RESIZING LOCKED LOCKED LOCKED LOCKED LOCKED" + settled, lifecycle.Settled, "transient: LOCKED on the way"},
		{"the same for ever", "STOPPED RESIZING LOCKED LOCKED LOCKED LOCKED LOCKED LOCKED", lifecycle.Passing, "ended: LOCKED when the time allowed for it was over"},
		{"such a status, then another end", "STOPPED IMAGING IMAGING IMAGING IMAGING IMAGING RUNNING RUNNING RUNNING RUNNING RUNNING", lifecycle.Lost, "ended: RUNNING at the end"},
		{"such a status after its end", "STOPPED RESIZING STOPPED IMAGING", lifecycle.Relapsed, "ended: IMAGING after it"},
		{"astray, but not for long yet", "STOPPED RESIZING RUNNING RUNNING", lifecycle.Astray, "ended: RUNNING at the end"},
		{"a hopeless status ends it at once", "STOPPED RESIZING CREATE_FAILED", lifecycle.Lost, "ended: CREATE_FAILED at the end"},
		{"two statuses on the way are both named", "STOPPED RESIZING REBOOT BOOTING" + settled, lifecycle.Settled, "transient: REBOOT, BOOTING on the way"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := watch(c.statuses)
			assert.Equal(t, c.phase, w.Phase())
			got := ""
			for _, f := range w.Violations() {
				kind := map[lifecycle.Kind]string{lifecycle.NotTransient: "transient", lifecycle.NotEnded: "ended"}[f.Kind]
				got = fmt.Sprintf("%s: %s", kind, f.Got)
				assert.NotEmpty(t, f.Want)
			}
			assert.Equal(t, c.fault, got)
		})
	}
}

func TestWhatComesAfterTheEndChangesNothing(t *testing.T) {
	w := watch("STOPPED RESIZING STOPPED STOPPED STOPPED STOPPED STOPPED")
	require.Equal(t, lifecycle.Settled, w.Phase())
	assert.Equal(t, lifecycle.Settled, w.See(verdict.Observation{Asked: time.Second, Seen: time.Second, Status: "RUNNING"}))
	assert.Empty(t, w.Violations())
}

// Whatever an endpoint shows, only the documented way is without fault.
func TestOnlyTheDocumentedWayIsWithoutFault(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		status := rapid.SampledFrom([]string{"STOPPED", "RESIZING", "RUNNING", "REBOOT", "CREATE_FAILED"})
		seen := "STOPPED " + strings.Join(rapid.SliceOfN(status, 0, 12).Draw(t, "statuses"), " ")
		w := watch(seen)
		if w.Phase() != lifecycle.Settled || len(w.Violations()) > 0 {
			return
		}
		// Without repetitions, and up to where it settled, it reads STOPPED RESIZING STOPPED.
		var path []string
		for _, s := range strings.Fields(seen) {
			if len(path) == 0 || path[len(path)-1] != s {
				path = append(path, s)
			}
			if len(path) == 3 {
				break
			}
		}
		assert.Equal(t, []string{"STOPPED", "RESIZING", "STOPPED"}, path)
	})
}

func TestSeenRunning(t *testing.T) {
	ms := time.Millisecond
	running := func(asked, seen time.Duration) verdict.Observation {
		return verdict.Observation{Asked: asked, Seen: seen, Status: "RESIZING"}
	}
	cases := []struct {
		name         string
		answered     time.Duration
		observations []verdict.Observation
		want         lifecycle.Seen
	}{
		{"never", 5 * ms, []verdict.Observation{{Asked: 6 * ms, Seen: 7 * ms, Status: "STOPPED"}}, lifecycle.Never},
		{"after the answer", 5 * ms, []verdict.Observation{running(6*ms, 7*ms)}, lifecycle.AfterAnswer},
		{"asked before the answer, seen after it", 5 * ms, []verdict.Observation{running(4*ms, 6*ms)}, lifecycle.AfterAnswer},
		{"a moment before the answer", 5 * ms, []verdict.Observation{running(3*ms, 4*ms)}, lifecycle.AfterAnswer},
		{"long before the answer, and never after it", 50 * ms, []verdict.Observation{running(1*ms, 2*ms), running(48*ms, 49*ms)}, lifecycle.BeforeAnswer},
		{"long before the answer, and after it", 50 * ms, []verdict.Observation{running(1*ms, 2*ms), running(51*ms, 52*ms)}, lifecycle.AfterAnswer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, lifecycle.SeenRunning(rules, verdict.Trajectory{Answered: c.answered, Observations: c.observations}))
		})
	}
}
