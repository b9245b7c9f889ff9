package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
)

// automatic is the value of --shard that takes the job's number from the environment. It is not the
// default, because a job of a matrix has a number, too, and would skip scenarios that no other job
// runs.
const automatic = "auto"

// shard is the flag --shard and the shard that it selects.
type shard struct {
	text string
	part *verdict.Shard // nil means everything
}

func (s *shard) flag(flags *pflag.FlagSet) {
	flags.StringVar(&s.text, "shard", "",
		"run one of several equal parts, as 2/5; \"auto\": by CI_NODE_INDEX and CI_NODE_TOTAL, or by JOB_COMPLETION_INDEX and JOB_COMPLETIONS")
}

// of returns the cases in the selected shard.
func (s *shard) of(cases []suite.Case, env func(string) string) ([]suite.Case, error) {
	if s.text == "" {
		return cases, nil
	}
	part, err := readShard(s.text, env)
	if err == nil {
		cases, err = suite.Shard(cases, part.Index, part.Total)
	}
	if err != nil {
		return nil, usageError(fmt.Errorf("--shard %s: %w", s.text, err))
	}
	s.part = &part
	return cases, nil
}

func readShard(text string, env func(string) string) (verdict.Shard, error) {
	if text == automatic {
		return numbered(env)
	}
	first, second, _ := strings.Cut(text, "/")
	index, err := strconv.Atoi(first)
	total, wrong := strconv.Atoi(second)
	if err != nil || wrong != nil {
		return verdict.Shard{}, fmt.Errorf("write the part and the number of parts, as 2/5, or %q", automatic)
	}
	return verdict.Shard{Index: index, Total: total}, nil
}

// numbered reads the number that a CI service gives to a job. GitLab counts from 1. An Indexed Job
// of Kubernetes counts from 0 and does not provide the total.
func numbered(env func(string) string) (verdict.Shard, error) {
	for _, names := range []struct {
		index, total string
		first        int
	}{{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1}, {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0}} {
		index, total := env(names.index), env(names.total)
		if index == "" {
			continue
		}
		i, err := strconv.Atoi(index)
		n, wrong := strconv.Atoi(total)
		if err != nil || wrong != nil {
			return verdict.Shard{}, fmt.Errorf("%s is %q and %s is %q: set both to numbers", names.index, index, names.total, total)
		}
		if i < names.first || i >= n+names.first {
			return verdict.Shard{}, fmt.Errorf("%s is %d, which is none of the %d jobs that %s counts from %d", names.index, i, n, names.total, names.first)
		}
		return verdict.Shard{Index: i - names.first + 1, Total: n}, nil
	}
	return verdict.Shard{}, fmt.Errorf("neither CI_NODE_INDEX nor JOB_COMPLETION_INDEX is set: give the part, as 2/5")
}
