package mock

import (
	"math/rand/v2"
	"sync/atomic"
)

// RequestIDs generates ids in the form of those in the documents: T and an upper-case UUID (R).
type RequestIDs struct {
	seed  uint64
	Count atomic.Uint64
}

// NewRequestIDs returns a generator of ids; seed 0 means a random one.
func NewRequestIDs(seed uint64) *RequestIDs {
	if seed == 0 {
		seed = rand.Uint64()
	}
	return &RequestIDs{seed: seed}
}

// Next returns an id that this generator has not returned before. The last 62 bits are the count,
// permuted by the seed; the other bits only complete the form.
func (g *RequestIDs) Next() string {
	const version, variant = 0x4 << 12, 0x2 << 62 // of a UUID, so that parsers take it
	n := g.Count.Add(1)
	high := Mix(g.seed+n)&^uint64(0xF000) | version
	low := (n^Mix(g.seed))&(1<<62-1) | variant
	const digits = "0123456789ABCDEF"
	id := [37]byte{0: 'T', 9: '-', 14: '-', 19: '-', 24: '-'}
	at := 1
	for _, half := range [2]uint64{high, low} {
		for shift := 60; shift >= 0; shift -= 4 {
			if id[at] == '-' {
				at++
			}
			id[at] = digits[half>>shift&0xF]
			at++
		}
	}
	return string(id[:])
}

// Mix spreads the bits of a number (the finalizer of SplitMix64).
func Mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
