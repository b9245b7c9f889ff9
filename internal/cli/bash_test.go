package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// breaks are the characters at which readline begins a word, as bash has them.
const breaks = " \t\n\"'@><=;|&(:"

func TestALineIsSplitAsBashSplitsIt(t *testing.T) {
	for line, want := range map[string]struct {
		words []string
		last  lastWord
	}{
		``:                   {nil, lastWord{}},
		`c ru`:               {[]string{"c"}, lastWord{value: "ru"}},
		`c run `:             {[]string{"c", "run"}, lastWord{}},
		`c 'a b' "c d" e\ f`: {[]string{"c", "a b", "c d"}, lastWord{value: "e f"}},
		`c ""  x`:            {[]string{"c", ""}, lastWord{value: "x"}},
		`c "a\"b\n$(x)`:      {[]string{"c"}, lastWord{value: `a"b\n$(x)`, quote: '"'}},
		`c 'a\`:              {[]string{"c"}, lastWord{value: `a\`, quote: '\''}},
		`c a\`:               {[]string{"c"}, lastWord{value: "a"}},
		`c a[b:c`:            {[]string{"c"}, lastWord{value: "a[b:c", kept: "a[b:"}},
		`c a\:b`:             {[]string{"c"}, lastWord{value: "a:b"}},
		`c --flag=va`:        {[]string{"c"}, lastWord{value: "--flag=va", kept: "--flag="}},
		`c @tag`:             {[]string{"c"}, lastWord{value: "@tag"}},
		`c --flag="a b`:      {[]string{"c"}, lastWord{value: "--flag=a b", kept: "--flag=", quote: '"'}},
		"c \u00e9[\u4e2d":    {[]string{"c"}, lastWord{value: "\u00e9[\u4e2d"}},
	} {
		words, last := splitLine(line, breaks)
		assert.Equal(t, want.words, words, "%q", line)
		assert.Equal(t, want.last, last, "%q", line)
	}
}

func TestRepliesTakeThePlaceOfWhatReadlineReplaces(t *testing.T) {
	ids := "not-stopped[RUNNING]\nno-object[\"text\"]\nbody[one: no JSON]\nit's\n:4\n"
	for _, c := range []struct{ line, offer, want string }{
		{`c run --scenario not-s`, ids, "words\nnot-stopped\\[RUNNING\\]\n"},
		{`c run --scenario "no-`, ids, "words\nno-object[\\\"text\\\"]\n"},
		{`c run --scenario 'no-o`, ids, "words\nno-object[\"text\"]\n"},
		{`c run --scenario 'i`, ids, "words\nit'\\''s\n"},
		{`c run --scenario body\[one:\ n`, ids, "words\n\\ no\\ JSON\\]\n"},
		{`c run --scenario=body\[o`, ids, "words\nbody\\[one:\\ no\\ JSON\\]\n"},
		{`c run --scenario nothing`, ids, "words\n"},
		{`c run --tags @a`, "@a-b\n@a-c\n:6\n", "open\n@a-b\n@a-c\n"},
		{`c run --out=fol`, ":16\n", "dirs\nfol\n\n"},
		{`c run --config a:b/c`, "yaml\nyml\n:8\n", "files yaml|yml\na:b/c\na:\n"},
		{`c run`, "run\n:1\n", ""},
		{`c run`, "", ""},
		{``, ids, ""},
	} {
		assert.Equal(t, c.want, bashReplies(c.line, breaks, func([]string) string { return c.offer }), c.line)
	}
}
