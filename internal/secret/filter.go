package secret

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"sync"
)

// MinLength is the minimum length in bytes of a secret that a Filter removes. Anything shorter
// occurs in ordinary text too often. Code that accepts credentials must reject shorter ones.
const MinLength = 6

// signatureLength is the length of a signature, a SHA-256 in hex digits.
const signatureLength = 64

// maxSignatures limits the signatures in one generation. The filter knows the last two generations.
const maxSignatures = 1 << 16

type digest [sha256.Size]byte

// Filter removes secrets from text. It is safe for concurrent use, and a nil Filter
// removes nothing. Text without secrets is passed through uncopied.
type Filter struct {
	mu         sync.RWMutex
	texts      *trie           // replaced as a whole, never modified
	names      map[string]bool // texts that Clean leaves unchanged
	signatures map[digest]struct{}
	earlier    map[digest]struct{}
}

// NewFilter returns a filter for the values in every spelling of common encoders: escapes of JSON,
// HTML, XML, URLs and quoted-printable for any of their characters, up to three layers deep, hex,
// and base64 in every alphabet and position, also one over the other.
func NewFilter(values ...Value) *Filter {
	f := &Filter{texts: newTrie(nil), signatures: map[digest]struct{}{}}
	f.Add(values...)
	return f
}

// Add adds values to the filter. It ignores values shorter than MinLength.
func (f *Filter) Add(values ...Value) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := slices.Clone(f.texts.targets)
	for _, v := range values {
		if s := v.Reveal(); len(s) >= MinLength {
			all = append(all, targets(s)...)
		}
	}
	f.texts = newTrie(all)
}

// Keep makes Clean leave texts unchanged that are equal to one of these names. They are the
// program's own names, by which it finds things, and are not secret even if one of them is
// somebody's password.
func (f *Filter) Keep(names ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := maps.Clone(f.names)
	if kept == nil {
		kept = map[string]bool{}
	}
	for _, name := range names {
		kept[name] = true
	}
	f.names = kept
}

func (f *Filter) keeps(text string) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.names[text]
}

// AddSignature adds a signature of 64 hex digits, in either letter case, to the filter. It ignores
// anything else.
func (f *Filter) AddSignature(signature string) {
	var key digest
	if len(signature) != signatureLength {
		return
	}
	if _, err := hex.Decode(key[:], []byte(signature)); err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.signatures) >= maxSignatures {
		f.earlier, f.signatures = f.signatures, map[digest]struct{}{}
	}
	f.signatures[key] = struct{}{}
}

// String returns s without secrets.
func (f *Filter) String(s string) string {
	if f == nil || !contains(f, s) {
		return s
	}
	return string(f.Bytes([]byte(s)))
}

// Contains reports whether b contains a secret.
func (f *Filter) Contains(b []byte) bool { return f != nil && contains(f, b) }

// Bytes returns b itself if it contains no secrets, otherwise a copy without them.
func (f *Filter) Bytes(b []byte) []byte {
	if f == nil || !contains(f, b) {
		return b
	}
	out, _ := f.clean(b, true)
	return out
}

// Header returns h itself if it contains no secrets, otherwise a copy without them.
func (f *Filter) Header(h http.Header) http.Header {
	if f == nil || !f.anyIn(h) {
		return h
	}
	out := make(http.Header, len(h))
	for name, values := range h {
		clean := make([]string, len(values))
		for i, v := range values {
			clean[i] = f.String(v)
		}
		name = f.String(name)
		out[name] = append(out[name], clean...)
	}
	return out
}

func (f *Filter) anyIn(h http.Header) bool {
	has := func(s string) bool { return contains(f, s) }
	for name, values := range h {
		if has(name) || slices.ContainsFunc(values, has) {
			return true
		}
	}
	return false
}

func contains[T string | []byte](f *Filter, text T) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	_, end := search(f.texts, text, 0, true)
	return end > 0 || findSignature(f, text, 0) < len(text)
}

// clean returns b without secrets, and the position from which b was not examined because more text
// could change the result. If all is set, that is the length of b.
func (f *Filter) clean(b []byte, all bool) (out []byte, held int) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	out = make([]byte, 0, len(b))
	from, undecided := 0, f.partOfSignature(b, all)
	at, end := search(f.texts, b, 0, all)
	signature := findSignature(f, b, 0)
	for {
		start, stop := at, end
		switch {
		case signature < at:
			start, stop = signature, signature+signatureLength
		case signature == at && end > 0:
			stop = max(end, signature+signatureLength)
		}
		if stop == 0 || start >= undecided {
			held = max(min(start, undecided), from)
			return append(out, b[from:held]...), held
		}
		out = append(append(out, b[from:start]...), Redacted...)
		from = stop
		if at < from {
			at, end = search(f.texts, b, from, all)
		}
		if signature < from {
			signature = findSignature(f, b, from)
		}
	}
}

// partOfSignature returns the position of trailing hex digits that could become a signature with
// more of them, or the length of b.
func (f *Filter) partOfSignature(b []byte, all bool) int {
	from := len(b)
	if len(f.signatures) == 0 || all {
		return from
	}
	for from > 0 && len(b)-from < signatureLength-1 && isHex(b[from-1]) {
		from--
	}
	return from
}

// findSignature returns the position of the first signature after from, or the length of b. It
// examines only every 64th byte until one is a hex digit.
func findSignature[T string | []byte](f *Filter, b T, from int) int {
	if len(f.signatures) == 0 {
		return len(b)
	}
	var key digest
	known := from // everything from the position to here is a hex digit
	for from+signatureLength <= len(b) {
		end := from + signatureLength
		last := end - 1
		for last >= known && isHex(b[last]) {
			last--
		}
		if last < known {
			if _, err := hex.Decode(key[:], []byte(b[from:end])); err == nil && f.knows(key) {
				return from
			}
			last = from
		}
		from, known = last+1, end
	}
	return len(b)
}

func (f *Filter) knows(key digest) bool {
	if _, ok := f.signatures[key]; ok {
		return true
	}
	_, ok := f.earlier[key]
	return ok
}
