package secret

import (
	"html"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// maxLayers is how many encodings of characters may lie over one another, as in a
	// URL in JSON in HTML.
	maxLayers = 3
	// maxReadings bounds in how many ways one place is read. So many layers give no more.
	maxReadings = 16
	// maxDigits bounds the digits of a numeric entity, leading zeros among them.
	maxDigits = 10
	// maxName is the length of HTML's longest named entity.
	maxName = 32
)

// reading is one way to read the text from a place on.
type reading struct {
	bytes [utf8.UTFMax]byte
	size  int // of bytes; 0: it stands for nothing, as a soft line break does
	end   int // where the text goes on
	left  int // how many further layers may be undone
}

// readings are the ways to read one place.
type readings struct {
	list  [maxReadings]reading
	count int
	left  int // of what is added
}

func (r *readings) add(one reading) {
	one.left = r.left
	for i := range r.count {
		if known := &r.list[i]; known.end == one.end && known.size == one.size && known.bytes == one.bytes {
			known.left = max(known.left, one.left)
			return
		}
	}
	if r.count < maxReadings {
		r.list[r.count] = one
		r.count++
	}
}

// addByte adds the reading of a byte that an escape gives by its number. Beyond ASCII it
// is a byte of UTF-8 to some encoders, a character to others.
func (r *readings) addByte(value rune, end int) {
	one := reading{size: 1, end: end}
	one.bytes[0] = byte(value)
	r.add(one)
	if value >= utf8.RuneSelf {
		r.addRune(value, end)
	}
}

func (r *readings) addRune(value rune, end int) {
	if value < 0 || value > utf8.MaxRune {
		return
	}
	one := reading{end: end}
	one.size = utf8.EncodeRune(one.bytes[:], value)
	r.add(one)
}

// decoder undoes escapes in a text.
type decoder[T string | []byte] struct {
	text  T
	blank bool // + and _ can stand for a blank
	cut   bool // the text ended within an escape
}

// read returns every way to read the place at: as it stands, and with up to a number of
// layers of escapes undone, of JSON and of program texts, HTML and XML, URLs, and
// quoted-printable.
func (d *decoder[T]) read(at, layers int) (r readings) {
	r.count = 1
	r.list[0] = reading{bytes: [utf8.UTFMax]byte{d.text[at]}, size: 1, end: at + 1, left: layers}
	for i := 0; i < r.count; i++ {
		if one := r.list[i]; one.size == 1 && one.left > 0 {
			r.left = one.left - 1
			d.escape(one.bytes[0], one.end, layers-1, &r)
		}
	}
	return r
}

// escape adds what an escape means that opener begins and that goes on at a place. Its
// own characters may be escaped in so many layers.
func (d *decoder[T]) escape(opener byte, at, layers int, r *readings) {
	switch opener {
	case '\\':
		d.backslash(at, layers, r)
	case '&':
		d.entity(at, layers, r)
	case '%':
		d.percent(at, layers, r)
	case '=':
		if value, end, ok := d.digits(at, layers, 2, 16); ok {
			r.addByte(value, end)
		}
		d.softBreak(at, layers, r)
	case '+', '_':
		if d.blank {
			r.addByte(' ', at)
		}
	}
}

// backslash reads the escapes of JSON, and of strings in programs and shells.
func (d *decoder[T]) backslash(at, layers int, r *readings) {
	if at >= len(d.text) {
		d.cut = true
		return
	}
	next := d.read(at, layers)
	for _, c := range next.list[:next.count] {
		if c.size != 1 {
			continue
		}
		switch b := c.bytes[0]; {
		case b == 'u':
			d.unicode(c.end, layers, r)
		case b == 'U':
			if value, end, ok := d.digits(c.end, layers, 8, 16); ok {
				r.addRune(value, end)
			}
		case b == 'x':
			if value, end, ok := d.digits(c.end, layers, 2, 16); ok {
				r.addByte(value, end)
			}
		case '0' <= b && b <= '7':
			d.octal(at, r)
		case 'a' <= b|0x20 && b|0x20 <= 'z' || '8' <= b && b <= '9':
			if value := control(b); value != 0 {
				r.addByte(value, c.end)
			}
		case isLineBreak(b):
			d.softBreak(at, layers, r)
		default:
			r.addByte(rune(b), c.end)
		}
	}
}

func control(letter byte) rune {
	switch letter {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// unicode reads what follows on \u: four digits, or digits in braces; a second escape
// when the first is half of a pair.
func (d *decoder[T]) unicode(at, layers int, r *readings) {
	if end, open := d.is(at, layers, '{'); open {
		value, end, _ := d.number(end, layers, maxDigits, 16)
		if end, closed := d.is(end, layers, '}'); closed {
			r.addRune(value, end)
		}
		return
	}
	d.codeUnit('\\', at, layers, r)
}

// codeUnit reads the four digits of a unit of UTF-16. Behind the first half of a pair it
// reads the second, which the same opener begins: that, too, may be escaped itself.
func (d *decoder[T]) codeUnit(opener byte, at, layers int, r *readings) {
	value, end, ok := d.digits(at, layers, 4, 16)
	if !ok {
		return
	}
	if !utf16.IsSurrogate(value) {
		r.addRune(value, end)
		return
	}
	if end >= len(d.text) {
		d.cut = true
		return
	}
	ways := d.read(end, layers)
	for _, way := range ways.list[:ways.count] {
		if way.size != 1 || way.bytes[0] != opener {
			continue
		}
		if unit, ok := d.is(way.end, layers, 'u'); ok {
			if low, end, ok := d.digits(unit, layers, 4, 16); ok {
				r.addRune(utf16.DecodeRune(value, low), end)
			}
		}
	}
}

// octal reads up to three digits as they stand: no encoder escapes a digit alone, and the
// digit of another escape must not be taken for one.
func (d *decoder[T]) octal(at int, r *readings) {
	if value, end, count := d.number(at, 0, 3, 8); count > 0 {
		r.addByte(value&0xff, end)
	}
}

// percent reads the escapes of URLs, and those of JavaScript's escape.
func (d *decoder[T]) percent(at, layers int, r *readings) {
	if value, end, ok := d.digits(at, layers, 2, 16); ok {
		r.addByte(value, end)
	}
	if end, ok := d.is(at, layers, 'u'); ok {
		d.codeUnit('%', end, layers, r)
	}
}

// entity reads an entity of HTML or XML: decimal, hexadecimal or named. Browsers take
// numbers, and the names of XML, without the semicolon, too.
func (d *decoder[T]) entity(at, layers int, r *readings) {
	end, numeric := d.is(at, layers, '#')
	if !numeric {
		d.named(at, layers, r)
		return
	}
	d.numeric(end, layers, 10, r)
	for _, x := range []byte{'x', 'X'} {
		if after, ok := d.is(end, layers, x); ok {
			d.numeric(after, layers, 16, r)
		}
	}
}

func (d *decoder[T]) numeric(at, layers int, base rune, r *readings) {
	if value, end, count := d.number(at, layers, maxDigits, base); count > 0 {
		r.addRune(value, d.semicolon(end, layers))
	}
}

func (d *decoder[T]) semicolon(at, layers int) int {
	end, _ := d.is(at, layers, ';')
	return end
}

func (d *decoder[T]) named(at, layers int, r *readings) {
	var name [maxName + 2]byte
	name[0] = '&'
	for size := 1; size <= maxName; size++ {
		if end, closed := d.is(at, layers, ';'); closed {
			name[size] = ';'
			r.addNamed(string(name[:size+1]), end)
		}
		c, end, ok := d.syntax(at, layers, isNameByte)
		if !ok {
			return
		}
		name[size], at = c, end
		if plain := legacyEntity(string(name[1 : size+1])); plain != 0 {
			if _, closed := d.is(at, layers, ';'); !closed {
				r.addRune(plain, at)
			}
		}
	}
}

// addNamed adds what a whole entity stands for, when HTML knows it.
func (r *readings) addNamed(entity string, end int) {
	if plain := html.UnescapeString(entity); len(plain) <= utf8.UTFMax && (plain[0] != '&' || plain == "&") {
		one := reading{size: len(plain), end: end}
		copy(one.bytes[:], plain)
		r.add(one)
	}
}

// legacyEntity returns what browsers read without a semicolon, too.
func legacyEntity(name string) rune {
	switch name {
	case "amp", "AMP":
		return '&'
	case "lt", "LT":
		return '<'
	case "gt", "GT":
		return '>'
	case "quot", "QUOT":
		return '"'
	}
	return 0
}

// softBreak reads a line break behind a character that makes it stand for nothing.
func (d *decoder[T]) softBreak(at, layers int, r *readings) {
	end, returned := d.is(at, layers, '\r')
	end, fed := d.is(end, layers, '\n')
	if returned || fed {
		r.add(reading{end: end})
	}
}

// digits reads exactly count digits.
func (d *decoder[T]) digits(at, layers, count int, base rune) (value rune, end int, ok bool) {
	value, end, got := d.number(at, layers, count, base)
	return value, end, got == count
}

// number reads up to most digits, and returns how many there were.
func (d *decoder[T]) number(at, layers, most int, base rune) (value rune, end, count int) {
	for count < most {
		c, next, ok := d.syntax(at, layers, func(b byte) bool { return digit(b) < base })
		if !ok {
			break
		}
		value = min(value*base+digit(c), utf8.MaxRune+1)
		at = next
		count++
	}
	return value, at, count
}

// is reports whether a character stands at a place, and where the text goes on: at
// itself when it does not.
func (d *decoder[T]) is(at, layers int, want byte) (end int, ok bool) {
	_, end, ok = d.syntax(at, layers, func(b byte) bool { return b == want })
	return end, ok
}

// syntax reads one character of an escape, which may be escaped itself, but not as deep.
func (d *decoder[T]) syntax(at, layers int, is func(byte) bool) (c byte, end int, ok bool) {
	if at >= len(d.text) {
		d.cut = true
		return 0, at, false
	}
	b := d.text[at]
	if is(b) {
		return b, at + 1, true
	}
	if layers == 0 || !opensEscape(b) {
		return 0, at, false
	}
	ways := d.read(at, layers)
	for _, one := range ways.list[1:max(1, ways.count)] {
		if one.size == 1 && is(one.bytes[0]) {
			return one.bytes[0], one.end, true
		}
	}
	return 0, at, false
}

// isNameByte reports whether HTML has names of entities with a byte: no name has a 0 or a 9.
func isNameByte(b byte) bool {
	return 'a' <= b|0x20 && b|0x20 <= 'z' || '1' <= b && b <= '8'
}

// digit returns the value of a hex digit, or 16.
func digit(b byte) rune {
	switch {
	case '0' <= b && b <= '9':
		return rune(b - '0')
	case 'a' <= b|0x20 && b|0x20 <= 'f':
		return rune(b|0x20-'a') + 10
	}
	return 16
}

func isHex(b byte) bool { return digit(b) < 16 }
