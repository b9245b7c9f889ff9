package target

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/steps"
)

// standing is the state in which the last scenario left a listed instance.
type standing struct {
	status  string
	altered bool // it has another value than the run began with
}

// candidate is the current state of a listed instance.
type candidate struct {
	standing
	called bool // for a change of its value, since it was restored last
}

// route says how an instance gets into the status that a scenario needs.
type route int

// The routes, the cheapest first. An instance has to be restored once in any case, but an action that brings it
// into another status also has to be undone.
const (
	isThere     route = iota // it is in that status
	isHome                   // it comes back to the status in which it is listed
	isBrought                // an action brings it there
	isBroughtBy              // it comes back first, then an action brings it there
	noRoute
)

// lending is an instance chosen for one of the needs of a scenario.
type lending struct {
	steps.Instance        // as the scenario gets it
	from           string // the status in which it is
	route          route
}

// moved returns how many instances have to be brought into the needed statuses.
func moved(all []lending) (count int) {
	for _, one := range all {
		if one.route != isThere {
			count++
		}
	}
	return count
}

// choose finds instances for all needs at once, in their current state, or returns nil. It prefers instances that are in
// the needed status, then those that return to their listed one, and brings as few as possible into another status.
func (i Inventory) choose(needs steps.Needs, stands func(Listed) candidate, taken map[string]bool) []lending {
	found := make([]lending, len(needs.Instances))
	used, left := map[string]bool{}, len(found)
	for wanted := isThere; wanted < noRoute; wanted++ {
		for at, need := range needs.Instances {
			if found[at].ID != "" {
				continue
			}
			in, has := i.best(needs, need, wanted, stands, func(in Listed) bool { return used[in.ID] || taken[in.ID] })
			if !has {
				continue
			}
			used[in.ID], left = true, left-1
			found[at] = lent(in, need, stands(in).standing, wanted)
		}
	}
	if left == 0 {
		return found
	}
	return i.asListed(needs, stands, taken)
}

// asListed finds instances as if each were in its listed status. An instance that is not is restored first.
func (i Inventory) asListed(needs steps.Needs, stands func(Listed) candidate, taken map[string]bool) []lending {
	matched, short := i.match(needs.Instances, needs.Changes, taken)
	if short != nil {
		return nil
	}
	found := make([]lending, len(matched))
	for at, in := range matched {
		listed := i.config.listed(in.ID)
		found[at] = lent(listed, needs.Instances[at], stands(listed).standing, i.routeOf(listed, needs.Instances[at], stands(listed).standing, needs.Changes))
	}
	return found
}

func lent(in Listed, need steps.Need, stands standing, by route) lending {
	return lending{steps.Instance{ID: in.ID, Kind: in.Kind, Status: need.Status, GPU: in.GPU}, stands.status, by}
}

// best returns the instance for a need and a route that causes the fewest changes later. Changes of value go to an
// instance whose value was changed before, because the next change may restore it; the same holds for the status.
func (i Inventory) best(needs steps.Needs, need steps.Need, wanted route, stands func(Listed) candidate, taken func(Listed) bool) (found Listed, has bool) {
	worth := func(in Listed) int {
		s, sum := stands(in), 0
		if s.called == (needs.Resizable > 0) {
			sum += 2
		}
		if s.status != in.Status {
			sum++
		}
		return sum
	}
	for _, in := range i.config.Instances {
		if taken(in) || has && worth(in) <= worth(found) || i.routeOf(in, need, stands(in).standing, needs.Changes) != wanted {
			continue
		}
		found, has = in, true
	}
	return found, has
}

// routeOf returns the route by which an instance serves a need of a scenario that calls some actions.
func (i Inventory) routeOf(in Listed, need steps.Need, now standing, actions []string) route {
	reach := i.config.reach
	switch {
	case in.Kind != need.Kind || in.GPU != need.GPU || !reach.leadBack(need.Status, in.Status, actions):
		return noRoute
	case now.status == need.Status:
		return isThere
	case in.Status == need.Status:
		return isHome
	case reach.leads(now.status, need.Status):
		return isBrought
	case reach.leads(in.Status, need.Status):
		return isBroughtBy
	}
	return noRoute
}

// home returns the actions that restore the original state of an instance.
func (i Inventory) home(in Listed, now standing) (actions []string) {
	for len(actions) < longestWay {
		d, has := i.config.reach.next(now.status, now.altered, in.Status)
		if !has || now == (standing{status: in.Status}) {
			break
		}
		actions = append(actions, d.Operation.Action)
		now.status, now.altered = cmp.Or(ending(d), now.status), now.altered && d.Wanted == ""
	}
	return actions
}

// longestWay limits the actions that restore an instance: another status, the value, the old status.
const longestWay = 3

// ending returns the status in which an action ends, or "" if there are several.
func ending(d lifecycle.Definition) string {
	if len(slices.Compact(slices.Clone(d.End))) == 1 {
		return d.End[0]
	}
	return ""
}
