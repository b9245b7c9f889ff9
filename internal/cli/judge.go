package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/judge"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/recording"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/waiver"
	"github.com/zec-tools/conformance/internal/wire"
)

type judgeOptions struct {
	formatting
	excusing
	from           source // of the contract
	out, name      string
	exclusive      bool
	within         time.Duration
	quiet, verbose bool
	json           bool
}

func newJudge(sys System) *cobra.Command {
	var o judgeOptions
	cmd := &cobra.Command{
		Use:   "judge FILE...",
		Short: "Judge recorded traffic",
		Long: `Judge traffic that was recorded elsewhere: HAR 1.2, one exchange a line as JSON,
or report.json; - is the standard input. Several files are one session, in the
order of time. Each answer is judged by itself, and by what its request
deserved.

Signatures and tokens are judged where the credential is in the environment:
ZENLAYERCLOUD_ACCESS_KEY_ID, ZENLAYERCLOUD_ACCESS_KEY_PASSWORD, ZENLAYER_TOKEN.`,
		Example: `  conformance judge exchanges.har
  conformance judge --exclusive --within 15m monday.har tuesday.har
  mitmdump -nr flows --set hardump=- | conformance judge -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), sys, args) },
	}
	o.flags(cmd)
	o.excuseFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.out, "out", "reports", "the folder that the reports are written to")
	flags.StringVar(&o.name, "name", "recording", "the target that waivers speak of")
	flags.BoolVar(&o.exclusive, "exclusive", false, "nobody but this traffic changed the instances while it was recorded")
	flags.DurationVar(&o.within, "within", 0, "how long a change may take at most, such as 15m; without it one that never ends is not judged")
	flags.BoolVar(&o.quiet, "quiet", false, "print the verdict alone")
	flags.BoolVar(&o.verbose, "verbose", false, "print every operation, not only those with findings")
	flags.BoolVar(&o.json, "json", false, "print what was found as one JSON document, and nothing else on stdout")
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose", "json")
	return cmd
}

func (o *judgeOptions) run(ctx context.Context, sys System, files []string) (err error) {
	c, from, err := sys.contract("")
	if err != nil {
		return err
	}
	o.from = from
	if _, err := o.pick(); err != nil {
		return err
	}
	if o.within < 0 {
		return usageError(fmt.Errorf("--within %s: give a time above zero, such as 15m", o.within))
	}
	progress := counter{to: sys.Err, in: language.Language(o.language), live: !o.quiet && clearsLines(sys)}
	r, err := recording.Open(sys.In, progress.found, files...)
	if err != nil {
		progress.clear()
		return usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(r.Close())) }()
	if file := r.Partial(); o.exclusive && file != "" {
		progress.clear()
		return usageError(fmt.Errorf("%s: it lacks the calls with which the run prepared and restored its instances: leave out --exclusive", file))
	}
	progress.total, progress.drawn = r.Len(), time.Time{} // show the next count at once
	result, err := o.judge(ctx, sys, c, recorded{r, o.again(files), &progress})
	if err != nil {
		return err
	}
	if code := result.ExitCode(false); code != verdict.ExitConformant {
		return &exitError{code: code}
	}
	return nil
}

// again returns the command that judges the same recording again.
func (o *judgeOptions) again(files []string) string {
	words := []string{"conformance judge"}
	if o.from.folder != "" {
		words = append(words, "--contract", quote(o.from.folder))
	}
	words = append(words, o.language.words()...)
	if o.exclusive {
		words = append(words, "--exclusive")
	}
	if o.within != 0 {
		words = append(words, "--within", o.within.String())
	}
	if o.name != "recording" {
		words = append(words, "--name", quote(o.name))
	}
	if o.out != "reports" {
		words = append(words, "--out", quote(o.out))
	}
	return strings.Join(append(append(words, o.words()...), quoteAll(files)), " ")
}

// recorded is a recording to be judged.
type recorded struct {
	*recording.Recording
	repeat   string // the command that judges it again
	progress *counter
}

// judge judges the recording, writes the reports and shows the result.
func (o *judgeOptions) judge(ctx context.Context, sys System, c *contract.Contract, r recorded) (out verdict.Run, err error) {
	j, err := o.prepare(sys, c)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, harnessError(j.spool.Close())) }()
	started := time.Now()
	options := o.options(sys, c, r.repeat, j)
	options.Account.Redacted = r.Redacted()
	options.Progress = r.progress.judged
	out, err = judge.Recording(ctx, r.Recording, options)
	r.progress.clear()
	if err != nil {
		return out, usageError(err)
	}
	return o.conclude(sys, out, started, j)
}

// judged holds the outputs of a judged session.
type judged struct {
	spool  *report.Spool
	shown  *display
	ledger *waiver.Ledger
}

// conclude writes the reports and shows the result of a session.
func (o *judgeOptions) conclude(sys System, out verdict.Run, started time.Time, j judged) (verdict.Run, error) {
	out.Tool = version()
	out.Tool.Go = runtime.Version()
	out.Volatile = verdict.Volatile{Started: started.UTC(), Duration: time.Since(started)}
	out.Target = verdict.Target{Name: o.name, Kind: "recording", Endpoint: strings.Join(out.Recording.Endpoints, " ")}
	if j.ledger != nil {
		out.Waivers = waived(j.ledger, true)
	}
	earlier := runIn(o.out)
	written := runOptions{formatting: o.formatting, targetOptions: targetOptions{out: o.out}}
	reader, formats, err := written.write(sys, j.spool, out)
	if err != nil {
		return out, harnessError(err)
	}
	if earlier != "" {
		fmt.Fprintln(sys.Err, foldedTo(sys.Err, "conformance: "+language.Language(o.language).Say("{0} was the report of a run of {1}, and is replaced: give --out to keep one", filepath.Join(o.out, "report.json"), report.Plain(earlier))))
	}
	err = j.shown.end(reader, files(o.out, formats), func() {
		if j.ledger != nil {
			j.shown.excused(out.Waivers, j.ledger.Fixed())
		}
	})
	if err != nil {
		return out, harnessError(err)
	}
	return out, harnessError(report.Print((&runOptions{json: o.json}).printTo(sys), reader, formats))
}

// runIn returns the target of the run whose report is in a folder, or "".
func runIn(folder string) string {
	reader, err := report.Open(filepath.Join(folder, "report.json"))
	if err != nil {
		return ""
	}
	defer func() { _ = reader.Close() }()
	if reader.Head.Recording != nil {
		return ""
	}
	return reader.Head.Target.Name
}

// options returns the options for judging a session whose scenarios go to the given outputs.
func (o *judgeOptions) options(sys System, c *contract.Contract, repeat string, j judged) judge.Options {
	recorded := judge.NewCredentials(sys.filter)
	return judge.Options{
		Contract: c, Repeat: repeat, Clean: sys.filter.String,
		Account: account.Options{Exclusive: o.exclusive, Within: o.within, Credentials: credentials(sys)},
		Redact: func(x wire.Exchange) wire.Exchange {
			recorded.Add(x)
			return secret.Clean(sys.filter, judge.WithoutCredentials(x))
		},
		Waive: func(s *verdict.Scenario) {
			s.Findings = secret.Clean(sys.filter, s.Findings)
			if j.ledger != nil {
				j.ledger.Apply(s)
			}
		},
		Done: func(index int, s verdict.Scenario) error {
			record, err := recordOf(sys.filter, s)
			if err != nil {
				return err
			}
			return j.spool.Keep(index, record)
		},
	}
}

// prepare prepares the outputs of a session.
func (o *judgeOptions) prepare(sys System, c *contract.Contract) (judged, error) {
	var ids []string
	for _, op := range c.Operations() {
		ids = append(ids, op.Action)
	}
	ledger, err := o.ledger(judgedBy{contract: c, target: verdict.Target{Name: o.name}, out: o.out}, ids)
	if err != nil {
		return judged{}, err
	}
	spool, err := report.Create(o.out)
	if err != nil {
		return judged{}, usageError(err)
	}
	show := runOptions{quiet: o.quiet, verbose: o.verbose, json: o.json}
	return judged{spool: spool, shown: newDisplay(sys, show.show()), ledger: ledger}, nil
}

// credentials returns the credentials of the traffic from the environment.
func credentials(sys System) *account.Credentials {
	c := &account.Credentials{
		KeyID:    sys.Env("ZENLAYERCLOUD_ACCESS_KEY_ID"),
		Password: secret.New(sys.Env("ZENLAYERCLOUD_ACCESS_KEY_PASSWORD")), Token: secret.New(sys.Env("ZENLAYER_TOKEN")),
	}
	sys.filter.Add(c.Password, c.Token)
	return c
}

func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = fmt.Sprint(quote(word))
	}
	return strings.Join(quoted, " ")
}
