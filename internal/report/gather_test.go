package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
)

func TestWhatIsTheSameIsToldOnceWithItsPlaces(t *testing.T) {
	var scenarios []verdict.Scenario
	for i := range 150 {
		s := failedScenario()
		s.ID, s.Exchanges = fmt.Sprintf("S-%03d", i), nil
		s.Findings = append(s.Findings, s.Findings[0])
		skipped := unjudged()[2]
		skipped.ID = fmt.Sprintf("G-%03d", i)
		scenarios = append(scenarios, s, skipped)
	}
	other := failedScenario()
	other.Findings[0].Got = "INVALID_PARAMETER_TYPE"
	scenarios = append(scenarios, other)
	reader := readerOf(t, headOf(scenarios, sampleClauses()), scenarios)

	page := string(written(t, reader, "html"))
	assert.Equal(t, 3, strings.Count(page, `<article class="finding">`), "two kinds of finding, one reason")
	assert.Contains(t, page, "301 of 2 kinds")
	assert.Contains(t, page, `<summary><span><span class="en">300 places<`)
	assert.Contains(t, page, `<span class="en">and 200 more</span>`)
	assert.Contains(t, page, "150 scenarios: the target lists no STOPPED GPU instance")

	alike := scenarios[:len(scenarios)-1]
	assert.Contains(t, string(written(t, readerOf(t, headOf(alike, sampleClauses()), alike), "html")), "300 of 1 kind<")

	text := string(written(t, reader, "md"))
	assert.Equal(t, 2, strings.Count(text, "| [M-STATUS-DENIED]("))
	assert.Contains(t, text, "## Findings (301)")
	assert.Contains(t, text, "`S-000` `S-001` `S-002` and 147 more")
	assert.Contains(t, text, "## Skipped (150)")
	assert.Less(t, len(text), 8<<10)
}

func TestWhatFailsTheRunStandsBeforeWhatDoesNot(t *testing.T) {
	waived, should, must := failedScenario(), failedScenario(), failedScenario()
	waived.ID, should.ID, must.ID = "A", "B", "C"
	waived.Findings[0].Waived = "known"
	should.Findings[0].Level = verdict.Should
	scenarios := []verdict.Scenario{waived, should, must}
	text := string(written(t, readerOf(t, headOf(scenarios, nil), scenarios), "md"))
	places := regexp.MustCompile(`(?m)^\| M-STATUS-DENIED( \(\w+\))? \|`).FindAllString(text, -1)
	assert.Equal(t, []string{"| M-STATUS-DENIED |", "| M-STATUS-DENIED (should) |", "| M-STATUS-DENIED (waived) |"}, places)
}

// TestReasonsThatDifferInAnIDAreOne: a page in front of the endpoint hides every instance, and a
// line for each of them hides what else is wrong. The line has every id, as somebody looks for one of them.
func TestReasonsThatDifferInAnIDAreOne(t *testing.T) {
	_, scenarios := sample()
	scenarios = scenarios[:3]
	for i, id := range []string{"ins-4", "ins-5", "ins-6"} {
		scenarios[i].Outcome, scenarios[i].Findings = verdict.Skipped, nil
		scenarios[i].Reason = fmt.Sprintf("the endpoint shows no type of instance %s, for %d reads of cpu-2", id, i+3)
	}
	md := string(written(t, readerOf(t, headOf(scenarios, sampleClauses()), scenarios), "md"))
	assert.Equal(t, 1, strings.Count(md, "the endpoint shows no type of instance ins-4, ins-5, ins-6, for … reads of cpu-2"), md)
	assert.Equal(t, 1, strings.Count(md, "the endpoint shows no type"))
}

func TestManyIDsOfOneReasonAreCounted(t *testing.T) {
	var scenarios []verdict.Scenario
	for i := range 45 {
		s := unjudged()[2]
		s.ID, s.Reason = fmt.Sprintf("S-%02d", i), fmt.Sprintf("instance ins-%02d is not used again", i)
		scenarios = append(scenarios, s)
	}
	page := string(written(t, readerOf(t, headOf(scenarios, sampleClauses()), scenarios), "html"))
	assert.Contains(t, page, "ins-38, ins-39, +5 (report.json) is not used again")
}
