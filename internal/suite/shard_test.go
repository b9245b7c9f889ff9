package suite_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/zec-tools/conformance/internal/suite"
)

func TestShardsAreAPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,4}-[a-z0-9]{1,6}`), 1, 60, rapid.ID).Draw(t, "ids")
		cases := make([]suite.Case, len(ids))
		for i, id := range ids {
			cases[i] = suite.Case{Index: i, ID: id}
		}
		total := rapid.IntRange(1, len(cases)).Draw(t, "total")
		var together []suite.Case
		for index := 1; index <= total; index++ {
			part, err := suite.Shard(cases, index, total)
			require.NoError(t, err)
			assert.True(t, slices.IsSortedFunc(part, func(a, b suite.Case) int { return a.Index - b.Index }), "the order of the features")
			assert.GreaterOrEqual(t, len(part), len(cases)/total, "even")
			assert.LessOrEqual(t, len(part), (len(cases)+total-1)/total, "even")
			together = append(together, part...)
		}
		slices.SortFunc(together, func(a, b suite.Case) int { return a.Index - b.Index })
		assert.Equal(t, cases, together, "each case in one shard, none lost")
	})
}

func TestAShardDependsOnIDsAlone(t *testing.T) {
	cases := []suite.Case{{Index: 0, ID: "a-1"}, {Index: 1, ID: "b-1"}, {Index: 2, ID: "c-1"}, {Index: 3, ID: "d-1"}}
	moved := []suite.Case{{Index: 0, ID: "d-1"}, {Index: 1, ID: "c-1"}, {Index: 2, ID: "b-1"}, {Index: 3, ID: "a-1"}}
	first, err := suite.Shard(cases, 1, 2)
	require.NoError(t, err)
	again, err := suite.Shard(moved, 1, 2)
	require.NoError(t, err)
	assert.Equal(t, []string{"a-1", "c-1"}, ids(first))
	assert.Equal(t, []string{"c-1", "a-1"}, ids(again))
}

func TestNoShardIsEmpty(t *testing.T) {
	for name, c := range map[string]struct{ index, total int }{
		"more shards than scenarios": {1, 3}, "below the first": {0, 2}, "beyond the last": {3, 2}, "no shards": {1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := suite.Shard([]suite.Case{{ID: "a-1"}, {Index: 1, ID: "b-1"}}, c.index, c.total)
			assert.Error(t, err)
		})
	}
}

func ids(cases []suite.Case) []string {
	var list []string
	for _, c := range cases {
		list = append(list, c.ID)
	}
	return list
}
