package secret

import (
	"encoding/binary"
	"slices"
	"strings"
)

// patterns finds any of many texts in one pass. Four bytes tell at once, by one bit,
// whether a text may begin there: text without secrets costs about as much as a search
// for one string. It is never changed once made.
type patterns struct {
	texts   []string // no shorter than MinLength
	longest int
	begins  [1 << 10]uint64     // a bit for each hash of a text's first four bytes
	by      map[uint32][]string // by the first four bytes, longest first
}

func newPatterns(texts []string) *patterns {
	p := &patterns{by: map[uint32][]string{}}
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return len(t) < MinLength })
	slices.Sort(texts)
	p.texts = slices.Compact(texts)
	for _, text := range p.texts {
		first := binary.LittleEndian.Uint32([]byte(text))
		p.begins[hash(first)>>6] |= 1 << (hash(first) & 63)
		p.by[first] = append(p.by[first], text)
		p.longest = max(p.longest, len(text))
	}
	for _, same := range p.by {
		slices.SortFunc(same, func(a, b string) int { return len(b) - len(a) })
	}
	return p
}

// hash folds four bytes into the index of one of 65536 bits.
func hash(first uint32) uint32 { return first * 2654435761 >> 16 }

// findText returns where the first text of p in b begins and ends, from from on, or -1.
func findText[T string | []byte](p *patterns, b T, from int) (at, end int) {
	if len(p.texts) == 0 {
		return -1, -1
	}
	for i := from; i+MinLength <= len(b); i++ {
		first := uint32(b[i]) | uint32(b[i+1])<<8 | uint32(b[i+2])<<16 | uint32(b[i+3])<<24
		if p.begins[hash(first)>>6]&(1<<(hash(first)&63)) == 0 {
			continue
		}
		for _, text := range p.by[first] {
			if len(b)-i >= len(text) && string(b[i:i+len(text)]) == text {
				return i, i + len(text)
			}
		}
	}
	return -1, -1
}

// unfinished reports whether tail is the beginning of a text, but not all of it.
func (p *patterns) unfinished(tail []byte) bool {
	return slices.ContainsFunc(p.texts, func(text string) bool {
		return len(tail) < len(text) && strings.HasPrefix(text, string(tail))
	})
}
