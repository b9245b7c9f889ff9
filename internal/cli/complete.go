package cli

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/target"
)

// noFiles tells a shell not to complete file names.
const noFiles = cobra.ShellCompDirectiveNoFileComp

// completions returns the completion functions of flags, by the flag's name. A name means the same
// in every command.
func completions() map[string]cobra.CompletionFunc {
	yaml := cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
	folder := cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	return map[string]cobra.CompletionFunc{
		"action":   completeAction,
		"baseline": completeReport,
		"config":   yaml,
		"contract": folder,
		"defect":   completeDefect,
		"features": folder,
		"format":   completeFormat,
		"from":     completeReport,
		"lang":     cobra.FixedCompletions([]string{string(report.English), string(report.Chinese)}, noFiles),
		"html":     cobra.FixedCompletions([]string{"html"}, cobra.ShellCompDirectiveFilterFileExt),
		"out":      folder,
		"report":   completeReport,
		"scenario": completeScenario,
		"shard":    cobra.FixedCompletions([]string{automatic}, noFiles),
		"tags":     completeTag,
		"target":   completeTarget,
		"variant":  completeVariant,
		"waivers":  yaml,
	}
}

// arguments returns the completion functions for the arguments of commands.
func arguments() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"call": completeAction, "diff": completeReport, "merge": completeReport, "rejudge": completeReport,
	}
}

// completing adds completion to every command below root. Where no values are known, it offers
// nothing rather than file names.
func completing(root *cobra.Command) {
	known, following := completions(), arguments()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			continue // cobra completes these itself
		}
		if cmd.ValidArgsFunction = following[cmd.Name()]; cmd.ValidArgsFunction == nil {
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if _, has := cmd.GetFlagCompletionFunc(f.Name); has {
				return
			}
			complete := known[f.Name]
			if complete == nil {
				complete = cobra.NoFileCompletions
			}
			_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // fails only if there is no such flag
		})
	}
}

var completeReport = cobra.FixedCompletions([]string{"json"}, cobra.ShellCompDirectiveFilterFileExt)

// offered returns the values that begin with what was typed.
func offered(list []cobra.Completion, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	list = slices.DeleteFunc(list, func(c cobra.Completion) bool { return !strings.HasPrefix(c, typed) })
	return list, noFiles
}

// completeLast completes the last of several words, which any of the separators separate.
func completeLast(words []string, typed, separators string) ([]cobra.Completion, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexAny(typed, separators)+1]
	list := make([]cobra.Completion, len(words))
	for i, word := range words {
		list[i] = before + word
	}
	list, _ = offered(list, typed)
	return list, noFiles | cobra.ShellCompDirectiveNoSpace // another word may follow
}

func completeFormat(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []string
	for _, format := range report.Formats() {
		names = append(names, format.Name)
	}
	return completeLast(names, typed, ",")
}

func completeScenario(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	for _, c := range candidates(cmd) {
		list = append(list, cobra.CompletionWithDesc(c.id, c.name))
	}
	return offered(list, typed)
}

func completeTag(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []string
	for _, c := range candidates(cmd) {
		list = append(list, c.tags...)
	}
	slices.Sort(list)
	return completeLast(slices.Compact(list), typed, " (")
}

// candidate is a scenario that can complete a value.
type candidate struct {
	id, name string
	tags     []string
}

// candidates returns all scenarios of the features that the command reads. If the features have
// errors, it returns none; running the command will report them.
func candidates(cmd *cobra.Command) []candidate {
	c, from, err := contractFor(cmd)
	if err != nil {
		return nil
	}
	folders, _ := cmd.Flags().GetStringArray("features") // none means the built-in ones
	_, cases, err := (&selection{folders: folders}).read(c, from)
	if err != nil {
		return nil
	}
	var list []candidate
	for _, c := range cases {
		list = append(list, candidate{id: c.ID, name: c.Name, tags: c.Tags})
	}
	return list
}

// contractFor reads the contract for a command that is being typed.
func contractFor(cmd *cobra.Command) (*contract.Contract, source, error) {
	folder, _ := cmd.Flags().GetString("contract")
	return System{contractFolder: &folder, Env: func(string) string { return "" }}.contract("")
}

func completeTarget(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	file, _ := cmd.Flags().GetString("config")
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() { // a pipe could be read only once, by the command itself
		return nil, noFiles
	}
	text, _ := os.ReadFile(file)
	return offered(target.Names(text), typed)
}

func completeAction(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	c, _, err := contractFor(cmd)
	if err != nil || len(args) > 0 {
		return nil, noFiles
	}
	var list []cobra.Completion
	for _, op := range c.Operations() {
		list = append(list, op.Action)
	}
	return offered(list, typed)
}

func completeDefect(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	for _, d := range defects.All() {
		list = append(list, cobra.CompletionWithDesc(d.Name, d.Text))
	}
	return offered(list, typed)
}

func completeVariant(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	for _, v := range defects.Variants() {
		list = append(list, cobra.CompletionWithDesc(v.Name, v.Text))
	}
	return offered(list, typed)
}
