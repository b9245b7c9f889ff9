package run

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// with is a scenario with findings of the given clauses.
func with(change func(*verdict.Finding), clauses ...string) verdict.Scenario {
	var s verdict.Scenario
	for _, clause := range clauses {
		f := verdict.Finding{Clause: clause, Where: "status", Want: "a", Got: "b"}
		if change != nil {
			change(&f)
		}
		s.Findings = append(s.Findings, f)
	}
	return s
}

func TestALimitCountsDifferentFindings(t *testing.T) {
	waived := func(f *verdict.Finding) { f.Waived = "known" }
	should := func(f *verdict.Finding) { f.Level = verdict.Should }
	for name, c := range map[string]struct {
		limit int
		met   []verdict.Scenario
		ended string
	}{
		"none is set":              {0, []verdict.Scenario{with(nil, "A", "B")}, ""},
		"the first":                {1, []verdict.Scenario{with(nil, "A")}, "at its first finding"},
		"the same again":           {2, []verdict.Scenario{with(nil, "A"), with(nil, "A")}, ""},
		"two of one scenario":      {2, []verdict.Scenario{with(nil, "A", "B")}, "after 2 different findings"},
		"one that is waived":       {1, []verdict.Scenario{with(waived, "A")}, ""},
		"one that breaks a should": {1, []verdict.Scenario{with(should, "A")}, ""},
		"more than the limit":      {2, []verdict.Scenario{with(nil, "A", "B", "C")}, "after 2 different findings"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLimit(c.limit)
			for _, s := range c.met {
				l.count(s, false)
			}
			assert.Equal(t, c.ended, l.ended())
			var lacking *steps.Lacking
			if c.ended == "" {
				assert.NoError(t, l.reached())
			} else {
				assert.ErrorAs(t, l.reached(), &lacking)
			}
		})
	}
}

// TestNoScenarioStartsBesideOneThatMayEndTheRun is for findings whose scenario restores its
// instances for minutes before they are counted.
func TestNoScenarioStartsBesideOneThatMayEndTheRun(t *testing.T) {
	for name, c := range map[string]struct {
		count func(*limit)
		ends  bool
	}{
		"it has a finding":      {func(l *limit) { l.count(with(nil, "A"), true) }, true},
		"nothing is left of it": {func(l *limit) { l.clear() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLimit(1)
			l.suspect()
			waited := make(chan error, 1)
			go func() { waited <- l.reached() }()
			select {
			case <-waited:
				require.Fail(t, "a scenario started although the run may be about to end")
			case <-time.After(20 * time.Millisecond): // it has had every chance
			}
			c.count(l)
			assert.Equal(t, c.ends, <-waited != nil)
		})
	}
}
