package secret

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatAnEscapeMeansAtItsEdges spells one character of a secret by an escape: the first and
// the last of each range of letters, digits and numbers, and what lies next to it.
func TestWhatAnEscapeMeansAtItsEdges(t *testing.T) {
	longest := "&CounterClockwiseContourIntegral;" // of HTML's entities
	require.Len(t, longest, maxName+1)
	for _, row := range []struct {
		plain, spelt string
		found        bool
	}{
		{"\x00", `\0`, true}, {"\x00", `\u0000`, true}, {"\x000", `\&#48;`, false}, {"\x00", "&#;", false}, {"\x00", "&#x;", false}, {"\x07", `\7`, true}, {"\x08", `\8`, false}, {"8", `\8`, false}, {"9", `\9`, false},
		{"a", `\a`, false}, {"z", `\z`, false}, {"A", `\A`, false}, {"Z", `\Z`, false}, {"`", "\\`", true}, {"{", `\{`, true}, {"@", `\@`, true}, {"[", `\[`, true}, {":", `\:`, true}, {"/", `\/`, true},
		{"\b", `\b`, true}, {"\f", `\f`, true}, {"\t", `\t`, true},
		{"\x7f", `\x7f`, true}, {"\x7f", `\177`, true}, {"\u0080", `\x80`, true}, {"\u0080", `\200`, true}, {"\u00ff", `\377`, true},
		{"\U0010ffff", `\U0010FFFF`, true}, {"\U0010ffff", `&#x10FFFF;`, true}, {"\U0010ffff", `&#1114111;`, true}, {"\ufffd", `&#x110000;`, false},
		{"a", `&#0000000097;`, true}, {"a", `&#00000000097;`, false}, {"a", `\u{61}`, true}, {"a", `\u{0000000061}`, true}, {"a", `\u{61`, false},
		{"∳", longest, true}, {"∳", "&conint" + longest[1:], false}, {"&", "&AMP", true}, {"&lt", "&amp;lt", true}, {`"`, "&QUOT;", true}, {"<", "&LT", true}, {"&none;", "&none;", true},
		{"½", "&frac12;", true}, {"¼", "&frac14;", true}, {"¾", "&frac34;", true}, {"⅞", "&frac78;", true}, {"𝔄", "&Afr;", true}, {"²", "&sup2;", true}, {"Á", "&Aacute;", true}, {"Ž", "&Zcaron;", true}, {"ž", "&zcaron;", true}, {"á", "&aacute;", true},
		{"a", "%61", true}, {"o", "%6f", true}, {"o", "%6F", true}, {"\x60", "%60", true}, {"o", "%6g", false}, {"o", "=6F", true}, {"o", "=6:", false},
		{"😀", `\uD83D\uDE00`, true}, {"😀", `\uD83D-uDE00`, false},
	} {
		text, want := "x Sesame"+row.spelt+"opens y", "x "+Redacted+" y"
		if !row.found {
			want = text
		}
		f := NewFilter(New("Sesame" + row.plain + "opens"))
		assert.Equal(t, want, f.String(text), row.spelt)
		for cut := range len(text) {
			assert.Equal(t, want, written(t, f, text[:cut], text[cut:]), "%s, cut at %d", row.spelt, cut)
		}
	}
}

// written returns what a writer passes on of pieces.
func written(t require.TestingT, f *Filter, pieces ...string) string {
	var out bytes.Buffer
	w := f.Writer(&out)
	for _, piece := range pieces {
		_, err := fmt.Fprint(w, piece)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String()
}

// TestReadingsAreBounded: a place is read in so many ways at most, each once, with the most
// layers that any of its spellings leaves.
func TestReadingsAreBounded(t *testing.T) {
	var r readings
	for i := range maxReadings + 3 {
		r.left = 1
		r.addByte(rune(i), i)
	}
	assert.Equal(t, maxReadings, r.count)
	r.left = 2
	r.addByte(0, 0)
	assert.Equal(t, maxReadings, r.count)
	assert.Equal(t, 2, r.list[0].left)

	for _, beyond := range []rune{-1, utf8.MaxRune + 1} {
		var none readings
		none.addRune(beyond, 1)
		assert.Zero(t, none.count)
	}
	for _, same := range []struct {
		value rune
		count int
	}{{utf8.RuneSelf - 1, 1}, {utf8.RuneSelf, 2}} {
		var one readings
		one.addByte(same.value, 1)
		assert.Equal(t, same.count, one.count, "a byte, and beyond ASCII a character")
	}
	for _, other := range []reading{{size: 1, end: 2}, {size: 2, end: 1}, {size: 1, end: 1, bytes: [4]byte{1}}} {
		two := readings{}
		two.add(reading{size: 1, end: 1})
		two.add(other)
		assert.Equal(t, 2, two.count, "%v is another reading", other)
	}
}

// TestLayersAreUndoneUpToTheirBound spells an ampersand in one layer more each time.
func TestLayersAreUndoneUpToTheirBound(t *testing.T) {
	f := NewFilter(New("Sesame&opens"))
	spelt := "Sesame&opens"
	for layers := range maxLayers + 2 {
		assert.Equal(t, layers <= maxLayers, f.String(spelt) == Redacted, "%d layers: %s", layers, spelt)
		spelt = strings.ReplaceAll(spelt, "&", "&amp;")
	}
}

// TestSignaturesAmongDigitsAndSecrets puts a signature at each distance from the beginning, the
// end, other digits and a secret.
func TestSignaturesAmongDigitsAndSecrets(t *testing.T) {
	f := NewFilter(New("Sesame-open"))
	f.AddSignature(signature64)
	for before := range 130 {
		for _, digits := range []string{strings.Repeat("a", before), strings.Repeat("g", before), strings.Repeat("ag", before/2)} {
			for _, after := range []string{"", "b", "z", "bz"} {
				require.Equal(t, digits+Redacted+after, f.String(digits+signature64+after), "%d before", before)
			}
		}
	}
	assert.Equal(t, Redacted+Redacted, f.String(signature64+"Sesame-open"))
	assert.Equal(t, Redacted+Redacted, f.String("Sesame-open"+signature64))
	assert.Equal(t, Redacted+" "+Redacted+" "+Redacted, f.String("Sesame-open "+signature64+" Sesame-open"))
	assert.Equal(t, Redacted+" "+Redacted+" "+Redacted, f.String(signature64+" Sesame-open "+signature64))

	within := NewFilter(New(signature64[:20])) // the longer one goes
	within.AddSignature(signature64)
	assert.Equal(t, Redacted, within.String(signature64))
	longer := NewFilter(New(signature64 + "-and-more"))
	longer.AddSignature(signature64)
	for cut := range signatureLength {
		assert.Equal(t, Redacted, written(t, within, signature64[:cut], signature64[cut:]), "cut at %d", cut)
	}
	for _, rest := range []string{"-and-more", "-and-less"} {
		text := signature64 + rest
		for cut := range len(text) {
			want := Redacted + strings.TrimSuffix(rest, "-and-more")
			assert.Equal(t, want, written(t, longer, text[:cut], text[cut:]), "%s, cut at %d", rest, cut)
		}
	}
}

// TestASignatureWrittenInTwoIsNeverShown cuts a text at each place.
func TestASignatureWrittenInTwoIsNeverShown(t *testing.T) {
	f := NewFilter(New("Sesame-open"))
	f.AddSignature(signature64)
	text := "x ab" + signature64 + "cd Sesame-open"
	for cut := range len(text) {
		var out bytes.Buffer
		w := f.Writer(&out)
		_, err := fmt.Fprint(w, text[:cut])
		require.NoError(t, err)
		require.LessOrEqual(t, cut-out.Len(), signatureLength, "no more is held than may become one")
		_, err = fmt.Fprint(w, text[cut:])
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.Equal(t, "x ab"+Redacted+"cd "+Redacted, out.String(), "cut at %d", cut)
	}
	var out bytes.Buffer
	w := f.Writer(&out)
	_, err := fmt.Fprint(w, strings.Repeat("a", 200))
	require.NoError(t, err)
	assert.Equal(t, 200-(signatureLength-1), out.Len(), "what a digit more could not complete is written")
}
