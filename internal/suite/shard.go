package suite

import (
	"cmp"
	"fmt"
	"slices"
)

// Shard returns the part of the cases that shard index of total runs, 1 ≤ index ≤
// total. The parts of all shards are the cases, each once; their sizes differ by one at
// most. Which part a case falls into depends on the ids alone, neither on files nor on
// the order of the cases. A shard that would be left without a case is an error.
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
