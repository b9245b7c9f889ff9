package mock

import "strings"

// Filter is a parameter that narrows a listing to the instances that match.
type Filter struct {
	Name    string // of the parameter
	asked   func(p *Params) bool
	Matches func(p *Params, in *Instance) bool
}

// filters returns the filters of the read actions beside instanceIds (C). Each compares
// the whole value, but name, which is a fuzzy search: how fuzzy, no document says.
func filters() []Filter {
	return []Filter{
		equal("resourceGroupId", func(p *Params) string { return p.ResourceGroupID }, func(in *Instance) string { return in.ResourceGroupID }),
		equal("zoneId", func(p *Params) string { return p.ZoneID }, func(in *Instance) string { return in.ZoneID }),
		equal("imageId", func(p *Params) string { return p.ImageID }, func(in *Instance) string { return in.ImageID }),
		equal("status", func(p *Params) string { return p.Status }, func(in *Instance) string { return in.Status }),
		{
			Name:    "name",
			asked:   func(p *Params) bool { return p.Name != "" },
			Matches: func(p *Params, in *Instance) bool { return strings.Contains(in.Name, p.Name) },
		},
		equal("ipv4Address", func(p *Params) string { return p.Ipv4Address }, func(in *Instance) string { return in.IPv4Address }),
		equal("ipv6Address", func(p *Params) string { return p.Ipv6Address }, func(in *Instance) string { return in.IPv6Address }),
		{Name: "tagKeys", asked: func(p *Params) bool { return len(p.tagKeys) > 0 }, Matches: hasKey},
		{Name: "tags", asked: func(p *Params) bool { return len(p.tags) > 0 }, Matches: hasTag},
	}
}

func equal(name string, wanted func(*Params) string, has func(*Instance) string) Filter {
	return Filter{
		Name:    name,
		asked:   func(p *Params) bool { return wanted(p) != "" },
		Matches: func(p *Params, in *Instance) bool { return has(in) == wanted(p) },
	}
}

// list answers both read actions: one page of the instances that match, and how many
// there are. Ids that do not exist match nothing; an empty instanceIds is no filter.
func list(show row) Perform {
	return func(m *Mock, c *Call, p Params) Outcome {
		entries := m.Store.All()
		if len(p.InstanceIDs) > 0 {
			entries = m.Store.Named(p.InstanceIDs)
		}
		active := make([]Filter, 0, 8)
		for _, f := range m.Behaviour.Filters {
			if f.asked(&p) {
				active = append(active, f)
			}
		}
		total, rows := m.selected(entries, active, c, &p)
		return Outcome{Listing: true, Total: total, Rows: rows, Row: show}
	}
}

// selected counts the entries that pass the filters and returns those on the page.
func (m *Mock) selected(entries []*Entry, active []Filter, c *Call, p *Params) (total int, rows []Instance) {
	from, to := m.Behaviour.Page(p)
	rows = make([]Instance, 0, min(to-from, len(entries)))
	var in Instance // one for all: the filters are handed its address
	for _, e := range entries {
		r := e.Record.Load()
		if r == nil {
			continue
		}
		onPage := total >= from && total < to
		if !onPage && len(active) == 0 { // only counted: no need to look at it
			total++
			continue
		}
		in = m.Behaviour.Observe(r, c.Now)
		if !all(active, p, &in) {
			continue
		}
		if onPage {
			rows = append(rows, in)
		}
		total++
	}
	return total, rows
}

func all(filters []Filter, p *Params, in *Instance) bool {
	for _, f := range filters {
		if !f.Matches(p, in) {
			return false
		}
	}
	return true
}

// Page gives pages of pageSize, the first being number 1 (C). What is below 1 counts as 1.
func Page(p *Params) (from, to int) {
	size := max(p.PageSize, 1)
	from = (max(p.PageNum, 1) - 1) * size
	return from, from + size
}
