package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// target is a text to search for.
type target struct {
	text    string
	wrapped bool // encoders break it into lines
}

// targets returns the secret and the texts that stand for the whole of it, each of
// which is found in every spelling that decode.go undoes: its hex digits, and the base64
// of every common spelling.
func targets(s string) []target {
	digits := hex.EncodeToString([]byte(s))
	all := []target{{text: s}, {digits, true}, {strings.ToUpper(digits), true}}
	for _, spelling := range spellings(s) {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			for _, text := range base64Texts(encoding, []byte(spelling)) {
				all = append(all, target{text, true})
			}
		}
	}
	slices.SortFunc(all, func(a, b target) int { return strings.Compare(a.text, b.text) })
	return slices.CompactFunc(all, func(a, b target) bool { return a.text == b.text })
}

// base64Texts returns what a base64 text shows of raw: its own text, and the characters
// that raw alone decides when other bytes stand before and behind it, as in
// "user:password", for each of the three positions it can have in a group. MinLength bytes
// decide seven characters or more, and 42 bits do not occur by accident.
func base64Texts(encoding *base64.Encoding, raw []byte) []string {
	found := []string{encoding.EncodeToString(raw), encoding.WithPadding(base64.NoPadding).EncodeToString(raw)}
	for shift := range 3 {
		text := encoding.WithPadding(base64.NoPadding).EncodeToString(append(make([]byte, shift), raw...))
		from := (shift*8 + 5) / 6
		to := (shift + len(raw)) * 8 / 6
		found = append(found, text[from:to])
	}
	return found
}

// spellings returns a text as common encoders write it, itself first.
func spellings(s string) []string {
	goJSON, _ := json.Marshal(s) // strings always marshal
	var printable strings.Builder
	quoted := quotedprintable.NewWriter(&printable)
	_, _ = quoted.Write([]byte(s)) // a strings.Builder takes everything
	_ = quoted.Close()
	all := []string{
		s, string(goJSON[1 : len(goJSON)-1]), strings.ReplaceAll(s, "/", `\/`), html.EscapeString(s),
		url.QueryEscape(s), url.PathEscape(s), printable.String(),
	}
	for _, escaped := range []struct{ set, format string }{
		{"\"&'+<>`", `\u%04X`}, // .NET
		{"&'<>=", `\u%04x`},    // Gson
		{"", `\u%04x`},
		{"\"&'<>", "&#%d;"}, {"\"&'+<>=`", "&#%d;"}, {"\"&'<>/", "&#x%X;"}, {"\"&'<>/", "&#x%x;"},
		{punctuation, `\u%04x`}, {punctuation, `\u%04X`}, {punctuation, "&#%d;"}, {punctuation, "&#x%x;"}, {punctuation, "&#x%X;"},
	} {
		all = append(all, escape(s, escaped.set, escaped.format))
	}
	slices.Sort(all[1:])
	return slices.Compact(all)
}

const punctuation = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// escape writes the characters of a set, and those beyond ASCII, in a format; in one of
// JSON the others that must be escaped in it, too.
func escape(s, set, format string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case utf8.RuneLen(r) > 1 || strings.ContainsRune(set, r):
			fmt.Fprintf(&out, format, r)
		case format[0] == '\\' && (r == '\\' || r == '"'):
			out.WriteString(`\` + string(r))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
