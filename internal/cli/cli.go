// Package cli is the command line, with one file for each subcommand. It is the only package that
// prints. It decides only what to ask for and how to show the answer; the exit code depends on the
// verdict alone.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/interrupt"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
)

// System is the program's access to the machine it runs on.
type System struct {
	In       io.Reader
	Out, Err io.Writer // for results, and for everything else
	Env      func(name string) string
	Signals  *interrupt.Policy // the signals sent to the process; nil means none
	Memory   int64             // the memory in use, in bytes, from which a run collects garbage; 0 leaves that to the runtime

	filter         *secret.Filter  // knows the secrets; Out and Err pass through it
	contractFolder *string         // the folder from the flag --contract
	stopped        <-chan struct{} // is closed when the command is to end; nil if nothing can end it
}

// exitError is an error with an exit code. If it has no message, the message has been shown
// already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usageError is an error that the user can fix: flags, files, configuration, features.
func usageError(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code: verdict.ExitUsage, err: err}
}

// harnessError is an error of the harness itself.
func harnessError(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code: verdict.ExitHarness, err: err}
}

// Main runs the command line and returns the exit code.
func Main(ctx context.Context, args []string, sys System) (code int) {
	sys.stopped = ctx.Done()
	if sys.In != nil {
		sys.In = &awaitedReader{sys: sys, from: sys.In}
	}
	sys, flush := sys.filtered()
	defer func() {
		if panicked := recover(); panicked != nil {
			fmt.Fprintf(sys.Err, "conformance: a fault of the harness, please report it: %v\n%s", panicked, debug.Stack())
			code = verdict.ExitHarness
		}
		if flush() != nil {
			code = verdict.ExitHarness
		}
	}()
	err := refuseSecrets(args)
	if err == nil {
		err = execute(ctx, args, sys)
	}
	if err == nil {
		return verdict.ExitConformant
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = &exitError{code: verdict.ExitInconclusive, err: errors.New("interrupted: there is no result")}
	}
	code = verdict.ExitUsage // what cobra itself rejects is a usage error
	var end *exitError
	if errors.As(err, &end) {
		code = end.code
	}
	if text := err.Error(); text != "" {
		lines := strings.Split(text, "\n")
		for i := range lines {
			lines[i] = report.Plain(lines[i])
		}
		fmt.Fprintln(sys.Err, "conformance: "+strings.Join(lines, "\n"))
	}
	return code
}

func execute(ctx context.Context, args []string, sys System) error {
	root := newRoot(sys)
	root.SetArgs(args)
	return plainly(root.ExecuteContext(ctx))
}

func newRoot(sys System) *cobra.Command {
	sys.contractFolder = new(string)
	root := &cobra.Command{
		Use:   "conformance",
		Short: "Check an endpoint against the contract of Zenlayer's asynchronous actions",
		Long: `Check an endpoint against the contract of Zenlayer's asynchronous actions,
clause by clause: ModifyInstanceType, StartInstances, StopInstances and
RebootInstances.

Exit codes: 0 conformant, 1 non-conformant, 2 wrong usage, configuration or
suite, 3 inconclusive or partial, 4 a fault of the harness itself.`,
		Example:       "  conformance run",
		Version:       version().Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArguments,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() }, // without it, an unknown command would not be an error
	}
	root.SetIn(sys.In)
	root.SetOut(sys.Out) // before cobra adds its own commands, which keep this stream
	root.SetErr(sys.Err)
	root.AddCommand(newRun(sys), newMock(sys), newSelftest(sys), newList(sys), newCoverage(sys))
	root.AddCommand(newReport(sys), newJudge(sys), newProxy(sys), newRejudge(sys), newDiff(sys), newHistory(sys))
	root.AddCommand(newPlan(sys), newDoctor(sys), newCall(sys), newCleanup(sys))
	root.AddCommand(newSteps(sys), newMerge(sys), newWaive(sys), newSpec(sys), newDocs(sys), newFeatures(sys), newMan(sys))
	contractFlag(root, sys.contractFolder)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	bashCompletion(root, sys)
	completing(root)
	exampleOfCobra(root)
	strict(root)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 80 "))
	return root
}

// exampleOfCobra adds an example to each command that cobra provides.
func exampleOfCobra(root *cobra.Command) {
	for path, example := range map[string]string{
		"help":                  "  conformance help run",
		"completion":            "  source <(conformance completion bash)",
		"completion bash":       "  source <(conformance completion bash)",
		"completion zsh":        "  source <(conformance completion zsh)",
		"completion fish":       "  conformance completion fish | source",
		"completion powershell": "  conformance completion powershell | Out-String | Invoke-Expression",
	} {
		if cmd, _, err := root.Find(strings.Fields(path)); err == nil {
			cmd.Example = example
		}
	}
}

// version returns what the build knows about this program.
func version() verdict.Tool {
	tool := verdict.Tool{Name: "zec-conformance", Version: "devel"}
	info, known := debug.ReadBuildInfo()
	if !known {
		return tool
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		tool.Version = v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			tool.Commit = setting.Value
		}
	}
	return tool
}

// suiteContract returns the parts of the contract that features must agree with.
func suiteContract(c *contract.Contract) suite.Contract {
	l := suite.ContractOf(c)
	return l
}
