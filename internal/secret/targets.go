package secret

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// target is a text to search for.
type target struct {
	text    string
	wrapped bool // encoders break it into lines
}

// targets returns the secret and the texts that stand for the whole of it, each of
// which is found in every spelling that decode.go undoes: its hex digits, the base64
// of every common spelling and of UTF-16, and hex or base64 of one of these two of it.
func targets(s string) []target {
	all := []target{{text: s}}
	add := func(texts ...string) {
		for _, text := range texts {
			all = append(all, target{text, true})
		}
	}
	add(apart(s)...)
	for _, spelling := range spellings(s) {
		add(inBase64([]byte(spelling))...)
	}
	add(inBase64(utf16Bytes(s, binary.LittleEndian))...)
	add(inBase64(utf16Bytes(s, binary.BigEndian))...)
	for _, once := range append(inHex(s), inBase64([]byte(s))...) {
		add(append(inHex(once), inBase64([]byte(once))...)...)
	}
	slices.SortFunc(all, func(a, b target) int { return strings.Compare(a.text, b.text) })
	return slices.CompactFunc(all, func(a, b target) bool { return a.text == b.text })
}

// inHex returns the hex digits of a text in both letter cases.
func inHex(s string) []string {
	digits := hex.EncodeToString([]byte(s))
	return []string{digits, strings.ToUpper(digits)}
}

// apart returns the hex digits of a text, also with something between its bytes.
func apart(s string) []string {
	all := inHex(s)
	for _, format := range []string{"% x", "% X"} {
		spaced := fmt.Sprintf(format, s)
		all = append(all, spaced, strings.ReplaceAll(spaced, " ", ":"), strings.ReplaceAll(spaced, " ", "-"))
	}
	return all
}

// inBase64 returns the texts of base64Texts in both alphabets.
func inBase64(raw []byte) []string {
	return append(base64Texts(base64.StdEncoding, raw), base64Texts(base64.URLEncoding, raw)...)
}

// utf16Bytes returns a text in UTF-16, which some systems put into base64.
func utf16Bytes(s string, order binary.AppendByteOrder) []byte {
	var raw []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		raw = order.AppendUint16(raw, unit)
	}
	return raw
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
