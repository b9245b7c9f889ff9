package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/table"
)

func newSteps(sys System) *cobra.Command {
	s := selection{}
	var lang languageFlag
	cmd := &cobra.Command{
		Use:   "steps",
		Short: "List the sentences that features are written in",
		Long: `List the sentences that features are written in: each in English and in Chinese,
how often the features use it, and in which files. Words in angle brackets stand
for arguments; below the sentence stands what each can be, where it is written
in words. A sentence that no feature uses is marked.

On a terminal the lines are folded. Elsewhere each sentence is one line, its
parts separated by tabs, and so is each value, which begins with a tab.`,
		Example: `  conformance steps
  conformance steps --lang zh
  conformance steps --features my-features
  conformance steps | grep refused`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, from, err := sys.contract("")
			if err != nil {
				return err
			}
			all, _, err := s.read(c, from)
			if err != nil {
				return err
			}
			list := stepList{bufio.NewWriter(sys.Out), language.Language(lang), columnsOf(sys.Out)}
			for i, use := range all.Uses() {
				if i > 0 && list.width > 0 {
					fmt.Fprintln(list)
				}
				list.sentence(use)
			}
			return harnessError(list.Flush())
		},
	}
	s.folderFlag(cmd)
	cmd.Flags().Var(&lang, "lang", "the language that stands first: en or zh; without it, English")
	return cmd
}

// stepList writes sentences, the one in the reader's language first.
type stepList struct {
	*bufio.Writer
	in    language.Language
	width int // of the terminal; 0 means that there is none
}

// valueIndent is the indentation of the details of a sentence.
const valueIndent = 4

// sentence writes a sentence, where it is used, and the possible values of its arguments.
func (l stepList) sentence(use suite.Use) {
	en, zh := use.Sentence.Forms()
	first, second := l.ordered(en, zh)
	files := strings.Join(use.Files, ", ")
	where := l.in.Say("unused")
	if use.Count > 0 {
		where = l.in.Say("{0} use in {1}|{0} uses in {1}", use.Count, files)
	}
	if l.width == 0 {
		fmt.Fprintf(l, "%s\t%s\t%s\n", first, second, where)
	} else {
		l.folded(0, first)
		l.folded(0, second)
		l.folded(valueIndent, where)
	}
	values := use.Sentence.Values()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			if en, zh := strings.TrimSpace(value[0]), value[1]; en != "" {
				l.value(name, en, zh)
			}
		}
	}
}

// value writes one of the texts that an argument can have.
func (l stepList) value(name, en, zh string) {
	first, second := l.ordered(en, cmp.Or(zh, en))
	if l.width == 0 {
		fmt.Fprintf(l, "\t<%s>\t%s\t%s\n", name, first, second)
		return
	}
	first = "<" + name + ">: " + first
	if both := first + " | " + second; table.Width(both) <= l.width-valueIndent {
		l.folded(valueIndent, both)
		return
	}
	l.folded(valueIndent, first)
	l.folded(valueIndent+2, second)
}

func (l stepList) ordered(en, zh string) (first, second string) {
	if l.in == language.Chinese {
		return zh, en
	}
	return en, zh
}

// folded writes a text folded to the terminal, with continuation lines indented by two more
// columns.
func (l stepList) folded(indent int, text string) {
	for i, line := range table.Fold(text, l.width-indent-2) {
		if i == 1 {
			indent += 2
		}
		fmt.Fprintf(l, "%s%s\n", strings.Repeat(" ", indent), line)
	}
}
