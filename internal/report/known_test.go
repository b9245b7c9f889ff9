package report_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// TestOpenPointsAtAnUnknownWord puts a word that is none wherever a report has one of a few
// words, and wants its line and column.
func TestOpenPointsAtAnUnknownWord(t *testing.T) {
	head, scenarios := waived()
	head.Fault = verdict.FaultSuite
	good := string(written(t, readerOf(t, head, scenarios), "json"))
	path := filepath.Join(t.TempDir(), "report.json")
	members := map[string]int{}
	for _, at := range regexp.MustCompile(`"(verdict|fault|outcome|status|level|state)": ("[^"]*")`).FindAllStringSubmatchIndex(good, -1) {
		member := good[at[2]:at[3]]
		members[member]++
		before := good[:at[4]]
		require.NoError(t, os.WriteFile(path, []byte(before+`"odd"`+good[at[5]:]), 0o644))
		_, err := report.Open(path)
		place := fmt.Sprintf("%s:%d:%d: ", path, 1+strings.Count(before, "\n"), len(before)-strings.LastIndex(before, "\n"))
		require.ErrorContains(t, err, place, before[max(0, len(before)-200):])
		require.ErrorContains(t, err, member+` "odd" is unknown: want `)
	}
	assert.Len(t, members, 6, "each of them is in the report")
}

// TestTheWordsOfAReportAreThoseOfItsSchema holds the words that Open takes against those that
// the published schema lists.
func TestTheWordsOfAReportAreThoseOfItsSchema(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "reports", "report.schema.json"))
	require.NoError(t, err)
	for path, words := range map[string]any{
		"$defs.verdict.enum":                  verdict.Verdicts(),
		"$defs.fault.enum":                    verdict.Origins(),
		"$defs.level.enum":                    verdict.Levels(),
		"$defs.step.properties.outcome.enum":  verdict.Outcomes(),
		"$defs.outcome.enum":                  verdict.Outcomes()[:5],
		"$defs.clause.properties.status.enum": verdict.ClauseStatuses(),
		"$defs.waiver.properties.state.enum":  verdict.WaiverStates(),
	} {
		want, err := json.Marshal(words)
		require.NoError(t, err)
		assert.JSONEq(t, string(want), gjson.GetBytes(text, path).Raw, path)
	}
}
