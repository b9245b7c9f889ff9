package steps

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// superseded returns the superseded pair that an answer bears, and whether its reason can
// hold as far as reads show. It is nil when the answer bears none.
func (re *responses) superseded(a *Answer) (pair *verdict.Superseded, holds bool) {
	i := slices.IndexFunc(re.contract.Superseded, func(s verdict.Superseded) bool {
		return s.Operation == a.Operation && s.Status == a.Status && s.Code == a.Code
	})
	if i < 0 {
		return nil, false
	}
	pair = &re.contract.Superseded[i]
	d := re.contract.Lifecycles[a.Operation.Action]
	var asked map[string]any
	if re.answer == a && json.Unmarshal(re.request.Body, &asked) != nil {
		return pair, false // a reason takes parameters that can be read
	}
	named, _ := asked[d.Subject].(string)
	wanted, _ := asked[d.Wanted].(string)
	held := re.held()
	at := slices.IndexFunc(held, func(inst Instance) bool { return inst.ID == named })
	if re.answer != a && len(held) > 0 {
		at, wanted = 0, re.before[held[0].ID].values[d.Changed.Field] // one of several calls at once: what it named is not kept
	}
	if at < 0 {
		return pair, false
	}
	was, read := re.before[held[at].ID]
	switch pair.Holds {
	case verdict.HoldsForType:
		return pair, wanted != "" && wanted != re.fixture.AbsentType
	case verdict.HoldsForSameType:
		has := was.values[d.Changed.Field]
		return pair, wanted != "" && (wanted == has || held[at].typeUnknown(has))
	case verdict.HoldsRecycled:
		return pair, !read || slices.Contains(d.Recycled, was.status)
	}
	return pair, true
}

// openRefusal makes a scenario inconclusive: its call should succeed, and was refused with a
// superseded error (protocol 9).
func openRefusal(pair *verdict.Superseded) error {
	return &Inconclusive{Cause: wire.CauseSuperseded, Reason: fmt.Sprintf("%s: %s, which only an older edition documents", wire.CauseSuperseded, pair)}
}

// eitherOf reports whether an answer is right although none of the wanted pairs: another
// error applies, and so may the reason of a superseded pair. A caller who is not known is
// told nothing of an instance.
func (re *responses) eitherOf(a *Answer, wanted []verdict.Pair) bool {
	pair, holds := re.superseded(a)
	if pair == nil || !holds || slices.ContainsFunc(wanted, func(p verdict.Pair) bool { return p.Status == http.StatusUnauthorized }) {
		return false
	}
	re.session.Choice(re.rule(), pair.String())
	return true
}

// refusedForSameType wants a documented 4xx error in answer to a change to the current type, or the
// superseded error for that case.
func (re *responses) refusedForSameType(a *Answer) error {
	pair, holds := re.superseded(a)
	switch {
	case pair == nil || !holds:
		return re.documented(within("4xx"), false, "success (200) or a documented 4xx error")
	case pair.Holds == verdict.HoldsForSameType:
		re.session.Choice(re.rule(), pair.String())
		return nil
	}
	return openRefusal(pair)
}
