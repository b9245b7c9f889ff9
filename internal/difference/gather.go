package difference

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// gathered holds what is compared of a run.
type gathered struct {
	order     []string // scenario ids
	scenarios map[string]*scenario
	times     map[string][]time.Duration // of the answers, by operation
}

// scenario holds what is compared of a scenario.
type scenario struct {
	verdict.Scenario           // without evidence
	answers          []answers // by step
}

func gather(b *report.Reader) (*gathered, error) {
	g := &gathered{scenarios: map[string]*scenario{}, times: map[string][]time.Duration{}}
	for s, err := range b.Scenarios() {
		if err != nil {
			return nil, err
		}
		kept := &scenario{Scenario: s, answers: answersOf(s)}
		for _, x := range s.Exchanges {
			if x.Received != nil {
				g.times[x.Operation.Action] = append(g.times[x.Operation.Action], x.Timing.End)
			}
		}
		kept.Exchanges, kept.Trajectories = nil, nil
		g.order = append(g.order, s.ID)
		g.scenarios[s.ID] = kept
	}
	return g, nil
}

// answers are the distinct answers to the requests of a step, by operation.
type answers map[string]map[string]bool

// answersOf returns the answers to each step's requests. It leaves out answers that say nothing
// about conformance, such as a rate limit.
func answersOf(s verdict.Scenario) []answers {
	list := make([]answers, len(s.Steps))
	from := 0
	for i, step := range s.Steps {
		to := min(max(step.Exchanges, from), len(s.Exchanges))
		list[i] = answers{}
		for _, x := range s.Exchanges[from:to] {
			if !x.Judgeable() {
				continue
			}
			action := x.Operation.Action
			if list[i][action] == nil {
				list[i][action] = map[string]bool{}
			}
			list[i][action][answer(x)] = true
		}
		from = to
	}
	return list
}

func answer(x wire.Exchange) string {
	text := x.Operation.Action + " " + strconv.Itoa(x.Received.Status)
	if code := wire.ReadAnswer(*x.Received).Code; code != "" {
		text += " " + code
	}
	return text
}

// differing returns the answers for operations that both runs called and that were answered
// differently. Operations that only one run called are ignored, because the reads of a step depend
// on timing.
func differing(a, b answers) (inA, inB []string) {
	for _, action := range slices.Sorted(maps.Keys(a)) {
		if b[action] == nil || maps.Equal(a[action], b[action]) {
			continue
		}
		inA = append(inA, slices.Sorted(maps.Keys(a[action]))...)
		inB = append(inB, slices.Sorted(maps.Keys(b[action]))...)
	}
	return inA, inB
}

func median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}
