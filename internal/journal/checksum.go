package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
)

// checksumSince is the first version whose lines end in a checksum.
const checksumSince = 3

// The checksum of a line is its last member, over everything before it. One wrong byte of a line
// can name another type or another subject and still be JSON.
const (
	checksumBegin = `,"checksum":"`
	checksumEnd   = `"}`
	checksumSize  = 8 // bytes of the checksum
)

// withChecksum adds a checksum to a JSON object.
func withChecksum(object []byte) []byte {
	open := object[:len(object)-1]
	return []byte(string(open) + checksumBegin + checksum(open) + checksumEnd)
}

func checksum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:checksumSize])
}

// checksumFits reports whether a line ends in the right checksum.
func checksumFits(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte("\n"))
	at := bytes.LastIndex(line, []byte(checksumBegin))
	return at >= 0 && string(line[at:]) == checksumBegin+checksum(line[:at])+checksumEnd
}

var anyChecksum = regexp.MustCompile(`"checksum":"[^"]*"}`)

// hasChecksum reports whether there is a checksum in a line, right or wrong. A line that was cut off
// in writing has none.
func hasChecksum(line []byte) bool { return anyChecksum.Match(line) }
