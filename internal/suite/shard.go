package suite

import (
	"cmp"
	"fmt"
	"slices"
)

// Shard returns the cases of one shard, 1 ≤ index ≤ total. Each case is in exactly one shard, and
// the sizes of the shards differ by at most one. The shard of a case depends only on the ids, not
// on files or on the order of the cases. An empty shard is an error.
func Shard(cases []Case, index, total int) ([]Case, error) {
	if index < 1 || total < index {
		return nil, fmt.Errorf("there is no shard %d of %d: the shards count from 1 to their number", index, total)
	}
	if total > len(cases) {
		return nil, fmt.Errorf("%d scenarios cannot fill %d shards: take at most as many shards as scenarios", len(cases), total)
	}
	sorted := slices.Clone(cases)
	slices.SortFunc(sorted, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	var part []Case
	for i, c := range sorted {
		if i%total == index-1 {
			part = append(part, c)
		}
	}
	slices.SortFunc(part, func(a, b Case) int { return cmp.Compare(a.Index, b.Index) })
	return part, nil
}
