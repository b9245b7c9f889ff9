package target

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
)

// ways are the actions that may change a listed instance, and so lead it from one state
// to another.
type ways []lifecycle.Definition

// ways returns those that the configuration allows.
func (c Config) ways(api *contract.Contract) ways {
	var list ways
	for _, op := range api.Operations() {
		if d, has := api.Lifecycle(op); has && c.Allows(op.Action) && (len(c.Instances) == 0 || d.Kind == c.kind()) {
			list = append(list, d)
		}
	}
	return list
}

// valued returns the action that asks for a value, if one is allowed.
func (w ways) valued() (lifecycle.Definition, bool) {
	i := slices.IndexFunc(w, func(d lifecycle.Definition) bool { return d.Wanted != "" })
	if i < 0 {
		return lifecycle.Definition{}, false
	}
	return w[i], true
}

// between returns the action that leads from a status to one of several, and changes
// nothing besides.
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

// leads reports whether an instance is brought from a status to another one, by one action.
func (w ways) leads(from, to string) bool {
	_, has := w.between(from, []string{to})
	return has
}

// leadBack reports whether an instance in a status has an old one again, or is led back to it, wherever
// actions that are called on it leave it.
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

// running reports whether a status is one of work under way.
func (w ways) running(status string) bool {
	return slices.ContainsFunc(w, func(d lifecycle.Definition) bool { return slices.Contains(d.Transient, status) })
}

// fails reports whether a status proves that an action has failed.
func (w ways) fails(status string) bool {
	return slices.ContainsFunc(w, func(d lifecycle.Definition) bool { return slices.Contains(d.Failure, status) })
}

// next returns the action that brings an instance nearer to its old state. The value comes
// first, since only some statuses allow to change it; the status last. Where no status that
// allows it can be reached, the value is asked for as things are: the endpoint may know better.
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
