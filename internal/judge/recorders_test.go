package judge_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
)

// TestEveryRecorderIsJudged judges the recordings that recorders wrote of the right mock.
func TestEveryRecorderIsJudged(t *testing.T) {
	files, err := filepath.Glob("../recording/testdata/recorders/*.[hj]*")
	require.NoError(t, err)
	require.Len(t, files, 10)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			run, scenarios := judgedFile(t, file)
			assert.Equal(t, verdict.NothingWrong, run.Verdict)
			assert.GreaterOrEqual(t, run.Recording.Judged, 2)
			assert.Equal(t, run.Recording.Entries, run.Recording.Judged+run.Recording.Others)
			for _, s := range scenarios {
				assert.Empty(t, s.Findings, s.ID)
			}
		})
	}
}
