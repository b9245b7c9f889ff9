package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/zec-tools/conformance/internal/typo"
)

// cobra describes errors in arguments and flags in terms of its source code. This file rewords them
// for users.

// givenTwice is the error about a single-valued flag that was given twice.
type givenTwice string

func (g givenTwice) Error() string {
	return fmt.Sprintf("it was given before, as %q: give it once", string(g))
}

// taken describes the values of a flag type.
var taken = map[string]string{
	"int": "a whole number", "int64": "a whole number", "duration": "a time such as 90s or 15m", "bool": "true or false",
}

// flagError describes an error in a flag, and suggests the flag that may have been meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if meant, near := typo.Meant(unknown.GetSpecifiedName(), names); near {
			return fmt.Errorf("%w: did you mean --%s?", err, meant)
		}
		return fmt.Errorf("%w: %s --help lists the flags", err, cmd.CommandPath())
	case errors.As(err, &empty):
		return fmt.Errorf("--%s needs a value: %s", empty.GetFlag().Name, empty.GetFlag().Usage)
	case errors.As(err, &wrong):
		what, known := taken[wrong.GetFlag().Value.Type()]
		if cause := errors.Unwrap(wrong); !known || errors.As(cause, new(givenTwice)) {
			return fmt.Errorf("--%s: %w", wrong.GetFlag().Name, cause)
		}
		return fmt.Errorf("--%s %s: give %s", wrong.GetFlag().Name, wrong.GetValue(), what)
	}
	return err
}

// argumentError says how to call a command that was given too many or too few arguments.
func argumentError(cmd *cobra.Command, args []string, err error) error {
	if err == nil || !strings.Contains(err.Error(), " arg(s), ") {
		return err
	}
	return fmt.Errorf("%s given: write it as %q; %s --help says more", plural(len(args), "argument"), cmd.UseLine(), cmd.CommandPath())
}

// The library's errors about flags that belong together.
var (
	lacking   = regexp.MustCompile(`^required flag\(s\) (".*") not set$`)
	excluding = regexp.MustCompile(`^if any flags in the group .* none of the others can be; \[(.*)\] were all set$`)
	together  = regexp.MustCompile(`^if any flags in the group \[(.*)\] are set they must all be set; missing \[(.*)\]$`)
)

// plainly rewords the library's errors about flags that belong together.
func plainly(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	switch {
	case lacking.MatchString(text):
		return fmt.Errorf("the command needs %s", flagsOf(strings.ReplaceAll(lacking.FindStringSubmatch(text)[1], `"`, "")))
	case excluding.MatchString(text):
		return fmt.Errorf("%s exclude each other: give one of them", flagsOf(excluding.FindStringSubmatch(text)[1]))
	case together.MatchString(text):
		found := together.FindStringSubmatch(text)
		return fmt.Errorf("%s go together: give %s, too", flagsOf(found[1]), flagsOf(found[2]))
	}
	return err
}

// flagsOf formats a list of flag names separated by spaces.
func flagsOf(names string) string {
	flags := strings.FieldsFunc(names, func(r rune) bool { return r == ' ' || r == ',' })
	for i := range flags {
		flags[i] = "--" + flags[i]
	}
	if last := len(flags) - 1; last > 0 {
		return strings.Join(flags[:last], ", ") + " and " + flags[last]
	}
	return strings.Join(flags, "")
}
