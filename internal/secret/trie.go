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

// node is one byte of one or more texts. Its children are a list, and 0 ends it, because the root is
// nobody's child.
type node struct {
	child, sibling int32
	depth          int32
	label          byte
	end            bool // of a text
	wrapped        bool // of a text that is broken into lines
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
			t.nodes = append(t.nodes, node{label: one.text[i], depth: int32(i + 1), sibling: t.nodes[at].child})
			t.nodes[at].child = next
		}
		at = next
		t.nodes[at].wrapped = t.nodes[at].wrapped || one.wrapped
	}
	t.nodes[at].end = true
}

func (t *trie) child(at int32, label byte) (int32, bool) {
	next := t.nodes[at].child
	for next != 0 && t.nodes[next].label != label {
		next = t.nodes[next].sibling
	}
	return next, next != 0
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
