package benchmark

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// growth measures suites of growing size, each in a process of its own.
func (b *Bench) growth(ctx context.Context) (Section, error) {
	s := Section{
		Title: "5. Growth",
		About: "The built program with a folder of generated features, 64 scenarios at once, the usual reports written: wall time, " +
			"processor time and peak memory of the process. What every run costs (that of 10 scenarios) is taken off before dividing.",
	}
	var least, thousand ended
	for _, scenarios := range []int{10, 100, 1000, 10000} {
		e, err := b.grown(ctx, reading(), scenarios)
		if err != nil {
			return s, err
		}
		row := Row{What: fmt.Sprintf("%d scenarios of one exchange", scenarios)}
		row.Value = fmt.Sprintf("%s, %s of processor time, %s", millis(e.wall), millis(e.cpu), mebi(e.peak))
		switch scenarios {
		case 10:
			least = e
		case 1000, 10000:
			each := (e.cpu - least.cpu) / time.Duration(scenarios-10)
			row.Value += fmt.Sprintf("; each %s of processor time and %.1f KiB", micros(each), float64(e.peak-least.peak)/float64(scenarios-10)/1024)
		}
		if scenarios == 1000 {
			thousand = e
		}
		if scenarios == 10000 {
			was := float64(thousand.cpu-least.cpu) / 990
			row.Over = float64(e.cpu-least.cpu) / 9990 / was
			row.Goal = "linear: each costs what each of 1000 does"
			row.Value += fmt.Sprintf(", %.2f times that of 1000", row.Over)
		}
		s.Rows = append(s.Rows, row)
	}
	var small ended
	for _, scenarios := range []int{200, 2000} {
		e, err := b.grown(ctx, refusing(47), scenarios)
		if err != nil {
			return s, err
		}
		row := Row{What: fmt.Sprintf("%d exchanges in %d scenarios", 50*scenarios, scenarios)}
		row.Value = fmt.Sprintf("%s, %s of processor time, %s", millis(e.wall), millis(e.cpu), mebi(e.peak))
		if scenarios == 200 {
			small = e
		} else if small.peak > 0 {
			row.Over = float64(e.peak) / float64(small.peak) / 2
			row.Goal = "bounded: at most twice the memory of a tenth"
			row.Value += fmt.Sprintf(", %.2f times the memory", 2*row.Over)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

func (b *Bench) grown(ctx context.Context, f feature, scenarios int) (ended, error) {
	dir := filepath.Join(b.temp, "features")
	defer func() { _ = os.RemoveAll(dir) }()
	if err := f.disk(dir, scenarios); err != nil {
		return ended{}, err
	}
	return b.conformance(ctx, "run", "--features", dir)
}
