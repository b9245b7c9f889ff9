package foreign

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
)

// measured runs a command against some cases.
func measured(t *testing.T, command string, limit time.Duration, names ...string) ([]Result, error) {
	t.Helper()
	return Measure(t.Context(), Options{Command: command, Contract: t.TempDir(), Cases: Only(Cases(0), names), Limit: limit, AtOnce: 2, All: true, Env: []string{"PATH=/usr/local/bin:/usr/bin:/bin"}})
}

// asks is a program that accuses whoever answers an unknown action with 200.
const asks = `test "$(curl -s -o /dev/null -w '%{http_code}' {url}/api/v2/zec -H "Authorization: Bearer $ZENLAYER_TOKEN" -H 'X-ZC-Action: None' ` +
	`-H 'X-ZC-Version: 2024-04-01' -H 'Content-Type: application/json' -d '{}')" != 200 && test -d {contract} && test "$ZENLAYER_ENDPOINT" = {url}`

func TestAnExitCodeIsTheVerdict(t *testing.T) {
	results, err := measured(t, asks, 10*time.Second, "unknown-action-200", "unknown-action-500", "order-number")
	require.NoError(t, err)
	byName := map[string]Result{}
	for _, r := range results {
		byName[r.Name] = r
	}
	require.Len(t, byName, 4)
	assert.Equal(t, Cleared, byName[""].Verdict)
	assert.Equal(t, Accused, byName["unknown-action-200"].Verdict)
	assert.Equal(t, Cleared, byName["unknown-action-500"].Verdict)
	assert.False(t, byName["unknown-action-500"].Right())
	assert.Equal(t, Cleared, byName["order-number"].Verdict)
	assert.True(t, byName["order-number"].Right())

	score := ScoreOf(asks, results, time.Second)
	assert.Equal(t, Count{Total: 2, Right: 1}, score.Defects)
	assert.Equal(t, Count{Total: 1, Right: 1}, score.Variants)
	var table, page, text bytes.Buffer
	require.NoError(t, score.WriteTable(&table, ""))
	assert.Regexp(t, `pairs +1 of 2 detected`, table.String())
	require.NoError(t, score.WriteHTML(&page, report.Chinese))
	assert.Contains(t, page.String(), `<code>unknown-action-500</code></th><td><span class="en">pairs</span><span class="zh" lang="zh-Hans">状态码与错误码</span></td><td><code>E-ACTION-UNKNOWN</code></td><td class="wrong"><span class="en">cleared</span><span class="zh" lang="zh-Hans">判为符合</span></td>`)
	assert.Contains(t, page.String(), `<html lang="zh-Hans" data-lang="en" data-asked>`)
	table.Reset()
	require.NoError(t, score.WriteTable(&table, report.Chinese))
	assert.Contains(t, table.String(), "全部缺陷        2 个中检出 1 个\n变体            1 个中 1 个判为符合\n")
	require.NoError(t, score.WriteJSON(&text))
	assert.True(t, json.Valid(text.Bytes()))
}

func TestAProgramThatCannotBeTrustedIsAnError(t *testing.T) {
	for command, c := range map[string]struct {
		limit   time.Duration
		message string
	}{
		"exit 3":                 {time.Minute, "accuses the right mock (exit code 3)"},
		"no-such-program-at-all": {time.Minute, "the command cannot be run: exit code 127"},
		"sleep 30":               {200 * time.Millisecond, "does not end within 200ms against the right mock"},
	} {
		_, err := measured(t, command, c.limit, "unknown-action-200")
		require.ErrorContains(t, err, c.message)
	}
}

func TestARunThatDoesNotEndIsNoDetection(t *testing.T) {
	// What answers an unknown action with 200 makes this program hang.
	results, err := measured(t, asks+" || sleep 60", 10*time.Second, "unknown-action-200")
	require.NoError(t, err)
	require.Len(t, results, 2)
	assert.Equal(t, Timeout, results[1].Verdict)
	assert.False(t, results[1].Right())
	assert.Less(t, results[1].Took, time.Minute, "it ended with what it had started")
}

func TestAnInterruptEndsAll(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Measure(ctx, Options{Command: "true", Cases: Cases(1), Limit: time.Second, AtOnce: 1})
	require.ErrorIs(t, err, context.Canceled)
}

func TestASampleIsSpreadOverTheCategories(t *testing.T) {
	count := map[string]int{}
	for _, c := range Cases(2) {
		count[c.Kind+c.Category]++
	}
	assert.Equal(t, 1, count["right"])
	assert.Equal(t, 2, count["variant"])
	assert.Equal(t, 2, count["defecttransport"])
	assert.Equal(t, 2, count["defectintermittent"])
	assert.Greater(t, len(Cases(0)), 500)
}
