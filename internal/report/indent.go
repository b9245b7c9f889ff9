package report

import "bytes"

// appendIndented appends JSON as json.Indent writes it, two levels deep. The JSON has to be valid,
// as that of a record is: json.Indent looks at each byte to make sure, which takes several times as long.
func appendIndented(to, text []byte) []byte {
	depth := 2
	line := func(depth int) { to = append(append(to, '\n'), bytes.Repeat([]byte("  "), max(depth, 0))...) }
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '"':
			end := i + closing(text[i:])
			to = append(to, text[i:end]...)
			i = end
			continue
		case ' ', '\t', '\r', '\n':
		case '{', '[':
			if rest := bytes.TrimLeft(text[i+1:], " \t\r\n"); len(rest) > 0 && (rest[0] == '}' || rest[0] == ']') {
				to = append(to, c, rest[0])
				i = len(text) - len(rest) + 1
				continue
			}
			depth++
			to = append(to, c)
			line(depth)
		case '}', ']':
			depth--
			line(depth)
			to = append(to, c)
		case ',':
			to = append(to, c)
			line(depth)
		case ':':
			to = append(to, ": "...)
		default:
			to = append(to, c)
		}
		i++
	}
	return to
}

// closing returns the length of the string that a text begins with.
func closing(text []byte) int {
	for i := 1; ; i++ {
		next := bytes.IndexByte(text[i:], '"')
		if next < 0 {
			return len(text)
		}
		i += next
		escapes := 0
		for text[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}
