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

// The library complains of arguments and flags in the words of its own source. What a user
// reads is said here.

// givenTwice is the complaint about a flag that takes one value and had this one before.
type givenTwice string

func (g givenTwice) Error() string {
	return fmt.Sprintf("it was given before, as %q: give it once", string(g))
}

// taken says what a flag of a type takes.
var taken = map[string]string{
	"int": "a whole number", "int64": "a whole number", "duration": "a time such as 90s or 15m", "bool": "true or false",
}

// flagError says what is wrong with a flag, and which one may have been meant.
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

// argumentError says how a command is called that was given too many or too few arguments.
func argumentError(cmd *cobra.Command, args []string, err error) error {
	if err == nil || !strings.Contains(err.Error(), " arg(s), ") {
		return err
	}
	return fmt.Errorf("%s given: write it as %q; %s --help says more", plural(len(args), "argument"), cmd.UseLine(), cmd.CommandPath())
}

// The complaints of the library about flags that belong together.
var (
	lacking   = regexp.MustCompile(`^required flag\(s\) (".*") not set$`)
	excluding = regexp.MustCompile(`^if any flags in the group .* none of the others can be; \[(.*)\] were all set$`)
	together  = regexp.MustCompile(`^if any flags in the group \[(.*)\] are set they must all be set; missing \[(.*)\]$`)
)

// plainly says the complaints of the library about flags that belong together in words of ours.
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

// flagsOf lists flags whose names stand one after the other.
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
