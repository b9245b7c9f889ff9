package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// resumed opens what the run to be resumed has left in --out: its scenarios if it was killed,
// otherwise its report. It returns an error if that is from a different run, or if nothing is left
// to do.
func (o *runOptions) resumed(this verdict.Run) (*report.Reader, error) {
	killed, other := killed(o.out, this)
	if killed != nil {
		return killed, nil
	}
	path := filepath.Join(o.out, "report.json")
	reader, err := report.Open(path)
	if errors.Is(err, fs.ErrNotExist) && other != nil {
		return nil, usageError(fmt.Errorf("--resume: what a killed run has left %w", other))
	}
	if err != nil {
		return nil, usageError(fmt.Errorf("--resume: %w", err))
	}
	if err := resumable(reader, this); err != nil {
		return nil, usageError(fmt.Errorf("--resume: %s %w", path, errors.Join(err, reader.Close())))
	}
	return reader, nil
}

// killed opens what a killed run like this one has left: the larger part if it was killed twice,
// nil if there is none. other says how another killed run differs.
func killed(dir string, this verdict.Run) (most *report.Reader, other error) {
	for _, left := range report.Unfinished(dir) {
		drop := left
		if differs := sameRun(left.Head, this); differs != nil {
			other = differs
		} else if most == nil || left.Len() > most.Len() {
			most, drop = left, most
		}
		if drop != nil {
			_ = drop.Close() // it was only read
		}
	}
	return most, other
}

// identity describes this run, to distinguish it from runs whose scenarios it could not take over.
func (o *runOptions) identity(c *contract.Contract, all *suite.Suite, info verdict.Target) verdict.Run {
	return verdict.Run{
		Contract: c.Document(), Features: verdict.Document{Title: "features", SHA256: all.SHA256}, Target: info,
		Selection: verdict.Selection{Tags: o.expression(), Scenarios: o.scenarios, Shard: o.shard.part, Seed: o.seed},
	}
}

// sameRun returns an error if this run differs from the interrupted one.
func sameRun(was, this verdict.Run) error {
	a, b := was.Selection, this.Selection
	shard := func(s *verdict.Shard) string {
		if s == nil {
			return ""
		}
		return fmt.Sprintf("%d/%d", s.Index, s.Total)
	}
	for _, same := range []struct {
		what string
		ok   bool
	}{
		{"target", was.Target.Name == this.Target.Name && was.Target.Kind == this.Target.Kind && host(was.Target) == host(this.Target)},
		{"contract", was.Contract.SHA256 == this.Contract.SHA256},
		{"features", was.Features.SHA256 == this.Features.SHA256},
		{"selection", a.Tags == b.Tags && slices.Equal(a.Scenarios, b.Scenarios) && shard(a.Shard) == shard(b.Shard) && a.Seed == b.Seed},
	} {
		if !same.ok {
			return fmt.Errorf("is of a run with another %s: give the flags of that run, or run without --resume", same.what)
		}
	}
	return nil
}

// resumable returns an error if a report is from a different run, or from one that was not
// interrupted.
func resumable(reader *report.Reader, this verdict.Run) error {
	if err := sameRun(reader.Head, this); err != nil {
		return err
	}
	left := 0
	for s, err := range reader.Scenarios() {
		switch {
		case err != nil:
			return err
		case cutOff(s):
			left++
		}
	}
	if left == 0 {
		return errors.New("is of a run that was not interrupted: there is nothing to resume; --last-failed runs again what did not pass")
	}
	return nil
}

// cutOff reports whether a scenario did not end because its run was interrupted. That includes a
// scenario that was still waiting for proof that its refusals mean anything.
func cutOff(s verdict.Scenario) bool {
	return s.Cause == wire.CauseInterrupted || s.Cause == wire.CauseRefusalsAlone
}

// endedIn yields the scenarios of a report that ended.
func endedIn(reader *report.Reader) iter.Seq2[verdict.Scenario, error] {
	return func(yield func(verdict.Scenario, error) bool) {
		for s, err := range reader.Scenarios() {
			if err == nil && cutOff(s) {
				continue
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// takenOver returns the scenarios to take over from an interrupted run, if it is being resumed, and
// a function that closes its report.
func (o *runOptions) takenOver(this verdict.Run) (iter.Seq2[verdict.Scenario, error], func(), error) {
	if !o.resume {
		return nil, func() {}, nil
	}
	was, err := o.resumed(this)
	if err != nil {
		return nil, nil, err
	}
	return endedIn(was), func() { _ = was.Close() }, nil
}

// spool stores the scenarios as they end. If changes have a cost, a later run can resume from it
// even if this one is killed.
func (o *runOptions) spool(this verdict.Run, t *readyTarget) (*report.Spool, error) {
	if t.stock == nil {
		return report.Create(o.out)
	}
	return report.CreateResumable(o.out, this)
}
