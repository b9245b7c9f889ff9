package secret

// manyMatched is so much of a text that a line break behind it, as it stands, is taken for one
// that the text is broken by, also while nothing is known of the next line.
const manyMatched = 8

// matcher looks whether a text to search for stands at one place of another text,
// however it is spelt there.
type matcher[T string | []byte] struct {
	trie *trie
	decoder[T]
	end  int    // of the longest match; where it began without one
	open bool   // the text ended where it could still become one, or a longer one
	been []fork // the places from which the rest was looked at already
	room [8]fork
}

type fork struct {
	node int32
	at   int
}

// match looks at one place.
func (m *matcher[T]) match(at int) {
	m.end, m.open, m.cut = at, false, false
	m.been = m.room[:0]
	m.follow(0, at)
}

// follow goes on at a node of the trie and a place of the text.
func (m *matcher[T]) follow(from int32, at int) {
	for {
		n := &m.trie.nodes[from]
		if n.end {
			m.end = max(m.end, at)
		}
		if n.child == 0 {
			return
		}
		if at >= len(m.text) {
			m.open = m.open || from != 0
			return
		}
		b := m.text[at]
		if m.trie.opens(b) || n.wrapped && isLineBreak(b) {
			m.fork(from, at)
			return
		}
		next, goesOn := m.trie.child(from, b)
		if !goesOn {
			return
		}
		from, at = next, at+1
	}
}

// fork follows every way to read a place.
func (m *matcher[T]) fork(from int32, at int) {
	for _, known := range m.been {
		if known == (fork{from, at}) {
			return
		}
	}
	m.been = append(m.been, fork{from, at})
	ways := m.read(at, maxLayers)
	m.open = m.open || m.cut
	for _, way := range ways.list[:ways.count] {
		if m.skips(from, at, way) {
			m.follow(from, way.end)
			continue
		}
		next, goesOn := from, way.size > 0
		for _, b := range way.bytes[:way.size] {
			if goesOn {
				next, goesOn = m.trie.child(next, b)
			}
		}
		if goesOn {
			m.follow(next, way.end)
		}
	}
}

// skips reports whether a reading stands for nothing within a text to search for.
func (m *matcher[T]) skips(from int32, at int, way reading) bool {
	if way.size == 0 {
		return from != 0
	}
	n := m.trie.nodes[from]
	if !n.wrapped || !isLineBreak(way.bytes[0]) {
		return false
	}
	escaped := way.end > at+1
	return way.end < len(m.text) || escaped || n.depth >= manyMatched
}

// search returns the place and the end of the first text to search for from a place on:
// of several that begin there, the longest. Where more text may follow (all is false), it
// ends at the first place at which that could change what is found. end is 0 where nothing
// is found, and at the place up to which the text was searched: this one, or its length.
func search[T string | []byte](t *trie, text T, from int, all bool) (at, end int) {
	if len(t.targets) == 0 {
		return len(text), 0
	}
	var m *matcher[T] // most texts have no place to look at
	for i := from; i < len(text); i++ {
		if !t.first[text[i]] {
			continue
		}
		if i+1 < len(text) && !t.follows(text[i], text[i+1]) || pointless(t, text[i:]) {
			continue
		}
		if m == nil {
			m = &matcher[T]{trie: t, decoder: decoder[T]{text: text, blank: t.blank}}
		}
		m.match(i)
		if m.open && !all {
			return i, 0
		}
		if m.end > i {
			return i, m.end
		}
	}
	return len(text), 0
}

// pointless reports whether a text begins with more of one opening character than all
// layers together take for an escape: it can stand for that character alone, and no text
// to search for begins with it. Runs of backslashes would take long to read otherwise.
func pointless[T string | []byte](t *trie, text T) bool {
	if len(text) <= maxReadings || !opensEscape(text[0]) || string(text[1:][:maxReadings]) != string(text[:maxReadings]) {
		return false
	}
	_, begins := t.child(0, text[0])
	return !begins
}
