package report

import (
	"iter"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// readAhead is how many scenarios are read before they are asked for.
const readAhead = 4

// ahead yields what a sequence yields, which is read in a goroutine of its own: one scenario
// is written while the next ones are read. The goroutine ends with the sequence.
func ahead(all iter.Seq2[verdict.Scenario, error]) iter.Seq2[verdict.Scenario, error] {
	type result struct {
		scenario verdict.Scenario
		err      error
	}
	return func(yield func(verdict.Scenario, error) bool) {
		results, left := make(chan result, readAhead), make(chan struct{})
		var reading sync.WaitGroup
		reading.Go(func() {
			defer close(results)
			for s, err := range all {
				select {
				case results <- result{s, err}:
				case <-left:
					return
				}
			}
		})
		defer reading.Wait()
		defer close(left)
		for r := range results {
			if !yield(r.scenario, r.err) {
				return
			}
		}
	}
}
