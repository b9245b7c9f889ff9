package house_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// replaced are words that this project once gave a meaning of its own, and the field's words
// that took their place. They occur nowhere but where their line is one of except.
var replaced = []struct {
	word, instead string
	except        string // a regular expression of the path and the line; "": nowhere
}{
	{"law|laws", "contract", ""},
	{"manner|manners|dress|dressed", "variation, mutate", ""},
	{"lab|lease|leased|leases|equip", "fixtures, acquire, release", `GitLab`},
	{"sight|sights", "observation", `json:"sights"|"sights"|out of sight`}, // the member of the report; CSS
	{"stranger|strangers", "unknown reference", `json:"strangers"|"strangers"`},
	{"allied", "also affected", ""},
	{"misuse|misused", "usage error", ""},
	{"hearing", "evaluation", `^docs/performance\.md`}, // a profile as it was measured
	{"overlooking", "exempting", ""},
	{"mend|mends|mended", "fix", ""},
	{"plant|planted", "inject", ""},
	{"put back|puts back", "restore", ""},
	{"aim|aiming", "target options", `goal|aim at`},
	{"caught", "detected", `json:"caught"|touch caught|"caught"\)|d\.caught`},                                // the member of selftest --json; a shell command
	{"truth value|truth values", "boolean", `^features/parameters/modify\.feature|^internal/suite/testdata`}, // the ids of scenarios
	{"ill", "failed", ""},
	{"book", "reader", ""},
	{"sink|sinks", "writer, output", ""},
}

// TestWordsOfOurOwnStayOut looks for the replaced words in code, features, documents and messages:
// as words of a text, and as parts of identifiers.
func TestWordsOfOurOwnStayOut(t *testing.T) {
	type banned struct {
		words           []string
		pattern, except *regexp.Regexp
		instead         string
	}
	var all []banned
	for _, r := range replaced {
		b := banned{words: strings.Split(r.word, "|"), pattern: wordPattern(r.word), instead: r.instead}
		if r.except != "" {
			b.except = regexp.MustCompile(r.except)
		}
		all = append(all, b)
	}
	for path, text := range projectTexts(t) {
		number := 0
		for line := range strings.Lines(text) {
			number++
			lower := strings.ToLower(line)
			for _, b := range all {
				if !slices.ContainsFunc(b.words, func(word string) bool { return strings.Contains(lower, word) }) {
					continue // most lines, without the machinery of a match
				}
				if b.pattern.MatchString(line) && (b.except == nil || !b.except.MatchString(path+" "+line)) {
					t.Errorf("%s:%d: say %s instead of %q: %s", path, number, b.instead, b.pattern.FindString(line), strings.TrimSpace(line))
				}
			}
		}
	}
}

// TestTheWordsAreFoundWhereTheyStand holds the pattern: a word of its own, or a part of an identifier.
func TestTheWordsAreFoundWhereTheyStand(t *testing.T) {
	pattern := wordPattern("lab|put back")
	for _, is := range []string{"the lab is", "Lab", "lab.Equip", "newLab", "labOf", "was Put back", "steps_lab"} {
		assert.True(t, pattern.MatchString(is), is)
	}
	for _, not := range []string{"label", "available", "Labels", "collab", "putback"} {
		assert.False(t, pattern.MatchString(not), not)
	}
}

// wordPattern finds words, which bars separate, in a text and in identifiers in camel case.
func wordPattern(words string) *regexp.Regexp {
	var parts []string
	for word := range strings.SplitSeq(words, "|") {
		camel := strings.ToUpper(word[:1]) + word[1:]
		parts = append(parts, `(?i:(?:^|[^\pL])`+word+`(?:$|[^\pL]))`, `(?:^|[^\pL])(?:`+word+`|`+camel+`)\p{Lu}`, `\p{Ll}`+camel+`(?:$|\P{Ll})`)
	}
	return regexp.MustCompile(strings.Join(parts, "|"))
}

// projectTexts reads what people wrote: code, features, documents and scripts. The changelog
// tells what was, and this list names the words themselves.
func projectTexts(t *testing.T) map[string]string {
	t.Helper()
	kinds := []string{".go", ".feature", ".md", ".yaml", ".yml", ".txtar", ".tmpl", ".css", ".js", ".mjs", ""}
	texts := map[string]string{}
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != "." && strings.HasPrefix(entry.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains(kinds, filepath.Ext(path)) || path == "CHANGELOG.md" || path == "words_test.go" || path == "LICENSE" || path == "THIRD_PARTY_NOTICES" || strings.HasPrefix(entry.Name(), ".") || !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		texts[filepath.ToSlash(path)] = string(text)
		return err
	}))
	require.Greater(t, len(texts), 300)
	return texts
}
