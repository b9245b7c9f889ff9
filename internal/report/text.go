package report

import (
	"strings"
	"unicode/utf8"
)

// isControl reports whether a character controls a terminal or reorders text: C0, DEL, C1, and the
// bidirectional formatting characters.
func isControl(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// visible returns a text without control characters, except line feeds and tabs. It replaces them
// with their Unicode pictures (␛), and other ones and invalid UTF-8 with �. No terminal sequence
// remains, and the reader sees where one was.
func visible(text string) string {
	var b strings.Builder
	kept := 0 // how much of text is in b
	for i := 0; i < len(text); {
		if c := text[i]; c >= ' ' && c < 0x7f || c == '\n' || c == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		shown := picture(r, size)
		if r == '\r' && strings.HasPrefix(text[i:], "\r\n") {
			shown = ""
		}
		if shown != text[i:i+size] {
			b.WriteString(text[kept:i])
			b.WriteString(shown)
			kept = i + size
		}
		i += size
	}
	if kept == 0 {
		return text
	}
	b.WriteString(text[kept:])
	return b.String()
}

// picture returns the replacement for a character of the given size in bytes.
func picture(r rune, size int) string {
	switch {
	case r < ' ':
		return string('\u2400' + r)
	case r == 0x7f:
		return "\u2421"
	case isControl(r), r == 0xfffe, r == 0xffff, r == utf8.RuneError && size == 1:
		return string(utf8.RuneError)
	}
	return string(r)
}

// oneLine returns visible text with every run of white space replaced by one space.
func oneLine(text string) string {
	return strings.Join(strings.Fields(visible(text)), " ")
}

// short truncates a text to limit characters, with an ellipsis.
func short(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}
