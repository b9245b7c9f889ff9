package report

import (
	"iter"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// atOnce is how many scenarios are processed ahead.
const atOnce = 4

// ahead applies work to each scenario of a sequence and yields the results in order. It reads the
// sequence in its own goroutine and processes several scenarios concurrently. All goroutines have
// ended when ahead returns.
func ahead[T any](all iter.Seq2[verdict.Scenario, error], work func(verdict.Scenario) T) iter.Seq2[T, error] {
	type result struct {
		made chan T
		err  error
	}
	return func(yield func(T, error) bool) {
		results, left := make(chan result, atOnce), make(chan struct{})
		var working sync.WaitGroup
		working.Go(func() {
			defer close(results)
			for s, err := range all {
				next := result{make(chan T, 1), err}
				select {
				case results <- next:
				case <-left:
					return
				}
				if err == nil {
					working.Go(func() { next.made <- work(s) })
				}
			}
		})
		defer working.Wait()
		defer close(left)
		for r := range results {
			var made T
			if r.err == nil {
				made = <-r.made
			}
			if !yield(made, r.err) {
				return
			}
		}
	}
}
