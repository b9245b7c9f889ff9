package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/table"
)

// TestAListFitsATerminalWhateverItsTitles holds that lines are no wider than a terminal and that
// their columns begin below each other, in Chinese, too, and that nothing is cut off elsewhere.
func TestAListFitsATerminalWhateverItsTitles(t *testing.T) {
	cases := []suite.Case{
		{ID: "resize", Name: "A resize succeeds", Clauses: []string{"M-RESIZE"}},
		{ID: "变更规格-与恢复", Name: strings.Repeat("已停止的实例", 9), Clauses: []string{"M-RESIZE", "M-RESIZE-ASYNC", "M-RESIZE-TYPE"}},
		{ID: strings.Repeat("long-", 12) + "[RUNNING]", Name: "变更", Clauses: []string{"M-RESIZE"}},
	}
	for width, want := range map[int]string{
		40: "resize                     M-RESIZE  A …\n变更规格-与恢复            M-RESIZ…  已…\nlong-long-long-long-long…  M-RESIZE  变…\n",
		0:  "resize                                                                 M-RESIZE                               A resize succeeds\n",
	} {
		var out strings.Builder
		require.NoError(t, showList(&out, cases, width))
		assert.True(t, strings.HasPrefix(out.String(), want), out.String())
		for line := range strings.Lines(out.String()) {
			if line = strings.TrimSuffix(line, "\n"); width > 0 {
				assert.Equal(t, line, table.Cut(line, width))
			}
		}
		assert.Equal(t, width == 0, strings.Contains(out.String(), cases[1].Name))
	}
}
