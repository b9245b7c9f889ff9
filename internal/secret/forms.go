package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// minCore is the least length in which a part of a base64 text is taken for the
// secret: shorter ones would be met by accident.
const minCore = 10

// forms returns the secret and every text derived from it that the filter removes.
func forms(s string) []string {
	raw := []byte(s)
	all := []string{s, hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw))}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		all = append(all, encoding.EncodeToString(raw), encoding.WithPadding(base64.NoPadding).EncodeToString(raw))
		all = append(all, cores(encoding, raw)...)
	}
	readable := []string{s, html.EscapeString(s)}
	for _, escaped := range []string{url.QueryEscape(s), url.PathEscape(s), percentAll(raw)} {
		readable = append(readable, escaped, lowerEscapes(escaped))
	}
	for _, text := range readable {
		for _, written := range written(text) {
			all = append(all, written, html.EscapeString(written))
			all = append(all, jsonForms(written)...) // JSON kept as a string within JSON
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// written returns a text as it stands and as a string of a program or of JSON.
func written(s string) []string {
	return append(jsonForms(s), s, strings.Trim(strconv.Quote(s), `"`), strings.Trim(strconv.QuoteToASCII(s), `"`))
}

// cores returns what a base64 text shows of the secret when other bytes stand before
// and behind it, as in "user:password": the characters that the secret alone decides,
// for each of the three positions it can have in a group.
func cores(encoding *base64.Encoding, raw []byte) []string {
	var found []string
	for shift := range 3 {
		text := encoding.WithPadding(base64.NoPadding).EncodeToString(append(make([]byte, shift), raw...))
		from := (shift*8 + 5) / 6
		to := (shift + len(raw)) * 8 / 6
		if to-from >= minCore {
			found = append(found, text[from:to])
		}
	}
	return found
}

func jsonForms(s string) []string {
	plain, err := json.Marshal(s)
	if err != nil {
		return nil // strings always marshal
	}
	var unescaped bytes.Buffer
	encoder := json.NewEncoder(&unescaped)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return nil
	}
	inner := func(quoted string) string { return quoted[1 : len(quoted)-1] }
	bare := inner(strings.TrimSuffix(unescaped.String(), "\n"))
	found := []string{inner(string(plain)), bare, asciiJSON(s, "0123456789abcdef"), asciiJSON(s, "0123456789ABCDEF")}
	for _, form := range found[:len(found):len(found)] {
		found = append(found, strings.ReplaceAll(form, "/", `\/`))
	}
	return found
}

// asciiJSON escapes as encoders do that write ASCII only.
func asciiJSON(s, digits string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		switch {
		case unit == '"' || unit == '\\':
			out.WriteByte('\\')
			out.WriteByte(byte(unit))
		case unit >= ' ' && unit < 0x7f:
			out.WriteByte(byte(unit))
		default:
			out.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				out.WriteByte(digits[unit>>shift&0xf])
			}
		}
	}
	return out.String()
}

func percentAll(raw []byte) string {
	var out strings.Builder
	for _, b := range raw {
		out.WriteByte('%')
		out.WriteString(strings.ToUpper(hex.EncodeToString([]byte{b})))
	}
	return out.String()
}

// lowerEscapes writes the digits of percent escapes in lower case.
func lowerEscapes(s string) string {
	out := []byte(s)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:], bytes.ToLower(out[i+1:i+3]))
		}
	}
	return string(out)
}
