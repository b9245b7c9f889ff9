package mock

import "strings"

// Filter is a parameter that limits a listing to the instances that match.
type Filter struct {
	Name    string // of the parameter
	asked   func(p *Params) bool
	Matches func(p *Params, in *Instance) bool
}

// filters returns the filters of the read actions other than instanceIds (C). Each compares the
// whole value, except name, which is a fuzzy search; no document says how fuzzy.
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

// list answers both read actions with one page of the matching instances and their total. Unknown
// ids match nothing; an empty instanceIds is ignored.
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

// selected counts the entries that match the filters, and returns those on the page.
func (m *Mock) selected(entries []*Entry, active []Filter, c *Call, p *Params) (total int, rows []Instance) {
	from, to := m.Behaviour.Page(p)
	rows = make([]Instance, 0, min(to-from, len(entries)))
	var in Instance // shared by all entries, because filters receive its address
	for _, e := range entries {
		r := e.Record.Load()
		if r == nil {
			continue
		}
		onPage := total >= from && total < to
		if !onPage && len(active) == 0 { // it is only counted, so its state is not needed
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

// Page divides a listing into pages of pageSize, starting with page 1 (C). Numbers below 1 count as
// 1.
func Page(p *Params) (from, to int) {
	size := max(p.PageSize, 1)
	from = (max(p.PageNum, 1) - 1) * size
	return from, from + size
}
