package suite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/suite"
)

const (
	aCase    = "    @a-case\n    Example: One\n      Given a STOPPED instance\n"
	aOutline = "    @a-case\n    Scenario Outline: A <status> one\n      Given a <status> GPU instance\n\n"
)

// TestNothingOfAFeatureIsDroppedWithoutAWord holds what Gherkin accepts and drops: each is
// refused with its line.
func TestNothingOfAFeatureIsDroppedWithoutAWord(t *testing.T) {
	rows := "      Examples:\n        | status |\n        | STOPPED |\n"
	for _, c := range []struct{ name, text, want string }{
		{"an outline without a table", opening + aOutline, "a/b.feature:8: the outline"},
		{"an outline without rows", opening + aOutline + "      Examples:\n        | status |\n        # | STOPPED |\n", `a/b.feature:8: the outline "A <status> one" has a table of examples without a row, in line 11`},
		{"an outline without a header", opening + aOutline + "      Examples:\n", `a/b.feature:8: the outline "A <status> one" has a table of examples without a row, in line 11`},
		{"a second table that is empty", opening + aOutline + rows + "\n      Examples: more\n        | status |\n", `a/b.feature:8: the outline "A <status> one" has a table of examples without a row, in line 15`},
		{"a rule without scenarios", opening + aCase + "\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n    # nothing here\n", "a/b.feature:12: the rule"},
		{"a rule with a background alone", opening + "    Background:\n      Given a STOPPED instance\n", "a/b.feature:5: the rule"},
		{"a feature without scenarios", "Feature: F\n\n  Told about.\n", "a/b.feature:1: the feature has no scenario"},
		{"a table below a step", opening + aCase + "        | requestId | T0 |\n", "a/b.feature:10: the step"},
		{"a text below a step", opening + aCase + "        \"\"\"\n        {}\n        \"\"\"\n", "a/b.feature:10: the step"},
		{"a table below a step of the background", opening + "    Background:\n      Given a STOPPED instance\n        | a |\n\n" + aCase, "a/b.feature:9: the step"},
		{"rows that are not closed", opening + aOutline + "      Examples:\n        | status\n        | STOPPED\n", "a/b.feature:12: the row is not closed"},
		{"a last cell that is not closed", opening + aOutline + "      Examples:\n        | status | more\n        | STOPPED | x\n", "a/b.feature:12: the row is not closed"},
		{"a last bar that is escaped", opening + aOutline + "      Examples:\n        | status |\n        | STOPPED | \\|\n", "a/b.feature:13: the row is not closed"},
		{"a row with fewer cells", opening + aOutline + "      Examples:\n        | status | more |\n        | STOPPED |\n", "a/b.feature:13: "},
		{"a column twice", opening + aOutline + "      Examples:\n        | status | status |\n        | STOPPED | RUNNING |\n", "a/b.feature:12: the column"},
		{"a placeholder without a column", opening + strings.Replace(aOutline, "a <status> GPU", "a <state> GPU", 1) + rows, `a/b.feature:9: no table of examples has the column "state"`},
		{"a step in small letters", opening + "    @a-case\n    Example: One\n      given a RUNNING instance\n      Given a STOPPED instance\n", `a/b.feature:9: "given a RUNNING instance" is read as a description`},
		{"a misspelt keyword", opening + aCase + "\n    Examlpe: Two\n      Given a STOPPED instance\n", "a/b.feature:11: "},
		{"a misspelt keyword in front of the steps", opening + "    @a-case\n    Example: One\n      Examlpe: Two\n      Given a STOPPED instance\n", `a/b.feature:9: "Examlpe" is no keyword`},
		{"a keyword in small letters", "Feature: F\n  rule: R\n", `a/b.feature:2: "rule" is no keyword`},
		{"a colon of full width", "# language: zh-CN\n功能: F\n  规则：GPU实例不允许执行该操作。\n", `a/b.feature:3: "规则" is no keyword`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(c.text)
			require.ErrorContains(t, err, c.want)
			var fault *suite.Error
			assert.ErrorAs(t, err, &fault)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestProseInADescriptionIsLeftAlone(t *testing.T) {
	_, err := load("Feature: F\n  and changes nothing.\n  Note: when it is done, role: admin.\n\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n\n    Told at length.\n\n" + aCase)
	assert.NoError(t, err)
}

// write makes files below a new folder; a text that begins with -> is a link.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		place := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(place), 0o755))
		if to, link := strings.CutPrefix(text, "->"); link {
			require.NoError(t, os.Symlink(to, place))
			continue
		}
		require.NoError(t, os.WriteFile(place, []byte(text), 0o600))
	}
	return dir
}

func TestTheFilesOfAFolder(t *testing.T) {
	feature := opening + aCase
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"a volume of a ConfigMap", map[string]string{
			"..2026_11_26/x.feature": feature, "..2026_11_26/sub/y.feature": feature, "..data": "->..2026_11_26",
			"x.feature": "->..data/x.feature", "sub": "->..data/sub",
		}, []string{"sub/y.feature", "x.feature"}},
		{"what editors and version control leave", map[string]string{
			"x.feature": feature, "._x.feature": "\x00\x05\x16", ".#x.feature": "->user@host.1:2", ".git/y.feature": "", "x.feature~": "", "#x.feature#": "",
		}, []string{"x.feature"}},
		{"a link to a folder", map[string]string{"a/x.feature": feature, "b": "->a"}, []string{"a/x.feature", "b/x.feature"}},
		{"a name in capitals", map[string]string{"X.FEATURE": feature}, []string{"X.FEATURE"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, err := suite.Files(os.DirFS(write(t, c.files)))
			require.NoError(t, err)
			assert.Len(t, files, len(c.want))
			for _, name := range c.want {
				assert.Equal(t, feature, string(files[name]), name)
			}
		})
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a link that leads back", map[string]string{"a/x.feature": feature, "a/again": "->../a"}, "a/again leads back"},
		{"a link to nothing", map[string]string{"x.feature": "->nowhere"}, "x.feature is a link to what is not there"},
		{"UTF-16", map[string]string{"x.feature": "\xff\xfeF\x00e\x00"}, "x.feature:1: the file is not UTF-8"},
		{"UTF-16 without a mark", map[string]string{"x.feature": "F\x00e\x00"}, "x.feature:1: the file is not UTF-8"},
		{"Latin-1", map[string]string{"x.feature": "Feature: F\n\n caf\xe9\n"}, "x.feature:3: the line is not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := suite.Files(os.DirFS(write(t, c.files)))
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestAByteOrderMarkAndLineEndsChangeNothing(t *testing.T) {
	plain, err := load(opening + aCase)
	require.NoError(t, err)
	for _, text := range []string{"\ufeff" + opening + aCase, "\ufeff" + strings.ReplaceAll(opening+aOutline+"      Examples:\n        | status |\n        | STOPPED |\n", "\n", "\r\n")} {
		s, err := load(text)
		require.NoError(t, err)
		assert.Equal(t, plain.Cases[0].Rule, s.Cases[0].Rule)
	}
}
