package cli

import (
	"bytes"
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed completion.bash
var bashScript string

// completeForBash is the hidden command that the bash completion script calls.
const completeForBash = "__bash"

// bashCompletion replaces cobra's completion script for bash, which requires the package
// bash-completion, executes parts of the command line, and loses values with brackets, quotes and
// colons.
func bashCompletion(root *cobra.Command, sys System) {
	if script, _, err := root.Find([]string{"completion", "bash"}); err == nil {
		script.Long = `Generate the autocompletion script for bash. It needs bash 3.2 or newer, and no further
package. Load it in the current session with

	source <(conformance completion bash)

or write it to ~/.local/share/bash-completion/completions/conformance, where the package
bash-completion finds it.`
		script.Args, script.Run = noArguments, nil
		script.RunE = func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(sys.Out, bashScript)
			return harnessError(err)
		}
		script.ResetFlags()
	}
	root.AddCommand(&cobra.Command{
		Use: completeForBash + " LINE BREAKS", Hidden: true, Example: "  conformance __bash -- 'conformance run --scenario gpu-' ' '",
		Short: "Say how a command line goes on, for the script of bash",
		Args:  cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			_, err := fmt.Fprint(sys.Out, bashReplies(args[0], args[1], func(words []string) string { return offers(sys, words) }))
			return harnessError(err)
		},
	})
}

// offers asks cobra what may follow the words of a command line.
func offers(sys System, words []string) string {
	var out bytes.Buffer
	silent := sys
	silent.Err = &bytes.Buffer{}
	root := newRoot(silent)
	root.SetOut(&out)
	root.SetErr(silent.Err)
	root.SetArgs(append([]string{cobra.ShellCompNoDescRequestCmd}, words...))
	if root.Execute() != nil {
		return ""
	}
	return out.String()
}

// bashReplies returns how to complete a line. The first line of the result is the type of the
// values: words, folders, or files with certain extensions. For words, the other lines are the
// replies with which readline replaces the last word; for folders and files, they are the beginning
// of the path. breaks are the characters at which readline begins a new word.
func bashReplies(line, breaks string, offer func(words []string) string) string {
	words, last := splitLine(line, breaks)
	if len(words) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(offer(append(words[1:], last.value))), "\n")
	directive, err := strconv.Atoi(strings.TrimPrefix(lines[len(lines)-1], ":"))
	if err != nil {
		return "" // there are no completions
	}
	values := lines[:len(lines)-1]
	value, kept := last.afterFlag()
	var b strings.Builder
	has := func(d cobra.ShellCompDirective) bool { return cobra.ShellCompDirective(directive)&d != 0 }
	switch {
	case has(cobra.ShellCompDirectiveError):
		return ""
	case has(cobra.ShellCompDirectiveFilterDirs):
		return "dirs\n" + value + "\n" + kept + "\n"
	case has(cobra.ShellCompDirectiveFilterFileExt):
		return "files " + strings.Join(values, "|") + "\n" + value + "\n" + kept + "\n"
	case has(cobra.ShellCompDirectiveNoSpace):
		b.WriteString("open\n") // the word may continue, so no space is added
	default:
		b.WriteString("words\n")
	}
	for _, offered := range values {
		if rest, fits := strings.CutPrefix(offered, kept); fits && strings.HasPrefix(offered, value) {
			b.WriteString(last.quoted(rest) + "\n")
		}
	}
	return b.String()
}

// lastWord is the word of a command line that is being typed.
type lastWord struct {
	value string // the value as the shell sees it
	kept  string // the beginning of value that readline does not replace
	quote byte   // the open quote, 0 if there is none
}

// afterFlag returns the value being typed and the part of it that readline does not replace, both
// without a preceding flag and "=".
func (l lastWord) afterFlag() (value, kept string) {
	flag := ""
	if strings.HasPrefix(l.value, "-") {
		flag = l.value[:strings.IndexByte(l.value, '=')+1]
	}
	return strings.TrimPrefix(l.value, flag), strings.TrimPrefix(l.kept, flag)
}

// splitLine splits the beginning of a command line as bash does, without executing any of it.
func splitLine(line, breaks string) (words []string, last lastWord) {
	var word []byte
	kept, quote, begun := 0, byte(0), false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote == '\'' && c == '\'', quote == '"' && c == '"':
			quote = 0
		case quote == '\'':
			word = append(word, c)
		case c == '\\' && i+1 == len(line): // it escapes a character that is still to be typed
		case quote == '"' && c == '\\' && strings.IndexByte("\"\\$`", line[i+1]) >= 0, quote == 0 && c == '\\':
			i++
			word, begun = append(word, line[i]), true
		case quote == '"':
			word = append(word, c)
		case c == '\'' || c == '"':
			quote, begun, kept = c, true, len(word)
		case c == ' ' || c == '\t' || c == '\n':
			if begun {
				words = append(words, string(word))
			}
			word, kept, begun = nil, 0, false
		default:
			if strings.IndexByte(breaks, c) >= 0 {
				kept = len(word)
				if c != '@' && c != '$' { // these two belong to the word that they begin
					kept++
				}
			}
			word, begun = append(word, c), true
		}
	}
	return words, lastWord{value: string(word), kept: string(word[:kept]), quote: quote}
}

// quoted quotes a text for the shell, using the quotes that are already open.
func (l lastWord) quoted(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case l.quote == '\'' && c == '\'':
			b.WriteString(`'\''`)
			continue
		case l.quote == '"' && strings.ContainsRune("\"\\$`", c),
			l.quote == 0 && strings.ContainsRune(" \t\"'\\$`|&;<>()[]{}*?#~!=:@", c) && !strings.ContainsRune(unquoted, c):
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// unquoted are characters that break words for readline but have no meaning for the shell.
const unquoted = "=:@"
