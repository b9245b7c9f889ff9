package steps

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// superseded returns the superseded pair in an answer, or nil if there is none. holds reports
// whether the pair's reason can apply, as far as reads show.
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
		return pair, false // judging a reason requires parameters that can be read
	}
	named, _ := asked[d.Subject].(string)
	wanted, _ := asked[d.Wanted].(string)
	held := re.held()
	at := slices.IndexFunc(held, func(inst Instance) bool { return inst.ID == named })
	if re.answer != a && len(held) > 0 {
		at, wanted = 0, re.before[held[0].ID].values[d.Changed.Field] // one of several simultaneous calls, whose parameters are not kept
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

// openRefusal makes a scenario inconclusive because a call that should succeed was refused with a
// superseded error (protocol 9).
func openRefusal(pair *verdict.Superseded) error {
	return &Inconclusive{Cause: wire.CauseSuperseded, Reason: fmt.Sprintf("%s: %s, which only an older edition documents", wire.CauseSuperseded, pair)}
}

// eitherOf reports whether an answer is right although it is none of the wanted pairs: the reason
// of a superseded pair may apply as well. It never is where a 401 is wanted, because an unknown
// caller must learn nothing about an instance.
func (re *responses) eitherOf(a *Answer, wanted []verdict.Pair) bool {
	pair, holds := re.superseded(a)
	if pair == nil || !holds || slices.ContainsFunc(wanted, func(p verdict.Pair) bool { return p.Status == http.StatusUnauthorized }) {
		return false
	}
	re.session.Choice(re.rule(), pair.String())
	return true
}

// refusedForSameType checks for a documented 4xx error in answer to a change to the current type,
// or for the superseded error of that case.
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
