package benchmark

import (
	"context"
	"fmt"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// parallel measures whether waiting overlaps.
func (b *Bench) parallel(ctx context.Context) (Section, error) {
	const slow = time.Second
	s := Section{
		Title: "6. Waiting overlaps",
		About: "As many scenarios as run at once, each following one change of type to its settled end, against a mock whose resize takes a second.",
	}
	for _, atOnce := range []int{1, 2, 8, 64} {
		start := time.Now()
		_, scenarios, err := b.play(ctx, resizing().memory(atOnce), mock.Options{ResizeTime: slow}, atOnce)
		if err != nil {
			return s, err
		}
		wall := time.Since(start)
		var longest time.Duration
		for _, played := range scenarios {
			longest = max(longest, played.Duration)
		}
		const within = 1.2
		times := ratio(wall, longest)
		s.Rows = append(s.Rows, Row{
			What: fmt.Sprintf("%d at once", atOnce), Value: fmt.Sprintf("%s, %.2f times the longest scenario", millis(wall), times),
			Baseline: "the longest scenario: " + millis(longest), Goal: "at most 1.2 times the longest scenario", Over: times / within,
		})
	}
	return s, nil
}
