package report_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// manyScenarios is a run of the usual size: 200 scenarios, four exchanges each.
func manyScenarios() []verdict.Scenario {
	var scenarios []verdict.Scenario
	for i := range 200 {
		s := passedScenario()
		s.ID, s.Outcome = fmt.Sprintf("S-%03d", i), verdict.Passed
		scenarios = append(scenarios, s)
	}
	return scenarios
}

func BenchmarkFormats(b *testing.B) {
	scenarios := manyScenarios()
	reader := readerOf(b, headOf(scenarios, sampleClauses()), scenarios)
	for _, format := range report.Formats() {
		b.Run(format.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, report.WriteTo(io.Discard, reader, format))
			}
		})
	}
}

func BenchmarkSpoolAdd(b *testing.B) {
	spool, err := report.Create(b.TempDir())
	require.NoError(b, err)
	defer func() { require.NoError(b, spool.Close()) }()
	s := passedScenario()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		require.NoError(b, spool.Add(i, s))
	}
}
