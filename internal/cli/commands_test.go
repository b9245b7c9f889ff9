package cli

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/table"
)

// commands returns every command of the program, with those that come with the library.
func commands(t *testing.T) (root *cobra.Command, all []*cobra.Command) {
	t.Helper()
	root = newRoot(System{Out: io.Discard, Err: io.Discard, Env: os.Getenv})
	var add func(cmd *cobra.Command)
	add = func(cmd *cobra.Command) {
		all = append(all, cmd)
		for _, below := range cmd.Commands() {
			add(below)
		}
	}
	add(root)
	require.Greater(t, len(all), 20)
	return root, all
}

// TestEveryCommandHasAnExampleThatWorks makes sure that --help of each command shows how
// it is called, with flags and arguments that it takes.
func TestEveryCommandHasAnExampleThatWorks(t *testing.T) {
	_, all := commands(t)
	for _, cmd := range all {
		own := 0
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			_, call, shown := strings.Cut(line, "conformance ")
			if !shown {
				continue // a line about another program
			}
			fresh, _ := commands(t) // flags keep what they were given
			called, rest, err := fresh.Find(words(call))
			require.NoError(t, err, line)
			if called.CommandPath() == cmd.CommandPath() || cmd.Name() == "conformance" || cmd.Name() == "completion" {
				own++
			}
			assert.NoError(t, called.ParseFlags(rest), line)
			assert.NoError(t, called.ValidateArgs(called.Flags().Args()), line)
			assert.NoError(t, called.ValidateRequiredFlags(), line)
			assert.NoError(t, called.ValidateFlagGroups(), line)
		}
		assert.Positive(t, own, "%s has no example of itself", cmd.CommandPath())
		assert.True(t, strings.HasPrefix(cmd.Example, "  ") && !strings.HasSuffix(cmd.Example, "\n"), "%s: the form of the others", cmd.CommandPath())
	}
}

// words splits a command as a shell does, up to where another one begins.
func words(line string) []string {
	var list []string
	var word strings.Builder
	quote, inWord := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote == r:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case !strings.ContainsRune(" |>&)", r):
			inWord = true
			word.WriteRune(r)
		default:
			if inWord && (r != '>' || word.String() != "2") { // the stream that is led elsewhere
				list = append(list, word.String())
			}
			word.Reset()
			inWord = false
			if r != ' ' {
				return list
			}
		}
	}
	return list
}

// TestEveryFlagTellsAShellWhatMayFollow makes sure that no flag falls back to offering
// the names of files by accident, and that no completion is for a flag that is gone.
func TestEveryFlagTellsAShellWhatMayFollow(t *testing.T) {
	root, _ := commands(t)
	used := map[string]bool{}
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			continue
		}
		assert.NotNil(t, cmd.ValidArgsFunction, cmd.Name())
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			used[f.Name] = true
			_, has := cmd.GetFlagCompletionFunc(f.Name)
			assert.True(t, has, "%s --%s", cmd.Name(), f.Name)
		})
		used["argument of "+cmd.Name()] = true
	}
	for name := range completions() {
		assert.True(t, used[name], "no command has the flag --%s", name)
	}
	for name := range arguments() {
		assert.True(t, used["argument of "+name], "there is no command %s", name)
	}
}

// TestHelpFitsATerminal holds that no line of help is wider than 80 columns, but for an example,
// which is copied as it stands.
func TestHelpFitsATerminal(t *testing.T) {
	_, all := commands(t)
	for _, cmd := range all {
		if strings.HasPrefix(cmd.CommandPath(), "conformance completion") {
			continue // their texts are the library's
		}
		var help strings.Builder
		cmd.SetOut(&help)
		require.NoError(t, cmd.Help())
		for line := range strings.SplitSeq(help.String(), "\n") {
			if !strings.Contains(cmd.Example, line) {
				assert.Equal(t, line, table.Cut(line, 80), cmd.CommandPath())
			}
		}
	}
}
