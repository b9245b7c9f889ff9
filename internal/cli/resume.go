package cli

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// resumed opens the report of the run that is resumed, the one in --out. It is an error
// when it is of another run, or when nothing is left to do.
func (o *runOptions) resumed(c *contract.Contract, all *suite.Suite, target verdict.Target) (*report.Reader, error) {
	path := filepath.Join(o.out, "report.json")
	reader, err := report.Open(path)
	if err != nil {
		return nil, usageError(fmt.Errorf("--resume: %w", err))
	}
	if err := o.resumable(reader, c, all, target); err != nil {
		return nil, usageError(fmt.Errorf("--resume: %s %w", path, errors.Join(err, reader.Close())))
	}
	return reader, nil
}

// resumable is an error when this run would not be the one of the report.
func (o *runOptions) resumable(reader *report.Reader, c *contract.Contract, all *suite.Suite, target verdict.Target) error {
	was := reader.Head
	selection := was.Selection
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
		{"target", was.Target.Name == target.Name && was.Target.Kind == target.Kind && host(was.Target) == host(target)},
		{"contract", was.Contract.SHA256 == c.SHA256()},
		{"features", was.Features.SHA256 == all.SHA256},
		{"selection", selection.Tags == o.expression() && slices.Equal(selection.Scenarios, o.scenarios) && shard(selection.Shard) == shard(o.shard.part) && selection.Seed == o.seed},
	} {
		if !same.ok {
			return fmt.Errorf("is of a run with another %s: give the flags of that run, or run without --resume", same.what)
		}
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

// cutOff reports whether a scenario did not end because its run was interrupted. The proof
// that a refusal needs may have been still to come, too.
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

// takenOver returns the scenarios that ended in an interrupted run, where it is resumed, and
// what closes its report.
func (o *runOptions) takenOver(c *contract.Contract, all *suite.Suite, info verdict.Target) (iter.Seq2[verdict.Scenario, error], func(), error) {
	if !o.resume {
		return nil, func() {}, nil
	}
	was, err := o.resumed(c, all, info)
	if err != nil {
		return nil, nil, err
	}
	return endedIn(was), func() { _ = was.Close() }, nil
}
