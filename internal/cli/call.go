package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/typo"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// maxData is the limit for data from stdin, in bytes.
const maxData = 1 << 20

type callOptions struct {
	targetOptions
	data  string
	watch bool
	sign  bool
}

func newCall(sys System) *cobra.Command {
	var o callOptions
	cmd := &cobra.Command{
		Use:   "call ACTION",
		Short: "Send one request by hand, and judge its answer",
		Long: `Sign one request, send it, print the answer, and judge it by the contract. The
call is refused where a run's would be. What it changes is noted in the journal,
so that cleanup can restore it.

Exit code 0 when nothing is wrong with the answer, 1 with a finding, 3 when the
answer says nothing about the endpoint.`,
		Example: `  conformance call DescribeInstancesStatus --target staging --data '{"instanceIds":["ins-1"]}'
  conformance call ModifyInstanceType --target staging --data '{"instanceId":"ins-1","instanceType":"z2a.cpu.4"}' --watch
  jq -n '{pageSize: 10}' | conformance call DescribeInstances --target staging --data -`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), sys, args[0]) },
	}
	o.flags(cmd)
	o.languageFlag(cmd)
	cmd.Flags().BoolVar(&o.sign, "sign", false, "send nothing, print the header of the signed request for curl --header @-; not for what could change an instance")
	cmd.Flags().StringVar(&o.data, "data", "{}", "the body, or - to read it from stdin")
	cmd.Flags().BoolVar(&o.watch, "watch", false, "follow what an accepted call changes to its end; not for what only reads")
	return cmd
}

func (o *callOptions) run(ctx context.Context, sys System, action string) (err error) {
	if o.target == "" && o.endpoint == "" {
		return usageError(errors.New("no target named: choose one of the configuration file with --target; conformance mock serves one to try"))
	}
	c, _, err := sys.contractOf(&o.targetOptions)
	if err != nil {
		return err
	}
	req, err := o.request(sys, c, action)
	if err != nil {
		return err
	}
	if o.watch && req.Effect == wire.Reads {
		return usageError(fmt.Errorf("--watch: %s changes nothing that could be followed: leave --watch out", action))
	}
	remote, err := o.open(sys, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, harnessError(remote.Close())) }()
	if o.sign {
		return o.printHeader(sys, remote, req)
	}
	types, err := remote.ByHand(ctx, req)
	var exchanges []wire.Exchange
	if err == nil {
		exchanges, err = remote.Client.Do(ctx, req, nil)
	}
	if err != nil {
		return o.notSent(err)
	}
	say := speaker{sys.Out, o.in()}
	findings := showExchanges(say, c, remote.Client, exchanges)
	last := exchanges[len(exchanges)-1]
	accepted := last.Judgeable() && wire.ReadAnswer(*last.Received).Succeeded()
	if accepted && o.watch && len(types) > 0 {
		more, err := follow(ctx, say, c, remote, change{types, last})
		if err != nil {
			return o.notLooked(remote, slices.Sorted(maps.Keys(types))[0], err)
		}
		findings = append(findings, more...)
	}
	for _, id := range slices.Sorted(maps.Keys(types)) {
		if err := o.after(ctx, sys, remote, id); err != nil {
			return err
		}
	}
	return concluded(say, last, findings)
}

// printHeader prints the header that signs a request, so that another program can send it.
func (o *callOptions) printHeader(sys System, remote *target.Remote, req wire.Request) error {
	if req.Effect != wire.Reads {
		kind, _ := remote.Words()
		return usageError(fmt.Errorf("--sign: %s could change %s, and what another program changes nobody restores: leave --sign out", req.Operation.Action, lifecycle.A(kind)))
	}
	req.Auth.Scheme = wire.SchemeHMAC // curl gets a token from its variable
	header, err := remote.Client.Sign(req)
	if err != nil {
		return usageError(fmt.Errorf("--sign: %w", err))
	}
	if isTerminal(sys.Out) {
		return usageError(errors.New("--sign: the header holds a signature that is good for five minutes: pipe it into what sends it, as curl --header @-"))
	}
	out := unredacted(sys.Out)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fmt.Fprintf(out, "%s: %s\n", name, value)
		}
	}
	return nil
}

// notSent explains an error that occurred before there was an answer.
func (o *callOptions) notSent(err error) error {
	if refused := (*guard.Refusal)(nil); errors.As(err, &refused) {
		return usageError(err)
	}
	return &exitError{code: verdict.ExitInconclusive, err: err}
}

// request builds the request.
func (o *callOptions) request(sys System, c *contract.Contract, action string) (wire.Request, error) {
	body := []byte(o.data)
	if o.data == "-" {
		var err error
		if body, err = io.ReadAll(io.LimitReader(sys.In, maxData+1)); err != nil {
			return wire.Request{}, usageError(fmt.Errorf("--data -: %w", err))
		}
		if len(body) > maxData {
			return wire.Request{}, usageError(fmt.Errorf("--data -: more than %d bytes", maxData))
		}
	}
	req := wire.Request{Body: body}
	op, known := c.Operation(action)
	if !known { // the effect of an unknown action cannot be predicted
		var names []string
		for _, op := range c.Operations() {
			names = append(names, op.Action)
		}
		if meant, near := typo.Meant(action, names); near {
			return req, usageError(fmt.Errorf("the contract has no action %q: did you mean %s?", action, meant))
		}
		return req, usageError(fmt.Errorf("the contract has no action %q: it has %s", action, strings.Join(names, ", ")))
	}
	req.Operation, req.Effect = op, wire.Reads
	if c.Changes(op) {
		req.Effect = wire.Changes
	}
	return req, nil
}

// showExchanges prints each answer and returns its findings.
func showExchanges(say speaker, c *contract.Contract, sender *client.Client, exchanges []wire.Exchange) []verdict.Finding {
	out, judge := say.to, c.NewJudge()
	judge.Clean = sender.RedactText
	var findings []verdict.Finding
	for _, e := range exchanges {
		findings = append(findings, judge.Exchange(e).Findings...)
		e = sender.Redact(e)
		if e.Received == nil {
			say.line("no answer: {0}: {1}", e.Cause, report.Plain(e.Detail))
			continue
		}
		fmt.Fprintf(out, "%s %d %s\n", report.Plain(e.Received.Proto), e.Received.Status, http.StatusText(e.Received.Status))
		for _, name := range slices.Sorted(maps.Keys(e.Received.Header)) {
			fmt.Fprintf(out, "| %s: %s\n", report.Plain(name), report.Plain(strings.Join(e.Received.Header[name], ", ")))
		}
		fmt.Fprintln(out, "|")
		for line := range strings.Lines(indented(e.Received.Body)) {
			fmt.Fprintf(out, "| %s\n", report.Plain(strings.TrimRight(line, "\r\n")))
		}
	}
	return findings
}

// indented formats a body for display: JSON with one line per member.
func indented(body []byte) string {
	var value json.RawMessage
	if json.Unmarshal(body, &value) != nil {
		return string(body)
	}
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return string(body)
	}
	return string(text)
}

// change is a call on listed instances.
type change struct {
	values   map[string]string // the previous value of each instance, by id
	exchange wire.Exchange
}

// after reads what became of an instance, and says how its original type can be restored.
func (o *callOptions) after(ctx context.Context, sys System, remote *target.Remote, id string) error {
	was, is, err := remote.Unchanged(ctx, id)
	if err != nil {
		return o.notLooked(remote, id, err)
	}
	if _, open := remote.Left()[id]; open {
		kind, value := remote.Words()
		now, again := changed(was, is, language.Word(value))
		fmt.Fprintln(sys.Out, report.Plain(o.in().Say("{0} {1} {2}; {3} gives it {4} again", language.Word(kind), id, now, o.command("cleanup"), again)))
	}
	return nil
}

// notLooked says that it is unknown what became of an instance, and how its original type can be
// restored.
func (o *callOptions) notLooked(remote *target.Remote, instance string, err error) error {
	if old, open := remote.Left()[instance]; open {
		kind, value := remote.Words()
		err = o.in().Error(language.Because(err, "{0}; {1} gives {2} {3} {4} {5} again", language.OfError(err), o.command("cleanup"), language.Word(kind), instance, language.Word(value), old))
	}
	return o.notSent(err)
}

// changed describes the current state of an instance and the state to restore, including the status
// if it differs.
func changed(was, is target.Shown, value language.Phrase) (now, again language.Phrase) {
	if was.Type == "" && was.Status != "" { // only the status is restored
		return language.Said("is {0}", is.Status), language.Said("{0} {1}", value, was.Status)
	}
	if was.Status == "" || is.Status == was.Status {
		return language.Said("has {0} {1}", value, is.Type), language.Said("{0} {1}", value, was.Type)
	}
	return language.Said("has {0} {1} and is {2}", value, is.Type, is.Status), language.Said("{0} {1} and status {2}", value, was.Type, was.Status)
}

// concluded prints the findings and returns the exit code of the command.
func concluded(say speaker, last wire.Exchange, findings []verdict.Finding) error {
	broken := false
	for _, f := range findings {
		say.line("finding  {0}", report.Plain(f.Error()))
		broken = broken || f.Level != verdict.Should
	}
	switch {
	case broken:
		return &exitError{code: verdict.ExitNonConformant}
	case !last.Judgeable():
		say.line("not judged  {0}: {1}", last.Cause, report.Plain(last.Detail))
		return &exitError{code: verdict.ExitInconclusive}
	}
	say.line("no finding")
	return nil
}
