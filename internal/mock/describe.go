package mock

import "strings"

// filter is a parameter that narrows a listing to the instances that match.
type filter struct {
	name    string // of the parameter
	asked   func(p *params) bool
	matches func(p *params, in *Instance) bool
}

// filters returns the filters of the read actions beside instanceIds (C). Each compares
// the whole value, but name, which is a fuzzy search: how fuzzy, no document says.
func filters() []filter {
	return []filter{
		equal("resourceGroupId", func(p *params) string { return p.resourceGroupID }, func(in *Instance) string { return in.ResourceGroupID }),
		equal("zoneId", func(p *params) string { return p.zoneID }, func(in *Instance) string { return in.ZoneID }),
		equal("imageId", func(p *params) string { return p.imageID }, func(in *Instance) string { return in.ImageID }),
		equal("status", func(p *params) string { return p.status }, func(in *Instance) string { return in.Status }),
		{
			name:    "name",
			asked:   func(p *params) bool { return p.name != "" },
			matches: func(p *params, in *Instance) bool { return strings.Contains(in.Name, p.name) },
		},
		equal("ipv4Address", func(p *params) string { return p.ipv4Address }, func(in *Instance) string { return in.IPv4Address }),
		equal("ipv6Address", func(p *params) string { return p.ipv6Address }, func(in *Instance) string { return in.IPv6Address }),
		{name: "tagKeys", asked: func(p *params) bool { return len(p.tagKeys) > 0 }, matches: hasKey},
		{name: "tags", asked: func(p *params) bool { return len(p.tags) > 0 }, matches: hasTag},
	}
}

func equal(name string, wanted func(*params) string, has func(*Instance) string) filter {
	return filter{
		name:    name,
		asked:   func(p *params) bool { return wanted(p) != "" },
		matches: func(p *params, in *Instance) bool { return has(in) == wanted(p) },
	}
}

// list answers both read actions: one page of the instances that match, and how many
// there are. Ids that do not exist match nothing; an empty instanceIds is no filter.
func list(show row) perform {
	return func(m *Mock, c *call, p params) outcome {
		entries := m.store.all()
		if len(p.instanceIDs) > 0 {
			entries = m.store.named(p.instanceIDs)
		}
		active := make([]filter, 0, 8)
		for _, f := range m.behaviour.filters {
			if f.asked(&p) {
				active = append(active, f)
			}
		}
		total, rows := m.selected(entries, active, c, &p)
		return outcome{listing: true, total: total, rows: rows, row: show}
	}
}

// selected counts the entries that pass the filters and returns those on the page.
func (m *Mock) selected(entries []*entry, active []filter, c *call, p *params) (total int, rows []Instance) {
	from, to := m.behaviour.page(p)
	rows = make([]Instance, 0, min(to-from, len(entries)))
	var in Instance // one for all: the filters are handed its address
	for _, e := range entries {
		r := e.record.Load()
		if r == nil {
			continue
		}
		onPage := total >= from && total < to
		if !onPage && len(active) == 0 { // only counted: no need to look at it
			total++
			continue
		}
		in = m.behaviour.observe(r, c.now)
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

func all(filters []filter, p *params, in *Instance) bool {
	for _, f := range filters {
		if !f.matches(p, in) {
			return false
		}
	}
	return true
}

// page gives pages of pageSize, the first being number 1 (C). What is below 1 counts as 1.
func page(p *params) (from, to int) {
	size := max(p.pageSize, 1)
	from = (max(p.pageNum, 1) - 1) * size
	return from, from + size
}
