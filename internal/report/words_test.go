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
}
