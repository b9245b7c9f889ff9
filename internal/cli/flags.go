package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// strict makes every command below root reject likely mistakes: a single-valued flag given twice,
// and misspelt flags and commands.
func strict(root *cobra.Command) {
	root.SetFlagErrorFunc(flagError)
	root.SuggestionsMinimumDistance = 2
	for _, cmd := range append(root.Commands(), root) {
		if cmd.HasSubCommands() && cmd != root { // cobra's completion command shows its help whatever its arguments are
			cmd.Args, cmd.RunE = noArguments, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
		if check := cmd.Args; check != nil {
			cmd.Args = func(cmd *cobra.Command, args []string) error { return argumentError(cmd, args, check(cmd, args)) }
		}
		if cmd.Name() == "help" {
			cmd.Run, cmd.RunE = nil, help
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if _, collects := f.Value.(pflag.SliceValue); !collects {
				f.Value = &once{Value: f.Value}
			}
		})
	}
}

// once is a flag with a single value. Without it, a second value would silently replace the first.
type once struct {
	pflag.Value
	given string
	set   bool
}

// Set implements pflag.Value.
func (o *once) Set(text string) error {
	if o.set && o.given != text {
		return givenTwice(o.given)
	}
	o.given, o.set = text, true
	return o.Value.Set(text)
}

// named rejects the empty value of a flag that names something, such as that of a shell variable
// that is not set.
func named(flag, value, what string) error {
	if strings.TrimSpace(value) == "" {
		return usageError(fmt.Errorf("%s: it is empty: name %s", flag, what))
	}
	return nil
}

// noArguments rejects arguments, and suggests the command that may have been meant.
func noArguments(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case !cmd.HasSubCommands():
		return fmt.Errorf("%s takes no argument: remove %q", cmd.Name(), args[0])
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	text := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
	if close := cmd.SuggestionsFor(args[0]); len(close) > 0 {
		return fmt.Errorf("%s: did you mean %s?", text, strings.Join(close, " or "))
	}
	return fmt.Errorf("%s: it has %s", text, strings.Join(names, ", "))
}

// help shows the help of the named command.
func help(cmd *cobra.Command, args []string) error {
	named, rest, err := cmd.Root().Find(args)
	if named == nil || err != nil || len(rest) > 0 {
		return noArguments(cmd.Root(), args)
	}
	named.InitDefaultHelpFlag()
	return named.Help()
}
