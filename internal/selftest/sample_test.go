package selftest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/suite"
)

// scenarios returns so many scenarios of one rule, which bear a clause.
func scenarios(count int, rule, clause string) []suite.Case {
	var cases []suite.Case
	for i := range count {
		cases = append(cases, suite.Case{ID: fmt.Sprintf("%s-%d", rule, i), Rule: rule, Clauses: []string{clause}})
	}
	return cases
}

func TestTheSampleOfAClause(t *testing.T) {
	few, others := scenarios(many, "one", "A"), scenarios(3, "two", "B")
	assert.Equal(t, few, sample(append(few, others...), "A"), "all that bear the clause")
	assert.Equal(t, []suite.Case{few[0], others[0]}, sample(append(few, others...), "C"), "no scenario bears it: every answer is judged by it")

	much := append(scenarios(many, "one", "A"), scenarios(1, "three", "A")...)
	assert.Equal(t, []suite.Case{much[0], much[many]}, sample(append(much, others...), "A"), "more than many bear it")
}
