package secret

import "strings"

// trie holds the texts to search for, as a tree of their bytes. It is never changed
// once a search uses it.
type trie struct {
	nodes   []node
	targets []target
	blank   bool // a text has a blank, which + and _ can stand for
	// first tells of each byte whether it may begin a text: as it stands, or as the
	// opening character of an escape. second tells it of the two first bytes.
	first  [256]bool
	second [1 << 10]uint64
}

type node struct {
	edges   []edge
	end     bool // of a text
	wrapped bool // of a text that is broken into lines
	depth   int
}

type edge struct {
	label byte
	to    int32
}

func newTrie(all []target) *trie {
	t := &trie{nodes: make([]node, 1)}
	for _, one := range all {
		if len(one.text) >= MinLength {
			t.targets = append(t.targets, one)
			t.insert(one)
		}
	}
	for b := range 256 {
		opens := t.opens(byte(b))
		if _, begins := t.child(0, byte(b)); begins || opens {
			t.first[b] = true
			t.pair(byte(b), opens)
		}
	}
	return t
}

// pair notes which bytes may follow a first one.
func (t *trie) pair(first byte, opens bool) {
	next, begins := t.child(0, first)
	for b := range 256 {
		follows := opens
		if begins {
			_, goesOn := t.child(next, byte(b))
			follows = follows || goesOn || t.opens(byte(b)) || t.nodes[next].wrapped && isLineBreak(byte(b))
		}
		if follows {
			index := int(first)<<8 | b
			t.second[index>>6] |= 1 << (index & 63)
		}
	}
}

func (t *trie) insert(one target) {
	t.blank = t.blank || !one.wrapped && strings.Contains(one.text, " ") // digits that stand apart are no URL
	at := int32(0)
	for i := range len(one.text) {
		next, there := t.child(at, one.text[i])
		if !there {
			next = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{depth: i + 1})
			t.nodes[at].edges = append(t.nodes[at].edges, edge{one.text[i], next})
		}
		at = next
		t.nodes[at].wrapped = t.nodes[at].wrapped || one.wrapped
	}
	t.nodes[at].end = true
}

func (t *trie) child(at int32, label byte) (int32, bool) {
	for _, e := range t.nodes[at].edges {
		if e.label == label {
			return e.to, true
		}
	}
	return 0, false
}

// follows reports whether a text may begin with two bytes.
func (t *trie) follows(first, second byte) bool {
	index := int(first)<<8 | int(second)
	return t.second[index>>6]&(1<<(index&63)) != 0
}

// opens reports whether a byte can stand for another one, or begin what does.
func (t *trie) opens(b byte) bool {
	return opensEscape(b) || t.blank && (b == '+' || b == '_')
}

// opensEscape reports whether a byte can begin what stands for another one.
func opensEscape(b byte) bool {
	switch b {
	case '\\', '&', '%', '=':
		return true
	}
	return false
}

func isLineBreak(b byte) bool { return b == '\n' || b == '\r' }
