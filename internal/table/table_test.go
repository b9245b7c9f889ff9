package table_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/table"
)

func TestColumnsAlignByCells(t *testing.T) {
	rows := [][]any{{"a", "变更规格", 7, "the end"}, {"longer-id", "x", 1234, "末尾"}, {"", "另一台", 0, ""}}
	for name, c := range map[string]struct {
		layout table.Layout
		head   []any
		want   string
	}{
		"all":     {table.Layout{}, nil, "a          变更规格     7  the end\nlonger-id  x         1234  末尾\n           另一台       0\n"},
		"headed":  {table.Layout{}, []any{"id", "title", "n", "rest"}, "ID         TITLE        N  REST\na          变更规格     7  the end\nlonger-id  x         1234  末尾\n           另一台       0\n"},
		"columns": {table.Layout{Columns: []int{4, 5}}, nil, "a     变更…     7  the end\nlon…  x      1234  末尾\n      另一…     0\n"},
		"width":   {table.Layout{Width: 24}, nil, "a          变更规格    …\nlonger-id  x         12…\n           另一台      …\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			require.NoError(t, c.layout.Write(&out, c.head, rows))
			assert.Equal(t, c.want, out.String())
		})
	}
	var out strings.Builder
	require.NoError(t, table.Layout{}.Write(&out, nil, nil))
	assert.Empty(t, out.String())
}

func TestTextsAreCutAndFilledByCells(t *testing.T) {
	for _, c := range []struct {
		text  string
		cells int
		cut   string
	}{
		{"abcd", 4, "abcd"}, {"abcde", 4, "abc…"}, {"场景场景", 8, "场景场景"}, {"场景场景", 7, "场景场…"}, {"场景场景", 6, "场景…"}, {"…", 1, "…"}, {"ab", 0, "…"},
	} {
		assert.Equal(t, c.cut, table.Cut(c.text, c.cells), c.text)
	}
	assert.Equal(t, "ab  ", table.Pad("ab", 4))
	assert.Equal(t, "场景  ", table.Pad("场景", 6))
	assert.Equal(t, "无法判定", table.Pad("无法判定", 4))
	assert.Equal(t, "…  ", table.Pad("…", 3))
	fits, left := table.Fit("场景", 3)
	assert.Equal(t, "场", fits)
	assert.Equal(t, 1, left)
}
