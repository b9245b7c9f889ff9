package secret

import (
	"encoding/hex"
	"net/http"
	"slices"
	"sync"
)

// MinLength is the least length in bytes of a secret that a Filter removes. Anything
// shorter stands in innocent text too often: who takes credentials refuses it.
const MinLength = 6

// signatureLength is the length in hex digits of a SHA-256, which signatures are.
const signatureLength = 64

// maxSignatures bounds how many signatures one generation keeps; the filter knows
// the last two generations.
const maxSignatures = 1 << 16

type digest [signatureLength / 2]byte

// Filter removes secrets from text. It is safe for concurrent use, and a nil Filter
// removes nothing. Text without secrets is passed through uncopied.
type Filter struct {
	mu         sync.RWMutex
	patterns   *patterns // replaced whole, never changed
	signatures map[digest]struct{}
	earlier    map[digest]struct{}
}

// NewFilter returns a filter of the values and of what is derived from them: base64
// in every alphabet and position, hex, URL-, JSON- and HTML-escaped forms.
func NewFilter(values ...Value) *Filter {
	f := &Filter{patterns: newPatterns(nil), signatures: map[digest]struct{}{}}
	f.Add(values...)
	return f
}

// Add makes the filter remove further values. Those shorter than MinLength are left alone.
func (f *Filter) Add(values ...Value) {
	f.mu.Lock()
	defer f.mu.Unlock()
	texts := slices.Clone(f.patterns.texts)
	for _, v := range values {
		if s := v.Reveal(); len(s) >= MinLength {
			texts = append(texts, forms(s)...)
		}
	}
	f.patterns = newPatterns(texts)
}

// AddSignature makes the filter remove a signature of 64 hex digits, in either
// letter case. Anything else is left alone.
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
	if f == nil {
		return s
	}
	if at, _ := find(f, s, 0); at < 0 {
		return s
	}
	return string(f.Bytes([]byte(s)))
}

// Holds reports whether there is a secret in b.
func (f *Filter) Holds(b []byte) bool {
	if f == nil {
		return false
	}
	at, _ := find(f, b, 0)
	return at >= 0
}

// Bytes returns b without secrets: b itself when there are none, else a copy.
func (f *Filter) Bytes(b []byte) []byte {
	if f == nil {
		return b
	}
	at, end := find(f, b, 0)
	if at < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	from := 0
	for at >= 0 {
		out = append(append(out, b[from:at]...), Redacted...)
		from = end
		at, end = find(f, b, from)
	}
	return append(out, b[from:]...)
}

// Header returns h without secrets in names and values: h itself when there are
// none, else a copy.
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
	has := func(s string) bool { at, _ := find(f, s, 0); return at >= 0 }
	for name, values := range h {
		if has(name) || slices.ContainsFunc(values, has) {
			return true
		}
	}
	return false
}

// find returns the place of the first secret in b from from on, or -1; of several
// that begin there, the longest.
func find[T string | []byte](f *Filter, b T, from int) (at, end int) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	at, end = findText(f.patterns, b, from)
	if s := findSignature(f, b, from); s >= 0 && (at < 0 || s < at || s == at && s+signatureLength > end) {
		return s, s + signatureLength
	}
	return at, end
}

// findSignature looks at every 64th byte only, until one is a hex digit.
func findSignature[T string | []byte](f *Filter, b T, from int) int {
	if len(f.signatures) == 0 {
		return -1
	}
	var key digest
	run := 0 // hex digits known to stand right behind position from
	for from+signatureLength <= len(b) {
		last := from + signatureLength - 1
		for last >= from+run && isHex(b[last]) {
			last--
		}
		if last >= from+run {
			from, run = last+1, from+signatureLength-1-last
			continue
		}
		if _, err := hex.Decode(key[:], []byte(b[from:from+signatureLength])); err == nil && f.knows(key) {
			return from
		}
		from, run = from+1, signatureLength-1
	}
	return -1
}

func (f *Filter) knows(key digest) bool {
	if _, ok := f.signatures[key]; ok {
		return true
	}
	_, ok := f.earlier[key]
	return ok
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
