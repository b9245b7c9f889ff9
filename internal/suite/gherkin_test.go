package suite

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAFaultOfGherkinIsSaidInWordsOfTheFile reads files that are no Gherkin.
func TestAFaultOfGherkinIsSaidInWordsOfTheFile(t *testing.T) {
	for text, want := range map[string]string{
		"Featur: x\n": `x.feature:1: "Featur: x" cannot stand here: want a tag or Feature:`,
		"Feature: x\n  Scenario: y\n    Give a thing\n    Given a thing\n    Then: z\n": `x.feature:5: "Then: z" cannot stand here: want a row of a table, """, a step, a tag, Examples:, Scenario: or Rule:`,
		"Feature: x\n  Scenario: y\n    Given a\n      \"\"\"\n":                        `x.feature:5: the file ends too early: want """ or a text`,
		"# language: xx\nFeature: x\n":                                                  `x.feature:1: there is no language "xx": write # language: zh-CN, or no such line for English`,
		"Feature: x\n  Scenario: y\n    Given a\n      | a |\n      | a | b |\n":        `x.feature:5: inconsistent cell count within the table`,
	} {
		p := parse("x.feature", []byte(text))
		if assert.Error(t, p.err, text) {
			assert.EqualError(t, parseFault("x.feature", p.err), want)
		}
	}
}
