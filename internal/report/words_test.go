package report_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// TestWhatIsNotRestoredIsCalledAsTheContractDoes says it of an instance, and of another kind of thing.
func TestWhatIsNotRestoredIsCalledAsTheContractDoes(t *testing.T) {
	for _, test := range []struct {
		left   verdict.Unrestored
		en, zh string
	}{
		{verdict.Unrestored{Instance: "ins-1", Type: "t1", Reason: "r"}, "instance ins-1 is to have type t1 again: r", "实例 ins-1 应恢复为规格 t1：r"},
		{verdict.Unrestored{Instance: "ins-1", Type: "t1", Reason: "it has type t2 and is RUNNING; it was given up"}, "instance ins-1 is to have type t1 again: it has type t2 and is RUNNING; it was given up", "实例 ins-1 应恢复为规格 t1：其规格为 t2，状态为 RUNNING; it was given up"},
		{verdict.Unrestored{Instance: "ins-1", Type: "t1", Reason: "it is still BUSY; it was IDLE"}, "instance ins-1 is still BUSY; it was IDLE", "实例 ins-1，其状态仍为 BUSY，变更前为 IDLE"},
		{verdict.Unrestored{Instance: "v-1", Type: "t1", Reason: "it still has tier t2; it had tier t1", Kind: "vault", Value: "tier"}, "vault v-1 still has tier t2; it had tier t1", "vault v-1，其 tier 仍为 t2，变更前的 tier 为 t1"},
		{verdict.Unrestored{Instance: "v-1", Type: "t1", Reason: "r", Kind: "vault", Value: "tier"}, "vault v-1 is to have tier t1 again: r", "vault v-1 的 tier 应恢复为 t1：r"},
	} {
		for language, want := range map[report.Language]string{report.English: test.en, report.Chinese: test.zh} {
			_, lines, _ := report.UnrestoredLines(verdict.Run{Unrestored: []verdict.Unrestored{test.left}}, language)
			assert.Equal(t, want, lines[0])
		}
	}
}

// TestEveryFormatCallsWhatIsNotRestoredByItsKind writes a run that left a vault changed.
func TestEveryFormatCallsWhatIsNotRestoredByItsKind(t *testing.T) {
	run := headOf(nil, sampleClauses())
	run.Unrestored = []verdict.Unrestored{{Instance: "v-1", Type: "t1", Reason: "r", Kind: "vault", Value: "tier"}}
	for format, want := range map[string]string{"html": "Not restored: 1 of kind vault", "junit": "vault v-1 is restored", "ctrf": "vault v-1 is restored", "md": "vault v-1 is to have tier t1 again: r"} {
		assert.Contains(t, string(written(t, readerOf(t, run, nil), format)), want, format)
	}
	run.Unrestored[0].Reason = "it is still BUSY; it was IDLE"
	for format, want := range map[string]string{"html": "is still BUSY; it was IDLE", "junit": "vault v-1 is still BUSY; it was IDLE", "ctrf": "vault v-1 is still BUSY; it was IDLE", "md": "vault v-1 is still BUSY; it was IDLE"} {
		page := string(written(t, readerOf(t, run, nil), format))
		assert.Contains(t, page, want, format)
		assert.NotContains(t, page, "is to have tier", format)
	}
}
