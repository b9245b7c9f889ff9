package journal

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// killed returns the text of a journal in which a has been restored, but b and c have not.
func killed(t *testing.T, p place) (file, text string) {
	t.Helper()
	j := p.open("staging", "a", "b", "c")
	j.Know(small("a", "b", "c"))
	require.NoError(t, j.Record("Resize", []string{"a", "b", "c"}))
	require.NoError(t, j.Done("a"))
	require.NoError(t, j.Close())
	written, err := os.ReadFile(j.Path())
	require.NoError(t, err)
	return j.Path(), string(written)
}

// lines returns the line of a byte, and the next one where the byte is the break between them.
func lines(text string, at int) string {
	from := strings.LastIndex(text[:at], "\n") + 1
	line, rest, _ := strings.Cut(text[from:], "\n")
	if from+len(line) == at {
		next, _, _ := strings.Cut(rest, "\n")
		line += next
	}
	return line
}

// TestAWrongByteIsDamageWhereverItIs changes each byte of a journal in several ways. Nothing may be
// restored to a state that was never there, and nothing may be left out without a word.
func TestAWrongByteIsDamageWhereverItIs(t *testing.T) {
	p := newPlace(t)
	file, text := killed(t, p)
	for at := range len(text) {
		for _, bit := range []byte{1, 2, 4, 32} {
			damaged := []byte(text)
			damaged[at] ^= bit
			read, err := readText(damaged, file, "instance")
			require.NoError(t, err)
			require.NotEmpty(t, read.damaged, "byte %d, bit %d: %s", at, bit, damaged)
			for _, subject := range []string{"b", "c"} {
				_, open := read.open[subject]
				require.True(t, open || strings.Contains(lines(text, at), `"`+subject+`"`), "byte %d, bit %d: %s is lost", at, bit, subject)
			}
			for subject, state := range read.open {
				require.Equal(t, small(subject)[subject], state, "byte %d, bit %d", at, bit)
			}
		}
	}
}

func TestALostLineBreakNamesBothLines(t *testing.T) {
	p := newPlace(t)
	file, text := killed(t, p)
	require.NoError(t, os.WriteFile(file, bytes.Replace([]byte(text), []byte("}\n{\"mark\":\"call\",\"time\""), []byte("} {\"mark\":\"call\",\"time\""), 3), 0o600))
	damaged := p.open("staging", "a", "b", "c").Damaged()
	require.Len(t, damaged, 1)
	assert.Contains(t, damaged[0], ":1: a damaged line: it is about instance a, b, c;")
}
