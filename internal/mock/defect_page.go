package mock

import (
	"slices"
	"sync/atomic"

	"github.com/tidwall/gjson"
)

// pageDefects get paging and its limits wrong.
func pageDefects() []Defect {
	return append(limitDefects(), []Defect{
		{"status-page-number-ignored", "C-STATUS-PAGE", "DescribeInstancesStatus gives the first page, whatever pageNum says.",
			nil, taking(describeStatus, "pageNum", func(t *parameter) { t.set = func(*params, gjson.Result) {} })},
		{"status-page-size-ignored", "C-STATUS-PAGE", "DescribeInstancesStatus gives twenty rows, whatever pageSize says.",
			[]string{"C-STATUS-PAGE-SIZE"}, // it states the parameter
			taking(describeStatus, "pageSize", func(t *parameter) { t.set = func(*params, gjson.Result) {} })},
		{"status-page-zero-based", "C-STATUS-PAGE", "DescribeInstancesStatus counts its pages from 0 when they are named.",
			nil, taking(describeStatus, "pageNum", func(t *parameter) {
				t.set = func(p *params, v gjson.Result) { p.pageNum = whole(v) + 1 }
			})},
		{"status-page-overshoots", "C-STATUS-PAGE", "DescribeInstancesStatus gives one row more than asked for, having looked whether there is a next page.",
			[]string{"C-STATUS-PAGE-DEFAULT"}, // the page of the default size is one row too long as well
			performing(describeStatus, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, p params) outcome {
					o := next(m, c, p)
					if o.total > p.pageNum*p.pageSize {
						p.pageNum, p.pageSize = p.pageNum*p.pageSize+1, 1
						o.rows = append(o.rows, next(m, c, p).rows...)
					}
					return o
				}
			})},
		{"status-page-by-row", "C-STATUS-PAGE", "The pageNum of DescribeInstancesStatus counts rows to skip: pages overlap.",
			nil, performing(describeStatus, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, p params) outcome { return sliced(next, m, c, p, max(p.pageNum, 1)-1) }
			})},
		{"status-page-after-last-repeats", "C-STATUS-PAGE", "The page of DescribeInstancesStatus after the last is the last once more.",
			nil, performing(describeStatus, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, p params) outcome {
					o := next(m, c, p)
					if last := (o.total + p.pageSize - 1) / max(p.pageSize, 1); len(o.rows) == 0 && p.pageNum > last && last > 0 {
						p.pageNum = last
						o = next(m, c, p)
					}
					return o
				}
			})},
		{"instances-page-loses-last-row", "C-INSTANCES-PAGE", "A page of DescribeInstances lacks its last row when another page follows.",
			nil, selecting(describeInstances, func(o *outcome, p params) {
				if o.total > p.pageNum*p.pageSize && len(o.rows) > 1 {
					o.rows = o.rows[:len(o.rows)-1]
				}
			})},
		{"instances-page-unsorted", "C-INSTANCES-PAGE", "Each page of DescribeInstances is cut from another order.",
			nil, counted(func(count *atomic.Int64) injection {
				return performing(describeInstances, func(_ *Mock, next perform) perform {
					return func(m *Mock, c *call, p params) outcome { return rotated(next, m, c, p, int(count.Add(1))) }
				})
			})},
		{"instances-last-page-empty", "C-INSTANCES-PAGE", "The last page of DescribeInstances is empty unless it is full.",
			nil, selecting(describeInstances, func(o *outcome, p params) {
				if p.pageNum > 1 && len(o.rows) < p.pageSize {
					o.rows = nil
				}
			})},
		{"instances-page-size-ignored", "C-INSTANCES-PAGE", "DescribeInstances gives all rows, whatever pageSize says.",
			[]string{"C-INSTANCES-PAGE-SIZE", "D-INSTANCES-PAGE-DEFAULT"}, // they state the parameter
			asking(describeInstances, func(p *params) { p.pageSize, p.pageNum = maxPageSize, 1 })},

		{"status-default-page-endless", "C-STATUS-PAGE-DEFAULT", "Without pageSize, DescribeInstancesStatus gives all rows.",
			nil, defaulting(describeStatus, maxPageSize)},
		{"status-default-page-10", "C-STATUS-PAGE-DEFAULT", "Without pageSize, DescribeInstancesStatus gives pages of ten.",
			nil, defaulting(describeStatus, 10)},
		{"status-default-page-25", "C-STATUS-PAGE-DEFAULT", "Without pageSize, DescribeInstancesStatus gives pages of twenty-five.",
			nil, defaulting(describeStatus, 25)},
	}...)
}

// everything asks a read action for all rows at once.
func everything(next perform, m *Mock, c *call, p params) outcome {
	p.pageNum, p.pageSize = 1, len(m.store.all())+1
	return next(m, c, p)
}

// sliced gives a page that begins at a row.
func sliced(next perform, m *Mock, c *call, p params, from int) outcome {
	o := everything(next, m, c, p)
	from = min(from, len(o.rows))
	o.rows = o.rows[from:min(from+p.pageSize, len(o.rows))]
	return o
}

// rotated gives a page of the rows as they stand when the list begins elsewhere.
func rotated(next perform, m *Mock, c *call, p params, by int) outcome {
	o := everything(next, m, c, p)
	if len(o.rows) <= p.pageSize {
		return o // one page holds them all: no order is stated
	}
	by = by * 7 % len(o.rows)
	o.rows = append(slices.Clone(o.rows[by:]), o.rows[:by]...)
	from, to := page(&p)
	o.rows = o.rows[min(from, len(o.rows)):min(to, len(o.rows))]
	return o
}

// defaulting gives an action another size of page when none is asked for.
func defaulting(action string, size int) injection {
	return func(m *Mock) {
		a := m.behaviour.actions[action]
		a.defaults.pageSize = size
		m.behaviour.actions[action] = a
	}
}

// limitDefects get the limits of the read actions wrong.
func limitDefects() []Defect {
	return []Defect{
		{"status-page-size-clamped", "C-STATUS-PAGE-SIZE", "DescribeInstancesStatus takes a pageSize above 1000 for 1000.",
			[]string{"E-MAXIMUM"}, // what is taken is not refused
			unlimited(describeStatus, "pageSize")},
		{"status-page-size-limit-100", "C-STATUS-PAGE-SIZE", "DescribeInstancesStatus refuses a pageSize above 100.",
			nil, limited(describeStatus, "pageSize", 100)},
		{"status-page-size-coerced", "C-STATUS-PAGE-SIZE", "DescribeInstancesStatus takes a text or a fraction for pageSize.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			coercing(describeStatus, "pageSize")},
		{"instances-page-size-unlimited", "C-INSTANCES-PAGE-SIZE", "DescribeInstances has no limit of pageSize.",
			[]string{"E-MAXIMUM"}, // what is taken is not refused
			unlimited(describeInstances, "pageSize")},
		{"instances-page-size-limit-999", "C-INSTANCES-PAGE-SIZE", "DescribeInstances refuses a pageSize of 1000.",
			nil, limited(describeInstances, "pageSize", 999)},
		{"page-size-above-as-value", "E-MAXIMUM", "A pageSize above 1000 is answered as a value that is not allowed.",
			nil, together(
				taking(describeStatus, "pageSize", func(t *parameter) { t.above = invalidValue }),
				taking(describeInstances, "pageSize", func(t *parameter) { t.above = invalidValue }))},
		{"page-size-above-500", "E-MAXIMUM", "A pageSize above 1000 brings about an internal error in DescribeInstances.",
			nil, taking(describeInstances, "pageSize", func(t *parameter) { t.above = internalError })},
		{"too-many-ids-as-maximum", "E-TOO-LONG", "More than a hundred ids are answered as a number that is too high.",
			nil, together(
				taking(describeStatus, "instanceIds", func(t *parameter) { t.above = exceedMaximum }),
				taking(describeInstances, "instanceIds", func(t *parameter) { t.above = exceedMaximum }))},
		{"too-many-ids-413", "E-TOO-LONG", "More than a hundred ids are answered with the right code under 413 in DescribeInstancesStatus.",
			pairStated(), taking(describeStatus, "instanceIds", func(t *parameter) { t.above = t.above.under(413) })},
		{"status-ids-unlimited", "C-STATUS-IDS", "DescribeInstancesStatus takes more than a hundred ids.",
			[]string{"E-TOO-LONG"}, // what is taken is not refused
			unlimited(describeStatus, "instanceIds")},
		{"status-ids-limit-99", "C-STATUS-IDS", "DescribeInstancesStatus refuses a hundred ids.",
			nil, limited(describeStatus, "instanceIds", 99)},
		{"status-ids-coerced", "C-STATUS-IDS", "DescribeInstancesStatus takes numbers, a text or an object for ids.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			coercing(describeStatus, "instanceIds")},
		{"instances-ids-cut-off", "C-INSTANCES-IDS", "DescribeInstances looks at the first hundred ids and drops the others.",
			[]string{"E-TOO-LONG"}, // what is taken is not refused
			together(unlimited(describeInstances, "instanceIds"), asking(describeInstances, func(p *params) {
				p.instanceIDs = p.instanceIDs[:min(maxIDs, len(p.instanceIDs))]
			}))},
		{"instances-ids-limit-50", "C-INSTANCES-IDS", "DescribeInstances refuses more than fifty ids.",
			nil, limited(describeInstances, "instanceIds", 50)},
		{"instances-ids-coerced", "C-INSTANCES-IDS", "DescribeInstances takes for ids what is no array of texts.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			coercing(describeInstances, "instanceIds")},
	}
}

// unlimited takes what is above the limit of a parameter.
func unlimited(action, name string) injection { return limited(action, name, 0) }

// limited gives a parameter another limit; 0: none.
func limited(action, name string, limit int) injection {
	return taking(action, name, func(t *parameter) { t.max = limit })
}

// coercing takes a value of another JSON type for what it looks like.
func coercing(action, name string) injection {
	return taking(action, name, func(t *parameter) { t.wrongType = refusal{} })
}
