package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/selftest"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/verdict"
)

// gcPercent lets memory grow more than usual between collections, because hundreds of suites, and
// reading the contract and the features, create much garbage and keep little.
const gcPercent = 400

// How the self-test distributes its suites, which spend most of their time waiting for resizes.
const (
	suitesAtOnce      = 10
	scenariosPerSuite = 32
	shuffledAtOnce    = 3 // with the race detector, everything takes ten times as long
)

type selftestOptions struct {
	selection
	foreign foreignOptions
	defects []string
	all     bool
	json    bool
	passive bool
	traffic string
	list    bool
	html    string
	runs    int
	seed    int64

	language languageFlag
}

func newSelftest(sys System) *cobra.Command {
	var o selftestOptions
	cmd := &cobra.Command{
		Use:   "selftest",
		Short: "Measure what the suite detects, and whom it accuses wrongly",
		Long: `Run the suite against every named defect of the mock, and against every
conformant variant. A defect is detected when the verdict is non-conformant. It
is named when a finding carries its clause and no finding an unrelated one.

A defect meets the scenarios of its clause first, then those that call its
action, and the rest of the suite only when these do not name it. So every
defect is named that the whole suite names. Whether the rest of the suite names
an unrelated clause is found out with --all, --defect or --html. With --passive
the rest is also played when the traffic of the first scenarios does not name
the defect. What is not named, and what could not be judged, is measured once
more, a few at a time, then alone by the whole suite, and then with longer
changes.

Exit code 1 when a defect survives or is misnamed, or a variant is accused; 3
when the self-test is interrupted, which leaves no score; 4 when the harness
breaks a scenario.`,
		Example: `  conformance selftest
  conformance selftest --all
  conformance selftest --defect stuck-in-resizing
  conformance selftest --html selftest.html
  conformance selftest --command 'benchmarks/newman/run {url}' --sample 3`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.foreign.check(cmd.Flags().Changed); err != nil {
				return err
			}
			return o.run(cmd.Context(), sys)
		},
	}
	cmd.Flags().BoolVar(&o.all, "all", false, "run the whole suite against every defect and variant, not a sample first; with --command: also against those that it does not meet")
	cmd.Flags().StringArrayVar(&o.defects, "defect", nil, "only the defect of this name, by the whole suite; may be repeated")
	o.foreign.flags(cmd)
	o.folderFlag(cmd)
	cmd.Flags().BoolVar(&o.list, "list", false, "list the defects and the variants, and run nothing")
	cmd.Flags().StringVar(&o.html, "html", "", "write the matrix of clauses, defects and scenarios to this file")
	cmd.Flags().IntVar(&o.runs, "runs", 0, "instead, run the suite so many times against the mock without a defect, shuffled anew each time")
	cmd.Flags().BoolVar(&o.passive, "passive", false, "judge the traffic of each suite as a recording, too, and count what that shows")
	cmd.Flags().StringVar(&o.traffic, "traffic", "", "write the traffic of each suite to this folder, one exchange a line")
	cmd.Flags().BoolVar(&o.json, "json", false, "print the score as JSON")
	o.language.flag(cmd, "the score and of the page of --html")
	cmd.Flags().Int64Var(&o.seed, "seed", 0, "shuffle the scenarios; 0: the order of the features")
	return cmd
}

func (o *selftestOptions) run(ctx context.Context, sys System) error {
	debug.SetGCPercent(gcPercent)
	c, from, err := sys.contract("")
	if err != nil {
		return err
	}
	if o.foreign.command != "" && from.folder == "" {
		return o.measure(ctx, sys, c)
	}
	all, _, err := o.read(c, from)
	if err != nil {
		return err
	}
	if from.folder != "" {
		if o.ofBuiltIn() {
			return usageError(errors.New("with another contract, the double that is derived from it is broken in every way: give no flag but --list and --features"))
		}
		return selftestDouble(ctx, sys, c, from, all, o.list)
	}
	if o.traffic != "" {
		if err := os.MkdirAll(o.traffic, 0o755); err != nil {
			return usageError(fmt.Errorf("--traffic: %w", err))
		}
	}
	options := selftest.Options{
		Contract: c, Suite: all, Defects: defects.All(), Variants: defects.Variants(),
		AtOnce: suitesAtOnce, Parallel: scenariosPerSuite, Seed: o.seed, Passive: o.passive, Traffic: o.traffic,
		All: o.all || o.traffic != "" || o.html != "" || len(o.defects) > 0,
	}
	if o.list {
		return harnessError(o.printList(sys, options))
	}
	if o.runs < 0 || o.runs > 0 && len(o.defects) > 0 {
		return usageError(fmt.Errorf("--runs %d: give 1 or more, and no --defect beside it", o.runs))
	}
	if o.runs > 0 {
		options.Defects, options.Variants, options.Runs, options.AtOnce = nil, nil, o.runs, shuffledAtOnce
	}
	if len(o.defects) > 0 {
		options.Variants = nil
		if options.Defects, err = defectsNamed(o.defects); err != nil {
			return usageError(err)
		}
	}
	progress := counter{to: sys.Err, in: language.Language(o.language), live: clearsLines(sys), total: len(options.Defects) + len(options.Variants) + options.Runs}
	options.Done = func(string) { progress.ended("{0} of {1} suites done") }
	score, err := selftest.Measure(ctx, options)
	progress.clear()
	if err != nil {
		return harnessError(err)
	}
	return o.conclude(sys, score)
}

// ofBuiltIn reports whether a flag was given that a derived double does not support.
func (o *selftestOptions) ofBuiltIn() bool {
	return len(o.defects) > 0 || o.foreign.command+o.html+o.traffic != "" || o.runs != 0 || o.seed != 0 || o.json || o.all || o.passive
}

// conclude writes the results of the self-test.
func (o *selftestOptions) conclude(sys System, score selftest.Score) error {
	if o.html != "" {
		if err := selftest.WriteHTML(o.html, score, report.Language(o.language)); err != nil {
			return usageError(err)
		}
	}
	if err := o.print(sys, score, len(o.defects) > 0); err != nil {
		return harnessError(err)
	}
	if len(score.Broken) > 0 {
		return &exitError{code: verdict.ExitHarness}
	}
	if !score.Passed() {
		return &exitError{code: verdict.ExitNonConformant}
	}
	return nil
}

// defectsNamed returns the defects with the given names.
func defectsNamed(names []string) ([]defects.Defect, error) {
	var named []defects.Defect
	for _, name := range names {
		d, err := defects.Named(name)
		if err != nil {
			return nil, err
		}
		named = append(named, d)
	}
	return named, nil
}

// printList lists the mocks that the suite can be run against.
func (o *selftestOptions) printList(sys System, options selftest.Options) error {
	if o.json {
		return printJSON(sys.Out, catalogueOf(options))
	}
	var rows [][]any
	for _, d := range options.Defects {
		rows = append(rows, []any{"defect", d.Name, d.Clause, d.Text})
	}
	for _, v := range options.Variants {
		rows = append(rows, []any{"variant", v.Name, v.Freedom, v.Text})
	}
	width := columnsOf(sys.Out)
	return table.Layout{Width: width, Columns: []int{0, width / 3, width / 4}}.Write(sys.Out, nil, rows)
}

// catalogue is what --list prints with --json.
type catalogue struct {
	Categories []string           `json:"categories"`
	Defects    []catalogueDefect  `json:"defects"`
	Variants   []catalogueVariant `json:"variants"`
}

type catalogueDefect struct {
	Name     string `json:"name"`
	Category string `json:"category"`
	Clause   string `json:"clause"`
	Text     string `json:"text"`
}

type catalogueVariant struct {
	Name    string `json:"name"`
	Freedom string `json:"freedom"`
	Text    string `json:"text"`
}

func catalogueOf(options selftest.Options) catalogue {
	c := catalogue{Categories: defects.Categories()}
	for _, d := range options.Defects {
		c.Defects = append(c.Defects, catalogueDefect{d.Name, d.Category(), d.Clause, d.Text})
	}
	for _, v := range options.Variants {
		c.Variants = append(c.Variants, catalogueVariant{v.Name, v.Freedom, v.Text})
	}
	return c
}

func (o *selftestOptions) print(sys System, score selftest.Score, detailed bool) error {
	if o.json {
		encoder := json.NewEncoder(sys.Out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(score)
	}
	out := scorePrinter{sys.Out, cmp.Or(report.Language(o.language), report.English)}
	for _, r := range score.Defects {
		if detailed || !r.Named {
			out.result(r)
		}
	}
	for _, r := range score.Variants {
		if r.Verdict != verdict.Conformant {
			out.result(r)
		}
	}
	if len(score.Defects) > 0 {
		out.line("detected", out.in.Say("{0} of {1} defects", score.Detected, len(score.Defects)))
		out.line("named", out.in.Say("{0} of {1} defects", score.Named, len(score.Defects)))
	}
	if score.Sampled > 0 {
		out.line("sampled", out.in.Say("{0} of them by a part of the suite, which named them: --all plays the whole suite against each", score.Sampled))
	}
	if len(score.Variants) > 0 {
		out.line("cleared", out.in.Say("{0} of {1} conformant mocks", score.Cleared, len(score.Variants)))
	}
	if o.passive {
		out.passive(score)
	}
	for _, b := range score.Broken {
		out.line("broken", report.Plain(b))
	}
	if len(score.Again) > 0 {
		out.line("again", out.in.Say("{0} of them: {1}", len(score.Again), strings.Join(score.Again, ", ")))
	}
	out.line("time", score.Duration.Round(100*time.Millisecond).String())
	return nil
}

// scorePrinter prints the score of a self-test in one language.
type scorePrinter struct {
	io.Writer
	in report.Language
}

// line prints a text after its name, which has its own column. Without a name, it continues the
// text above.
func (p scorePrinter) line(name, text string) {
	if name != "" {
		name = p.in.Say(name)
	}
	fmt.Fprintf(p, "%s%s\n", table.Pad(name, 10), text)
}

// passive prints what the traffic of the suites shows when judged as a recording.
func (p scorePrinter) passive(score selftest.Score) {
	p.line("passive", p.in.Say("{0} of {1} defects are named by their traffic alone, {2} more under a clause that they violate besides; {3} conformant mocks are accused by it",
		score.Seen, len(score.Defects), score.Besides, len(score.Accused)))
	for _, family := range score.Families() {
		p.line("", family.Source+"  "+p.in.Say("{0} of {1}, {2} more", family.Named, family.Defects, family.Besides))
	}
	for _, accused := range score.Accused {
		p.line("", accused)
	}
}

// result prints what the suite found for one mock.
func (p scorePrinter) result(r selftest.Result) {
	word := "accused"
	switch {
	case r.Clause == "" && r.Cleared():
		word = "cleared"
	case r.Clause == "":
	case r.Named:
		word = "named"
	case r.Detected:
		word = "misnamed"
	default:
		word = "survived"
	}
	p.line(word, r.Name+"  "+r.Clause)
	p.line("", fmt.Sprintf("%s (%s, %s)", r.Text, report.Verdict(r.Verdict, p.in), r.Duration.Round(time.Millisecond)))
	for _, f := range r.Findings {
		where := "{0} in {1}"
		if f.Unrelated {
			where = "unrelated: {0} in {1}"
		}
		p.line("", p.in.Say(where, f.Clause, p.some(f.Scenarios)))
		p.line("", "  "+report.Plain(f.Example))
	}
	for i, t := range r.Trouble {
		if i == 3 {
			p.line("", p.in.Say("and {0} more", len(r.Trouble)-i))
			break
		}
		p.line("", report.Plain(t))
	}
}

// some returns the first few items of a list.
func (p scorePrinter) some(list []string) string {
	const few = 3
	if len(list) <= few {
		return strings.Join(list, ", ")
	}
	return p.in.Say("{0} and {1} more", strings.Join(list[:few], ", "), len(list)-few)
}
