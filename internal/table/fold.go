package table

import (
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Width returns the width of a text in terminal cells.
func Width(s string) int { return text.StringWidth(s) }

// Fold breaks a text into lines of at most the given width, at spaces and between Chinese
// characters. A longer word is not broken. If cells is 0 or too small to be useful, there is no
// limit.
func Fold(s string, cells int) []string {
	const least = 20
	if cells < least || Width(s) <= cells {
		return []string{s}
	}
	var lines []string
	line := ""
	for _, piece := range pieces(s) {
		if line != "" && Width(line)+Width(strings.TrimRight(piece, " ")) > cells {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += piece
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces splits a text where a line may end. Spaces belong to the preceding piece.
func pieces(s string) []string {
	var all []string
	begin, runes := 0, []rune(s)
	for i := 1; i < len(runes); i++ {
		if breaks(runes[i-1], runes[i]) {
			all = append(all, string(runes[begin:i]))
			begin = i
		}
	}
	return append(all, string(runes[begin:]))
}

// breaks reports whether a line may end between two characters. Chinese punctuation must not begin
// a line, and an opening bracket must not end one.
func breaks(before, after rune) bool {
	const closing, opening = "，。：；、）”！？", "（“"
	switch {
	case strings.ContainsRune(closing, after), strings.ContainsRune(opening, before), after == ' ':
		return false
	case before == ' ', strings.ContainsRune(closing, before), strings.ContainsRune(opening, after):
		return true
	}
	return unicode.Is(unicode.Han, before) || unicode.Is(unicode.Han, after)
}
