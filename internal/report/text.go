package report

import (
	"strings"
	"unicode/utf8"
)

// isControl reports whether a character steers a terminal or reorders text: C0,
// DEL, C1, and the marks of the bidirectional algorithm.
func isControl(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// visible gives a text in which nothing steers: control characters become the
// pictures Unicode has for them (␛), others and broken UTF-8 become �. Line feeds
// and tabs stay. No terminal sequence is left, and the reader sees where one was.
func visible(text string) string {
	if plainText(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r < ' ':
			b.WriteRune('\u2400' + r)
		case r == 0x7f:
			b.WriteRune('\u2421')
		case isControl(r), r == 0xfffe, r == 0xffff:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func plainText(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\n' && c != '\t' || c >= 0x7f {
			return false
		}
	}
	return true
}

// oneLine is visible with every run of white space made one space.
func oneLine(text string) string {
	return strings.Join(strings.Fields(visible(text)), " ")
}

// short cuts a text to at most limit characters, and says so with an ellipsis.
func short(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}
