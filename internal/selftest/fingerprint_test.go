package selftest_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/selftest"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

var (
	fingerprintRuns      = flag.Int("fingerprint-runs", 2, "how often each defect is met")
	fingerprintLimit     = flag.Duration("fingerprint-limit", 0, "no run starts after this time, but two of each defect; 0: all are made")
	fingerprintScenarios = flag.Int("fingerprint-scenarios", 0, "how many of the scenarios that notice a defect meet it; 0: all")
	fingerprintDefects   = flag.String("fingerprint-defects", "type-unchanged,boots-after-stopped,instances-filter-ignored,unknown-type-as-instance", `the defects that are met; "all"`)
)

// drawn is what a run draws, in the place of a finding.
var drawn = regexp.MustCompile(`\S*\d\S*`)

// seen are the fingerprints of a defect's findings, by scenario, clause and kind of place,
// and the runs that met each.
type seen map[string]map[string][]int

// TestAFingerprintIsTheSameInEveryRun meets each defect several times, by scenarios that notice it: whichever findings a
// run has of one kind in one scenario, they have the fingerprints of the run before. Findings
// that only some runs have are logged: their waivers have to be intermittent.
func TestAFingerprintIsTheSameInEveryRun(t *testing.T) {
	broken := defects.All()
	if *fingerprintDefects != "all" {
		named := strings.Split(*fingerprintDefects, ",")
		broken = slices.DeleteFunc(broken, func(d defects.Defect) bool { return !slices.Contains(named, d.Name) })
		require.Len(t, broken, len(named))
	}
	c, all := whole(t)
	met := make([]seen, len(broken))
	var playing sync.WaitGroup
	slots := make(chan struct{}, 16) // most of a run is waiting
	deadline := time.Now().Add(*fingerprintLimit)
	rounds := make([]int, len(broken))
	for i, d := range broken {
		met[i] = seen{}
		playing.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			cases := noticing(t, selftest.Options{Contract: c, Suite: all}, d)
			if len(cases) == 0 {
				t.Logf("%s: no scenario noticed it, so it has no fingerprint", d.Name)
				return
			}
			for rounds[i] < *fingerprintRuns && (rounds[i] < 2 || *fingerprintLimit == 0 || time.Now().Before(deadline)) {
				play(t, run.Plan{Contract: c, Suite: all, Cases: cases, Done: met[i].note(rounds[i])}, d)
				rounds[i]++
			}
			t.Logf("%s: met %d times", d.Name, rounds[i])
		})
	}
	playing.Wait()
	kinds, rare := 0, 0
	for i, d := range broken {
		kinds += len(met[i])
		for place, prints := range met[i] {
			runs := slices.Concat(slices.Collect(maps.Values(prints))...)
			slices.Sort(runs)
			runs = slices.Compact(runs)
			for print, in := range prints {
				assert.Len(t, in, len(runs), "%s: %s: the fingerprint %s is of some of the runs that met it: %v of %v", d.Name, place, print, in, runs)
			}
			if len(runs) < rounds[i] {
				rare++
			}
		}
	}
	assert.NotZero(t, kinds)
	t.Logf("%d defects, %d to %d runs each: %d findings by scenario, clause and place; %d of them not in every run", len(broken), slices.Min(rounds), slices.Max(rounds), kinds, rare)
}

// noticing returns the scenarios that notice a defect, as many as wanted: of its sample, or of what is played when the
// sample does not notice it, or of the suite.
func noticing(t *testing.T, o selftest.Options, d defects.Defect) (cases []suite.Case) {
	for _, portion := range append(o.Portions(d), o.Suite.Cases) {
		var mu sync.Mutex
		found := map[string]bool{}
		play(t, run.Plan{Contract: o.Contract, Suite: o.Suite, Cases: portion, Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			found[s.ID] = len(s.Findings) > 0
			return nil
		}}, d)
		cases = slices.DeleteFunc(slices.Clone(portion), func(c suite.Case) bool { return !found[c.ID] })
		if len(cases) > 0 {
			break
		}
	}
	if *fingerprintScenarios > 0 {
		cases = cases[:min(*fingerprintScenarios, len(cases))]
	}
	return cases
}

// play plays scenarios against a mock with a defect.
func play(t *testing.T, p run.Plan, d defects.Defect) {
	local, err := target.Mock(context.Background(), mock.Options{Alter: d.Alter, ResizeTime: 80 * time.Millisecond})
	if !assert.NoError(t, err) {
		return
	}
	p.Target, p.Parallel = local.Target, 32
	_, err = run.Execute(context.Background(), p)
	assert.NoError(t, err)
	assert.NoError(t, local.Close())
}

// note returns what takes the findings of a run.
func (s seen) note(round int) func(int, verdict.Scenario) error {
	var mu sync.Mutex
	return func(_ int, scenario verdict.Scenario) error {
		mu.Lock()
		defer mu.Unlock()
		for _, f := range scenario.Findings {
			place := fmt.Sprintf("%s %s %s", scenario.ID, f.Clause, drawn.ReplaceAllString(f.Where, "#"))
			if s[place] == nil {
				s[place] = map[string][]int{}
			}
			if in := s[place][f.Fingerprint()]; !slices.Contains(in, round) {
				s[place][f.Fingerprint()] = append(in, round)
			}
		}
		return nil
	}
}

// whole reads the contract and the features that are built in.
func whole(t *testing.T) (*contract.Contract, *suite.Suite) {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(features.FS, suite.ContractOf(c))
	require.NoError(t, err)
	return c, all
}
