package benchmark

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// pairs is how often a thousand scenarios and ten thousand are run, in turn.
const pairs = 5

// growth measures suites of growing size, each in a process of its own.
func (b *Bench) growth(ctx context.Context) (Section, error) {
	s := Section{
		Title: "5. Growth",
		About: fmt.Sprintf("The built program with a folder of generated features, 64 scenarios at once, the usual reports written: wall time, "+
			"processor time and peak memory of the process. What every run costs (that of 10 scenarios) is taken off before dividing. "+
			"1000 and 10000 scenarios are run %d times in turn: the spread is that of the quotients of these pairs.", pairs),
	}
	least, err := b.grown(ctx, reading(), 10)
	if err != nil {
		return s, err
	}
	s.Rows = append(s.Rows, grownRow("10 scenarios of one exchange", least))
	hundred, err := b.grown(ctx, reading(), 100)
	if err != nil {
		return s, err
	}
	s.Rows = append(s.Rows, grownRow("100 scenarios of one exchange", hundred))
	if err := b.linear(ctx, &s, least); err != nil {
		return s, err
	}
	return s, b.bounded(ctx, &s)
}

func grownRow(what string, e ended) Row {
	return Row{What: what, Value: fmt.Sprintf("%s, %s of processor time, %s", millis(e.wall), millis(e.cpu), mebi(e.peak))}
}

// linear compares what each of ten thousand scenarios costs with what each of a thousand does.
func (b *Bench) linear(ctx context.Context, s *Section, least ended) error {
	const some, many = 1000, 10000
	each := func(e ended, scenarios int) time.Duration { return (e.cpu - least.cpu) / time.Duration(scenarios-10) }
	var quotients []float64
	var thousand, tenThousand ended
	for range pairs {
		var err error
		if thousand, err = b.grown(ctx, reading(), some); err != nil {
			return err
		}
		if tenThousand, err = b.grown(ctx, reading(), many); err != nil {
			return err
		}
		quotients = append(quotients, ratio(each(tenThousand, many), each(thousand, some)))
	}
	slices.Sort(quotients)
	small, large := grownRow(fmt.Sprintf("%d scenarios of one exchange", some), thousand), grownRow(fmt.Sprintf("%d scenarios of one exchange", many), tenThousand)
	small.Value += fmt.Sprintf("; each %s of processor time and %.1f KiB", micros(each(thousand, some)), float64(thousand.peak-least.peak)/(some-10)/1024)
	large.Value += fmt.Sprintf("; each %s of processor time and %.1f KiB; each %.2f times that of %d, from %.2f to %.2f in the pairs",
		micros(each(tenThousand, many)), float64(tenThousand.peak-least.peak)/(many-10)/1024, quotients[pairs/2], some, quotients[0], quotients[pairs-1])
	large.Goal, large.Over = fmt.Sprintf("linear: each costs what each of %d does, within the spread", some), quotients[0]
	s.Rows = append(s.Rows, small, large)
	return nil
}

// bounded compares the memory of ten times as many exchanges.
func (b *Bench) bounded(ctx context.Context, s *Section) error {
	small, err := b.grown(ctx, refusing(47), 200)
	if err != nil {
		return err
	}
	large, err := b.grown(ctx, refusing(47), 2000)
	if err != nil {
		return err
	}
	row := grownRow("100000 exchanges in 2000 scenarios", large)
	if small.peak > 0 {
		row.Over = float64(large.peak) / float64(small.peak) / 2
		row.Goal = "bounded: at most twice the memory of a tenth"
		row.Value += fmt.Sprintf(", %.2f times the memory", 2*row.Over)
	}
	s.Rows = append(s.Rows, grownRow("10000 exchanges in 200 scenarios", small), row)
	return nil
}

func (b *Bench) grown(ctx context.Context, f feature, scenarios int) (ended, error) {
	dir := filepath.Join(b.temp, "features")
	defer func() { _ = os.RemoveAll(dir) }()
	if err := f.disk(dir, scenarios); err != nil {
		return ended{}, err
	}
	return b.conformance(ctx, "run", "--features", dir)
}
