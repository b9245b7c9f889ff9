package benchmark

import (
	"fmt"
	"slices"
	"time"
)

// median returns the middle of some durations.
func median(of []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// rounds is how often things that are compared are run.
const rounds = 5

// alternate runs several things in turn and returns the median time of each: what else the
// machine does meanwhile falls on all of them alike.
func alternate(things ...func() error) ([]time.Duration, error) {
	took := make([][]time.Duration, len(things))
	for range rounds {
		for i, thing := range things {
			start := time.Now()
			if err := thing(); err != nil {
				return nil, err
			}
			took[i] = append(took[i], time.Since(start))
		}
	}
	medians := make([]time.Duration, len(things))
	for i := range things {
		medians[i] = median(took[i])
	}
	return medians, nil
}

func perOne(large, small time.Duration, count int) time.Duration {
	return (large - small) / time.Duration(count)
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

func micros(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d)/1e3) }
func millis(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
func mebi(bytes int64) string       { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }

// percentile returns the value that so many percent of all do not exceed.
func percentile(of []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}
