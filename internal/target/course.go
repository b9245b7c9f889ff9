package target

import (
	"cmp"

	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/steps"
)

// course simulates the states of a target's instances during a sequential run at an endpoint that works.
// It chooses instances as a pool does, and sends nothing.
type course struct {
	Inventory
	now     map[string]string // the statuses of the instances used so far
	touched map[string]bool   // instances whose value was changed, and may differ from the original one
}

// Course implements schedule.Stock.
func (i Inventory) Course() schedule.Course {
	return &course{Inventory: i, now: map[string]string{}, touched: map[string]bool{}}
}

func (c *course) stands(in Listed) candidate {
	return candidate{standing{status: cmp.Or(c.now[in.ID], in.Status)}, c.touched[in.ID]}
}

// Cost implements schedule.Course.
func (c *course) Cost(needs steps.Needs) schedule.Cost {
	return c.cost(c.choose(needs, c.stands, nil))
}

func (c *course) cost(all []lending) (cost schedule.Cost) {
	for _, one := range all {
		listed := c.config.listed(one.ID)
		if one.route == isHome || one.route == isBroughtBy {
			cost.Back.Least += len(c.home(listed, standing{status: one.from}))
			cost.Back.Most += len(c.home(listed, standing{status: one.from, altered: c.touched[one.ID]}))
			one.from = listed.Status
		}
		if d, has := c.config.reach.between(one.from, []string{one.Status}); has && one.route >= isBrought {
			cost.Brought = append(cost.Brought, d.Operation.Action)
		}
	}
	return cost
}

// Play implements schedule.Course.
func (c *course) Play(needs steps.Needs, leaves []schedule.Leaving) schedule.Cost {
	all := c.choose(needs, c.stands, nil)
	cost := c.cost(all)
	for at, one := range all {
		if one.route == isHome || one.route == isBroughtBy {
			delete(c.touched, one.ID)
		}
		if c.now[one.ID] = one.Status; at < len(leaves) {
			c.now[one.ID] = leaves[at].Status
			c.touched[one.ID] = c.touched[one.ID] || leaves[at].Values > 0
		}
	}
	return cost
}

// Back implements schedule.Course.
func (c *course) Back() (back schedule.Range) {
	for id, now := range c.now {
		listed := c.config.listed(id)
		back.Least += len(c.home(listed, standing{status: now}))
		back.Most += len(c.home(listed, standing{status: now, altered: c.touched[id]}))
	}
	return back
}

// Longest implements schedule.Course.
func (c *course) Longest() (longest int) {
	for _, listed := range c.config.Instances {
		for status := range c.reached(listed.Status) {
			longest = max(longest, len(c.home(listed, standing{status: status, altered: true})))
		}
	}
	return longest
}

// reached returns a status and those into which allowed actions bring an instance from it.
func (c *course) reached(from string) map[string]bool {
	all := map[string]bool{from: true}
	for _, d := range c.config.reach {
		if end := ending(d); end != "" && c.config.reach.leads(from, end) {
			all[end] = true
		}
	}
	return all
}
