package yamlfile_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/yamlfile"
)

type entry struct {
	Name   string        `yaml:"name"`
	Count  int           `yaml:"count"`
	Sure   bool          `yaml:"sure"`
	Length time.Duration `yaml:"length"`
}

type document struct {
	Entries []entry        `yaml:"entries"`
	Named   map[string]int `yaml:"named"`
}

func TestWhatIsWrongIsSaidInWordsOfTheFile(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"entries:\n  - nam: x\n", `f.yaml:2: unknown key "nam"`},
		{"entries: 5\n", "f.yaml:1: want a list, got a number (5)"},
		{"entries:\n  - 5\n", "f.yaml:2: want a mapping, got a number (5)"},
		{"entries:\n  - name: [1]\n", "f.yaml:2: want a string, got a list"},
		{"entries:\n  - count: many\n", "f.yaml:2: want a number, got a string (many)"},
		{"entries:\n  - sure: {a: 1}\n", "f.yaml:2: want a boolean, got a mapping"},
		{"entries:\n  - length: soon\n", "f.yaml:2: want a duration, as 30s, got a string (soon)"},
		{"named: [1]\n", "f.yaml:1: want a mapping, got a list"},
		{"- a\n", "f.yaml:1: want a mapping, got a list"},
		{"entries:\n  - name: a\n    name: b\n", `f.yaml:3: mapping key "name" already defined at line 2`},
		{"entries:\n  - name: \"a\x00b\"\n", "f.yaml:2: control characters are not allowed (value: 0)"},
		{"# é\nentries: []\n# \xff\n", "f.yaml:3: invalid leading UTF-8 octet (value: 255)"},
		{"\x1b", "f.yaml:1: control characters are not allowed (value: 27)"},
		{"entries: [\n", "f.yaml:2: did not find expected node content"},
		{"entries: []\n---\nentries: []\n", "f.yaml:2: a second document begins here: keep one to a file"},
		{"# c\n---\nentries: []\n--- # more\n", "f.yaml:4: a second document begins here: keep one to a file"},
	} {
		var d document
		assert.EqualError(t, yamlfile.Load("f.yaml", []byte(c.text), &d), c.want, c.text)
	}
}

func TestAnEmptyFileAndAByteOrderMarkAreRead(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n# here\n", "---\n", "entries:\n", "\ufeff# nothing\n"} {
		var d document
		assert.NoError(t, yamlfile.Load("f.yaml", []byte(text), &d), "%q", text)
		assert.Empty(t, d)
	}
	var d document
	assert.NoError(t, yamlfile.Load("f.yaml", []byte("\ufeffentries:\n  - {name: a, count: 1, sure: true, length: 2s}\n"), &d))
	assert.Equal(t, []entry{{"a", 1, true, 2 * time.Second}}, d.Entries)
}

func TestTheLineOfAValueIsFound(t *testing.T) {
	text := []byte("# c\nnamed:\n  a: &x {deep: 1}\n  b: *x\nentries:\n  - name: a\n    count: 1\n  - name: b\n    count: 2\n")
	for want, path := range map[int][]any{
		2: nil, 3: {"named", "a"}, 4: {"named", "b"}, 6: {"entries"}, 7: {"entries", 0, "count"}, 8: {"entries", 1, "sure"}, 9: {"entries", 1, "count"},
	} {
		assert.Equal(t, want, yamlfile.Line(text, path...), path)
	}
	assert.Equal(t, 6, yamlfile.Line(text, "entries", 7), "where it would be")
	assert.Equal(t, 3, yamlfile.Line(text, "named", "b", "deep"), "in what the alias stands for")
	for _, text := range []string{"", "[", "5"} {
		assert.Equal(t, 1, yamlfile.Line([]byte(text), "entries", 0), text)
	}
}
