package target

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
)

// ways are the actions that may change a listed instance, and so bring it from one state to
// another.
type ways []lifecycle.Definition

// ways returns the actions that the configuration allows.
func (c Config) ways(api *contract.Contract) ways {
	var list ways
	for _, op := range api.Operations() {
		if d, has := api.Lifecycle(op); has && c.Allows(op.Action) && (len(c.Instances) == 0 || d.Kind == c.kind()) {
			list = append(list, d)
		}
	}
	return list
}

// valued returns the allowed action that sets a value, if there is one.
func (w ways) valued() (lifecycle.Definition, bool) {
	i := slices.IndexFunc(w, func(d lifecycle.Definition) bool { return d.Wanted != "" })
	if i < 0 {
		return lifecycle.Definition{}, false
	}
	return w[i], true
}

// between returns the action that leads from a status to one of several others and changes nothing
// else.
func (w ways) between(from string, to []string) (lifecycle.Definition, bool) {
	i := slices.IndexFunc(w, func(d lifecycle.Definition) bool {
		return d.Wanted == "" && slices.Contains(d.Start, from) && !slices.Contains(d.Start, d.End[0]) &&
			!slices.ContainsFunc(d.End, func(end string) bool { return !slices.Contains(to, end) })
	})
	if i < 0 {
		return lifecycle.Definition{}, false
	}
	return w[i], true
}

// leads reports whether a single action brings an instance from one status to another.
func (w ways) leads(from, to string) bool {
	_, has := w.between(from, []string{to})
	return has
}

// leadBack reports whether an instance has its old status, or can be led back to it, whatever
// status the called actions leave it in.
func (w ways) leadBack(status, old string, actions []string) bool {
	reached := []string{status}
	for at := 0; at < len(reached); at++ {
		if now := reached[at]; now != old && !w.leads(now, old) {
			return false
		}
		for _, d := range w {
			if slices.Contains(actions, d.Operation.Action) && slices.Contains(d.Start, reached[at]) {
				reached = slices.Concat(reached, slices.DeleteFunc(slices.Clone(d.End), func(end string) bool { return slices.Contains(reached, end) }))
			}
		}
	}
	return true
}

// ends reports whether an action ends in a status.
func (w ways) ends(status string) bool {
	return slices.ContainsFunc(w, func(d lifecycle.Definition) bool { return slices.Contains(d.End, status) })
}

// running reports whether a status shows a running change.
func (w ways) running(status string) bool {
	return slices.ContainsFunc(w, func(d lifecycle.Definition) bool { return slices.Contains(d.Transient, status) })
}

// fails reports whether a status proves that an action has failed.
func (w ways) fails(status string) bool {
	return slices.ContainsFunc(w, func(d lifecycle.Definition) bool { return slices.Contains(d.Failure, status) })
}

// next returns the action that brings an instance nearer to its original state. It restores the
// value first, because only some statuses allow changing it, and the status last. If no status that
// allows it can be reached, it tries to restore the value anyway, because the endpoint may allow
// it.
func (w ways) next(status string, changed bool, oldStatus string) (lifecycle.Definition, bool) {
	valued, has := w.valued()
	if !changed || !has {
		return w.between(status, []string{oldStatus})
	}
	if !slices.Contains(valued.Start, status) {
		if way, has := w.between(status, valued.Start); has {
			return way, true
		}
	}
	return valued, true
}
