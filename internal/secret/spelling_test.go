package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// layer is an encoding of characters: it must escape some of them, and may escape any.
type layer struct {
	name  string
	must  string
	write func(r rune, choice int) string
}

func layers() []layer {
	bytewise := func(format string) func(rune, int) string {
		return func(r rune, _ int) string {
			var out strings.Builder
			for _, b := range []byte(string(r)) {
				fmt.Fprintf(&out, format, b)
			}
			return out.String()
		}
	}
	return []layer{
		{"JSON", `"\`, func(r rune, choice int) string {
			if choice%3 == 0 && strings.ContainsRune(`"\/`, r) {
				return `\` + string(r)
			}
			var out strings.Builder
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&out, []string{`\u%04x`, `\u%04X`}[choice%2], unit)
			}
			return out.String()
		}},
		{"HTML", `&<>"`, func(r rune, choice int) string {
			if escaped := html.EscapeString(string(r)); choice%4 == 0 && escaped != string(r) {
				return escaped
			}
			return fmt.Sprintf([]string{"&#%d;", "&#x%x;", "&#x%X;", "&#%05d;"}[choice%4], r)
		}},
		{"percent", "%", bytewise("%%%02X")},
		{"percent in lower case", "%", bytewise("%%%02x")},
		{"quoted-printable", "=", bytewise("=%02X")},
		{"a program's text", `\"`, bytewise(`\x%02x`)},
		{"JavaScript's escape", "%", func(r rune, _ int) string {
			var out strings.Builder
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&out, "%%u%04X", unit)
			}
			return out.String()
		}},
	}
}

// TestEveryMixtureOfEscapesIsFound writes secrets of any characters through up to three
// encodings one after the other, of which each escapes any of the characters it likes.
func TestEveryMixtureOfEscapesIsFound(t *testing.T) {
	characters := rapid.SampledFrom([]rune(`abcZ09+/=-_.~!"#$%&'()*,:;<>?@[\]^{|} éж日😀` + "`"))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(characters, 6, 40, -1).Draw(t, "secret")
		if strings.Contains("before  after"+Redacted, strings.TrimSpace(s)) {
			t.Skip("innocent text")
		}
		spelt := s
		for range rapid.IntRange(0, maxLayers).Draw(t, "how many") {
			over := rapid.SampledFrom(layers()).Draw(t, "encoding")
			var out strings.Builder
			for _, r := range spelt {
				if choice := rapid.IntRange(0, 23).Draw(t, "choice"); choice%3 == 0 || strings.ContainsRune(over.must, r) {
					out.WriteString(over.write(r, choice))
				} else {
					out.WriteRune(r)
				}
			}
			spelt = out.String()
		}
		text, f := "before "+spelt+" after", NewFilter(New(s))
		if clean := f.String(text); clean != "before "+Redacted+" after" {
			t.Fatalf("%q written as %q gave %q", s, spelt, clean)
		}
		cut := rapid.IntRange(0, len(text)).Draw(t, "cut")
		if clean := written(t, f, text[:cut], text[cut:]); clean != "before "+Redacted+" after" {
			t.Fatalf("%q written as %q gave %q when it was cut at %d", s, spelt, clean, cut)
		}
	})
}

// TestBase64IsFoundWhereverASecretStands holds six characters in base64 of texts around
// them, in both alphabets, spelt as encoders spell them, and broken into lines.
func TestBase64IsFoundWhereverASecretStands(t *testing.T) {
	for _, s := range []string{"s3cr+t", "caNary+token==", "caNary/9+é \"<&>\\zZ"} {
		f := NewFilter(New(s))
		for name, spelt := range spelledWhole(s) {
			for before := range 4 {
				text := []byte(strings.Repeat("u", before) + spelt + "zzzz")
				for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
					encoded := encoding.EncodeToString(text)
					for width := 8; width <= len(encoded); width += 9 {
						wrapped := strings.Join([]string{encoded[:width], encoded[width:]}, "\r\n")
						for _, way := range []string{encoded, url.QueryEscape(encoded), wrapped, strings.ReplaceAll(encoded, "/", `\/`), strings.ReplaceAll(wrapped, "\r\n", `\n`)} {
							clean := f.String("x " + way + " y")
							require.Contains(t, clean, Redacted, "%s of %q behind %d bytes: %s", name, s, before, way)
						}
					}
				}
			}
		}
	}
}

// TestOneEncodingOverAnotherIsFound holds base64 and hex of base64 and hex, as of a header that was
// stored in base64, wherever the secret stands in it.
func TestOneEncodingOverAnotherIsFound(t *testing.T) {
	inHex := func(text string) string { return hex.EncodeToString([]byte(text)) }
	upper := func(text string) string { return strings.ToUpper(inHex(text)) }
	standard := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	inURL := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	encoders := map[string]func(string) string{"hex": inHex, "HEX": upper, "base64": standard, "base64 of URLs": inURL}
	for _, s := range []string{"s3cr+t", "caNary+token==", "caNary/9+é \"<&>\\zZ"} {
		f := NewFilter(New(s))
		for first, inner := range encoders {
			for second, outer := range encoders {
				for _, before := range []string{"", "u", "u:"} {
					for _, around := range []string{"", "B", "Ba"} {
						text := outer(around + inner(before+s+"|") + "|")
						require.Contains(t, f.String(text), Redacted, "%s of %s of %q behind %q and %q", second, first, s, before, around)
					}
				}
			}
		}
	}
}

// TestBase64OfUTF16IsFound holds what PowerShell, for one, puts into base64.
func TestBase64OfUTF16IsFound(t *testing.T) {
	f := NewFilter(New("caN\u00e9+"))
	for _, before := range []string{"", "u\x00", "u\x00:\x00", "\xff\xfe"} {
		assert.Contains(t, f.String(base64.StdEncoding.EncodeToString([]byte(before+"c\x00a\x00N\x00\xe9\x00+\x00"))), Redacted)
	}
	assert.Contains(t, f.String(base64.StdEncoding.EncodeToString([]byte("\xfe\xff\x00c\x00a\x00N\x00\xe9\x00+"))), Redacted)
}

func TestDigitsApartAreFound(t *testing.T) {
	f := NewFilter(New("s3/c<T"))
	for _, digits := range []string{"73 33 2f 63 3c 54", "73:33:2F:63:3C:54", "73-33-2f-63-3c-54"} {
		assert.Equal(t, "("+Redacted+")", f.String("("+digits+")"))
	}
}

// TestBase64OfJSONIsRemovedWhole holds a secret that ends in what JSON itself ends in.
func TestBase64OfJSONIsRemovedWhole(t *testing.T) {
	const s = `é<Sesame"`
	inJSON, err := json.Marshal(s)
	require.NoError(t, err)
	assert.Equal(t, Redacted, NewFilter(New(s)).String(base64.StdEncoding.EncodeToString(inJSON[1:len(inJSON)-1])))
}

// spelledWhole returns a secret as common encoders write it.
func spelledWhole(s string) map[string]string {
	inJSON, _ := json.Marshal(s)
	var printable bytes.Buffer
	w := quotedprintable.NewWriter(&printable)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return map[string]string{
		"itself": s, "query": url.QueryEscape(s), "path": url.PathEscape(s), "HTML": html.EscapeString(s),
		"Go's JSON":        string(inJSON[1 : len(inJSON)-1]),
		".NET":             strings.NewReplacer("+", `\u002B`, "<", `\u003C`, ">", `\u003E`, "&", `\u0026`, `"`, `\u0022`, "é", `\u00E9`, `\`, `\\`).Replace(s),
		"quoted-printable": printable.String(), "JSON with \\/": strings.ReplaceAll(s, "/", `\/`),
	}
}

// TestAPairIsFoundUnderFurtherEscapes holds characters that UTF-16 writes as two units,
// each of which JSON in JSON and JSON in a URL escape.
func TestAPairIsFoundUnderFurtherEscapes(t *testing.T) {
	f := NewFilter(New("caNary😀token"))
	for _, spelt := range []string{`caNary\ud83d\ude00token`, `caNary\\ud83d\\ude00token`, `caNary\ud83d\u\u0064e00token`, `caNary%5Cud83d%5Cude00token`, "caNary%uD83D%uDE00token", "caNary%25uD83D%25uDE00token"} {
		assert.Equal(t, "[redacted]", f.String(spelt), spelt)
	}
}

func TestSoftLineBreaksHideNothing(t *testing.T) {
	f := NewFilter(New("Gu5t9xGARNpq86cd98joQYCN3"))
	for _, row := range []struct{ text, want string }{
		{"Gu5t9xG=\r\nARNpq86cd=\n98joQYCN3", Redacted},
		{`Gu5t9xG=\r\nARNpq86cd98joQYCN3`, Redacted}, // in JSON
		{"x =\nGu5t9xGARNpq86cd98joQYCN3=\n", "x =\n" + Redacted + "=\n"},
	} {
		assert.Equal(t, row.want, f.String(row.text))
		for cut := range len(row.text) {
			assert.Equal(t, row.want, written(t, f, row.text[:cut], row.text[cut:]), "%q cut at %d", row.text, cut)
		}
	}
}

// TestLinesOfDigitsHideNothing breaks hex digits into two lines, and writes the second later:
// behind an escaped line break always, behind one as it stands when much of the secret is in the first line.
func TestLinesOfDigitsHideNothing(t *testing.T) {
	f := NewFilter(New("Sesame-open"))
	digits := hex.EncodeToString([]byte("Sesame-open"))
	for size := 1; size < len(digits); size++ {
		for lineBreak, escaped := range map[string]bool{"\n": false, "\r\n": false, `\n`: true, `\r\n`: true, "&#10;": true, "%0A": true} {
			if escaped || size >= manyMatched {
				assert.Equal(t, Redacted, written(t, f, digits[:size]+lineBreak, digits[size:]), "%q behind %d digits", lineBreak, size)
			}
		}
	}
}

// TestBlanksAreFoundAsURLsWriteThem begins a secret with more of them than one escape is long.
func TestBlanksAreFoundAsURLsWriteThem(t *testing.T) {
	for _, size := range []int{0, 1, maxReadings - 1, maxReadings, maxReadings + 1, 3 * maxReadings} {
		f := NewFilter(New(strings.Repeat(" ", size) + "Sesame open"))
		for _, blank := range []string{" ", "+", "_", "%20"} {
			text := strings.Repeat(blank, size) + "Sesame" + blank + "open"
			assert.Equal(t, "x"+Redacted, f.String("x"+text), text)
		}
	}
}

func TestHostileTextIsReadInBoundedTime(t *testing.T) {
	f := NewFilter(New(`%%%%%%\\\\\\&&&&&&`), New("Gu5t9xGARNpq86cd98joQYCN3"))
	for _, unit := range []string{`\`, "%25", "&amp;", "=3D", `%\`, "&#", `\u005c`, "Gu5t9xGARNpq86cd98joQYCN", "Gu5t9xGARNpq86cd98joQYCN3", "%", "&#37;"} {
		text := strings.Repeat(unit, (1<<14)/len(unit))
		assert.LessOrEqual(t, len(f.String(text)), len(text), unit)
	}
}
