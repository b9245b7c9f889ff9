package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
)

// sealedSince is the first version whose lines end in a seal.
const sealedSince = 3

// A seal is the last member of a line: a checksum of everything before it. One wrong byte of a line
// can name another type or another subject and still be JSON.
const (
	sealBegin = `,"seal":"`
	sealEnd   = `"}`
	sealSize  = 8 // bytes of the checksum
)

// seal adds a seal to a JSON object.
func seal(object []byte) []byte {
	open := object[:len(object)-1]
	return []byte(string(open) + sealBegin + checksum(open) + sealEnd)
}

func checksum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:sealSize])
}

// sealed reports whether a line ends in a seal that fits it.
func sealed(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte("\n"))
	at := bytes.LastIndex(line, []byte(sealBegin))
	return at >= 0 && string(line[at:]) == sealBegin+checksum(line[:at])+sealEnd
}

var anySeal = regexp.MustCompile(`"seal":"[^"]*"}`)

// bearsSeal reports whether there is a seal in a line, whatever it is worth. A line that was cut off
// in writing has none.
func bearsSeal(line []byte) bool { return anySeal.Match(line) }
