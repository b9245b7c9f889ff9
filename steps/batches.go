package steps

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The sentences about actions that take several instances. Their answer may list some of them as
// failed.
func batchSentences() []Sentence {
	return []Sentence{
		say(`{action} is called on the first (?:one|of them)`, `对其中第一台实例调用 {action}`,
			func(w *World) any { return w.isCalledOnTheFirst }, onInstance).describing(namesSubject, namesFirst, inSeries(1)),
		say(`it is refused with {refusal}, or listed as failed{beside}`, `返回{refusal}，或在响应中列为失败{beside}`,
			func(w *World) any { return w.isRefusedOrFailed }, besideToo).describing(wants("200"), wantsRefusal).
			formerly(`it is refused with {refusal}, or named as failed{beside}`),
		say(`the invalid ones are listed as failed and the others are carried out, or it is refused with {refusal} and nothing changes`,
			`其中无效的实例列为失败，其余得以执行，或返回{refusal}(?:，| |)且不改变任何实例`,
			func(w *World) any { return w.badOnesFail }, nil).describing(wants("200"), wantsRefusal).
			formerly(`the bad ones are named as failed and the others go through, or it is refused with {refusal} and nothing changes`),
	}
}

// besides say what else a call names that fails.
func besides() []wording {
	return []wording{{}, {en: ", as is the other one", zh: "，另一台实例亦然"}}
}

// besideToo marks the sentence about two instances as played only where generated requests are
// allowed, because the change that runs meanwhile has a cost.
func besideToo(n *Needs, args []string) { n.Generated = n.Generated || args[1] != "" }

// batches call an action on several instances.
type batches struct{ *changes }

// namesFirst marks a call that names only the first instance.
func namesFirst(s *Metadata, _ []string) { s.Alone = true }

var onePair = regexp.MustCompile(`(\d{3}) ([A-Z][A-Z0-9_]+)`)

// pairsIn returns the error responses named in a text. Operation and clause are not set.
func pairsIn(text string) []verdict.Pair {
	var pairs []verdict.Pair
	for _, m := range onePair.FindAllStringSubmatch(text, -1) {
		pairs = append(pairs, verdict.Pair{Status: count(m[1]), Code: m[2]})
	}
	return pairs
}

// wantsRefusal adds the errors that the step allows: the ones it names, or any documented 4xx.
func wantsRefusal(s *Metadata, args []string) {
	pairs := pairsIn(args[0])
	if len(pairs) == 0 {
		wants("4xx")(s, nil)
	}
	for _, p := range pairs {
		wants(fmt.Sprint(p.Status))(s, nil)
		takes(p.Status, p.Code)(s, nil)
	}
}

// isCalledOnTheFirst calls an action on the first instance only, even if the action takes several.
func (b *batches) isCalledOnTheFirst(ctx context.Context, action string) error {
	b.alone = true
	return b.isCalled(ctx, action)
}

// isRefusedOrFailed does the same as refusedOrFailed, which expects every instance of the call to
// be listed, the other one as well.
func (b *batches) isRefusedOrFailed(ctx context.Context, refusal, _ string) error {
	return b.refusedOrFailed(ctx, refusal)
}

// refusedOrFailed checks for a refusal, or for a success that lists every instance of the call as
// failed. Another step checks that the instances did not change.
func (b *batches) refusedOrFailed(_ context.Context, refusal string) error {
	if done, err := b.allFailed(); done || err != nil {
		return err
	}
	named := pairsIn(refusal)
	if len(named) == 0 {
		if b.eitherOf(b.answer, nil) {
			return nil
		}
		return b.documented(within("4xx"), false, "a documented 4xx error, or the "+cmp.Or(b.definition().Kind, ofInstances)+" named as failed")
	}
	var pairs []verdict.Pair
	for _, p := range named {
		pairs = append(pairs, b.pairs(p.Status, p.Code)...)
	}
	return b.oneOf(pairs)
}

// badOnesFail judges a call with valid and invalid instances. Either the answer lists exactly the
// invalid ones as failed and the others are changed, or the call is refused and nothing changes.
func (b *batches) badOnesFail(ctx context.Context, refusal string) error {
	a, err := b.last()
	if err != nil {
		return err
	}
	c := b.change
	if c == nil {
		return errNoChange
	}
	if !a.Succeeded() {
		if err := b.refusedOrFailed(ctx, refusal); err != nil {
			return err
		}
		return b.unchanged(ctx, b.contract.Role(roleUnchanged, c.action()), b.held())
	}
	bad, clause := b.bad(c), b.contract.Role(roleBatch, c.action())
	failed := c.failed()
	for _, inst := range bad {
		if !slices.Contains(failed, inst.ID) {
			return b.missed(a, clause, "/response/"+c.definition.Failed, strings.Join(ids(bad), ", "), listed(failed))
		}
	}
	if i := slices.IndexFunc(failed, func(id string) bool { return !slices.Contains(ids(c.instances), id) }); i >= 0 {
		return b.missed(a, clause, "/response/"+c.definition.Failed, "ids of the call", failed[i])
	}
	b.session.Choice(clause, "success (200) with the failed ones named")
	if err := b.goesThroughItsLifecycle(ctx); err != nil {
		return err
	}
	return b.unchanged(ctx, clause, slices.DeleteFunc(bad, func(i Instance) bool { return i.Absent }))
}

// bad returns the instances that the call cannot change: unknown ones, and those whose status does
// not allow the action.
func (rd *readings) bad(c *change) []Instance {
	return slices.DeleteFunc(slices.Clone(c.instances), func(inst Instance) bool {
		return !inst.Absent && slices.Contains(c.definition.Start, rd.before[inst.ID].status)
	})
}

// listed formats a list of ids for a finding.
func listed(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// allSentFailed does the same as allFailed for a call with made-up ids.
func (b *batches) allSentFailed(a *Answer) bool {
	d := b.contract.Lifecycles[a.Operation.Action]
	var sent map[string]json.RawMessage
	var named []string
	if d.Failed == "" || json.Unmarshal(b.request.Body, &sent) != nil || json.Unmarshal(sent[d.Subject], &named) != nil {
		return false
	}
	failed := a.Strings(d.Failed)
	return len(named) > 0 && !slices.ContainsFunc(named, func(id string) bool { return !slices.Contains(failed, id) })
}

// allFailed reports whether the last answer is a success that lists every instance of the call as
// failed. In that case nothing was carried out.
func (b *batches) allFailed() (bool, error) {
	a, err := b.last()
	if err != nil || !a.Succeeded() {
		return false, err
	}
	c := b.change
	if b.meanwhile != nil && b.meanwhile.answer == a {
		c = b.meanwhile
	}
	if c == nil || c.answer == nil || c.answer.Exchange != a.Exchange {
		return b.allSentFailed(a), nil
	}
	failed := c.failed()
	for _, inst := range c.instances {
		if !slices.Contains(failed, inst.ID) {
			return false, nil
		}
	}
	b.session.Choice(b.rule(), fmt.Sprintf("success (200) with %s in %s", strings.Join(ids(c.instances), ", "), c.definition.Failed))
	return true, nil
}
