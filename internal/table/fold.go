package table

import (
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Width returns how many cells a text takes.
func Width(s string) int { return text.StringWidth(s) }

// Fold breaks a text into lines of at most so many cells: at spaces, and between Chinese
// characters, as far as there are such places; a longer word stands whole. None at all, or fewer
// cells than say something, set no limit.
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

// pieces cuts a text where a line may end, spaces at the end of what they follow.
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

// breaks reports whether a line may end between two characters. Chinese punctuation stands at no
// line's beginning, an opening bracket at no line's end.
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
