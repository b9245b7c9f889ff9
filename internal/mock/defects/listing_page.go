package defects

import (
	"math"
	"slices"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// pageDefects are mistakes in paging and its limits.
func pageDefects() []Defect {
	return append(limitDefects(), []Defect{
		{"status-page-number-ignored", "C-STATUS-PAGE", "DescribeInstancesStatus gives the first page, whatever pageNum says.",
			nil, taking(mock.DescribeStatus, "pageNum", func(t *mock.Parameter) { t.Set = func(*mock.Params, gjson.Result) {} })},
		{"status-page-size-ignored", "C-STATUS-PAGE", "DescribeInstancesStatus gives twenty rows, whatever pageSize says.",
			[]string{"C-STATUS-PAGE-SIZE"}, // it states the parameter
			taking(mock.DescribeStatus, "pageSize", func(t *mock.Parameter) { t.Set = func(*mock.Params, gjson.Result) {} })},
		{"status-page-zero-based", "C-STATUS-PAGE", "DescribeInstancesStatus counts its pages from 0 when they are named.",
			nil, taking(mock.DescribeStatus, "pageNum", func(t *mock.Parameter) {
				t.Set = func(p *mock.Params, v gjson.Result) { p.PageNum = mock.Whole(v) + 1 }
			})},
		{"status-page-overshoots", "C-STATUS-PAGE", "DescribeInstancesStatus gives one row more than asked for, having looked whether there is a next page.",
			[]string{"C-STATUS-PAGE-DEFAULT"}, // the page of the default size is one row too long as well
			performing(mock.DescribeStatus, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					o := next(m, c, p)
					if o.Total > p.PageNum*p.PageSize {
						p.PageNum, p.PageSize = p.PageNum*p.PageSize+1, 1
						o.Rows = append(o.Rows, next(m, c, p).Rows...)
					}
					return o
				}
			})},
		{"status-page-by-row", "C-STATUS-PAGE", "The pageNum of DescribeInstancesStatus counts rows to skip: pages overlap.",
			nil, performing(mock.DescribeStatus, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					return sliced(next, m, c, p, max(p.PageNum, 1)-1)
				}
			})},
		{"status-page-after-last-repeats", "C-STATUS-PAGE", "The page of DescribeInstancesStatus after the last is the last once more.",
			nil, performing(mock.DescribeStatus, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					o := next(m, c, p)
					if last := (o.Total + p.PageSize - 1) / max(p.PageSize, 1); len(o.Rows) == 0 && p.PageNum > last && last > 0 {
						p.PageNum = last
						o = next(m, c, p)
					}
					return o
				}
			})},
		{"instances-page-number-needs-size", "C-INSTANCES-PAGE", "DescribeInstances gives the first page when it is asked for another one without pageSize.",
			nil, performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					if !gjson.GetBytes(c.Body, "pageSize").Exists() {
						p.PageNum = 1
					}
					return next(m, c, p)
				}
			})},
		{"instances-page-loses-last-row", "C-INSTANCES-PAGE", "A page of DescribeInstances lacks its last row when another page follows.",
			nil, selecting(mock.DescribeInstances, func(o *mock.Outcome, p mock.Params) {
				if o.Total > p.PageNum*p.PageSize && len(o.Rows) > 1 {
					o.Rows = o.Rows[:len(o.Rows)-1]
				}
			})},
		{"instances-page-unsorted", "C-INSTANCES-PAGE", "Each page of DescribeInstances is cut from another order.",
			nil, counted(func(count *atomic.Int64) injection {
				return performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
					return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
						return rotated(next, m, c, p, int(count.Add(1)))
					}
				})
			})},
		{"instances-full-page-loses-last-row", "C-INSTANCES-PAGE", "A page of DescribeInstances lacks its last row when it holds exactly the rows that there are.",
			nil, selecting(mock.DescribeInstances, func(o *mock.Outcome, p mock.Params) {
				if o.Total == p.PageSize && len(o.Rows) > 1 {
					o.Rows = o.Rows[:len(o.Rows)-1]
				}
			})},
		{"instances-last-page-empty", "C-INSTANCES-PAGE", "The last page of DescribeInstances is empty unless it is full.",
			nil, selecting(mock.DescribeInstances, func(o *mock.Outcome, p mock.Params) {
				if p.PageNum > 1 && len(o.Rows) < p.PageSize {
					o.Rows = nil
				}
			})},
		{"instances-page-size-ignored", "C-INSTANCES-PAGE", "DescribeInstances gives all rows, whatever pageSize says.",
			[]string{"C-INSTANCES-PAGE-SIZE", "D-INSTANCES-PAGE-DEFAULT"}, // they state the parameter
			asking(mock.DescribeInstances, func(p *mock.Params) { p.PageSize, p.PageNum = mock.MaxPageSize, 1 })},

		{"status-default-page-endless", "C-STATUS-PAGE-DEFAULT", "Without pageSize, DescribeInstancesStatus gives all rows.",
			nil, defaulting(mock.DescribeStatus, mock.MaxPageSize)},
		{"status-default-page-10", "C-STATUS-PAGE-DEFAULT", "Without pageSize, DescribeInstancesStatus gives pages of ten.",
			nil, defaulting(mock.DescribeStatus, 10)},
		{"status-default-page-25", "C-STATUS-PAGE-DEFAULT", "Without pageSize, DescribeInstancesStatus gives pages of twenty-five.",
			nil, defaulting(mock.DescribeStatus, 25)},
	}...)
}

// everything calls a read action for all rows at once.
func everything(next mock.Perform, m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
	p.PageNum, p.PageSize = 1, len(m.Store.All())+1
	return next(m, c, p)
}

// sliced returns a page that begins at a given row.
func sliced(next mock.Perform, m *mock.Mock, c *mock.Call, p mock.Params, from int) mock.Outcome {
	o := everything(next, m, c, p)
	from = min(from, len(o.Rows))
	o.Rows = o.Rows[from:min(from+p.PageSize, len(o.Rows))]
	return o
}

// rotated returns a page of the rows in rotated order.
func rotated(next mock.Perform, m *mock.Mock, c *mock.Call, p mock.Params, by int) mock.Outcome {
	o := everything(next, m, c, p)
	if len(o.Rows) <= p.PageSize {
		return o // all rows fit on one page, and no order is documented
	}
	by = by * 7 % len(o.Rows)
	o.Rows = append(slices.Clone(o.Rows[by:]), o.Rows[:by]...)
	from, to := mock.Page(&p)
	o.Rows = o.Rows[min(from, len(o.Rows)):min(to, len(o.Rows))]
	return o
}

// defaulting changes the default page size of an action.
func defaulting(action string, size int) injection {
	return func(m *mock.Mock) {
		a := m.Behaviour.Actions[action]
		a.Defaults.PageSize = size
		m.Behaviour.Actions[action] = a
	}
}

// limitDefects are mistakes in the limits of the read actions.
func limitDefects() []Defect {
	return []Defect{
		{"status-page-size-clamped", "C-STATUS-PAGE-SIZE", "DescribeInstancesStatus takes a pageSize above 1000 for 1000.",
			[]string{"E-MAXIMUM"}, // what is taken is not refused
			unlimited(mock.DescribeStatus, "pageSize")},
		{"status-page-size-limit-100", "C-STATUS-PAGE-SIZE", "DescribeInstancesStatus refuses a pageSize above 100.",
			nil, limited(mock.DescribeStatus, "pageSize", 100)},
		{"status-page-size-capped", "C-STATUS-PAGE-SIZE", "DescribeInstancesStatus takes a pageSize above 20 for 20.",
			nil, asking(mock.DescribeStatus, func(p *mock.Params) { p.PageSize = min(p.PageSize, 20) })},
		{"status-page-size-coerced", "C-STATUS-PAGE-SIZE", "DescribeInstancesStatus takes a text or a fraction for pageSize.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			coercing(mock.DescribeStatus, "pageSize")},
		{"instances-page-number-coerced", "E-WRONG-TYPE", "DescribeInstances takes a number in a text for pageNum.",
			nil, coercing(mock.DescribeInstances, "pageNum")},
		{"instances-page-size-unlimited", "C-INSTANCES-PAGE-SIZE", "DescribeInstances has no limit of pageSize.",
			[]string{"E-MAXIMUM"}, // what is taken is not refused
			unlimited(mock.DescribeInstances, "pageSize")},
		{"instances-page-size-capped", "C-INSTANCES-PAGE-SIZE", "DescribeInstances takes a pageSize above 20 for 20.",
			nil, asking(mock.DescribeInstances, func(p *mock.Params) { p.PageSize = min(p.PageSize, 20) })},
		{"instances-page-size-limit-999", "C-INSTANCES-PAGE-SIZE", "DescribeInstances refuses a pageSize of 1000.",
			nil, limited(mock.DescribeInstances, "pageSize", 999)},
		{"page-size-beyond-32-bits", "E-MAXIMUM", "DescribeInstances takes a pageSize beyond 32 bits for the greatest there is.",
			[]string{"C-INSTANCES-PAGE-SIZE"}, // it states the limit
			beyond32Bits(mock.Refusal{})},
		{"page-size-above-as-value", "E-MAXIMUM", "A pageSize above 1000 is answered as a value that is not allowed.",
			nil, together(
				taking(mock.DescribeStatus, "pageSize", func(t *mock.Parameter) { t.Above = mock.InvalidValue }),
				taking(mock.DescribeInstances, "pageSize", func(t *mock.Parameter) { t.Above = mock.InvalidValue }))},
		{"page-size-above-500", "E-MAXIMUM", "A pageSize above 1000 brings about an internal error in DescribeInstances.",
			nil, taking(mock.DescribeInstances, "pageSize", func(t *mock.Parameter) { t.Above = mock.InternalError })},
		{"too-many-ids-as-maximum", "E-TOO-LONG", "More than a hundred ids are answered as a number that is too high.",
			nil, together(
				taking(mock.DescribeStatus, "instanceIds", func(t *mock.Parameter) { t.Above = mock.ExceedMaximum }),
				taking(mock.DescribeInstances, "instanceIds", func(t *mock.Parameter) { t.Above = mock.ExceedMaximum }))},
		{"too-many-ids-413", "E-TOO-LONG", "More than a hundred ids are answered with the right code under 413 in DescribeInstancesStatus.",
			pairStated(), taking(mock.DescribeStatus, "instanceIds", func(t *mock.Parameter) { t.Above = t.Above.Under(413) })},
		{"status-ids-unlimited", "C-STATUS-IDS", "DescribeInstancesStatus takes more than a hundred ids.",
			[]string{"E-TOO-LONG"}, // what is taken is not refused
			unlimited(mock.DescribeStatus, "instanceIds")},
		{"status-ids-limit-99", "C-STATUS-IDS", "DescribeInstancesStatus refuses a hundred ids.",
			[]string{"C-STATUS-UNKNOWN"}, // a known one among a hundred ids is not listed
			limited(mock.DescribeStatus, "instanceIds", 99)},
		{"status-ids-coerced", "C-STATUS-IDS", "DescribeInstancesStatus takes numbers, a text or an object for ids.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			coercing(mock.DescribeStatus, "instanceIds")},
		{"instances-ids-cut-off", "C-INSTANCES-IDS", "DescribeInstances looks at the first hundred ids and drops the others.",
			[]string{"E-TOO-LONG"}, // what is taken is not refused
			together(unlimited(mock.DescribeInstances, "instanceIds"), asking(mock.DescribeInstances, func(p *mock.Params) {
				p.InstanceIDs = p.InstanceIDs[:min(mock.MaxIDs, len(p.InstanceIDs))]
			}))},
		{"instances-ids-limit-50", "C-INSTANCES-IDS", "DescribeInstances refuses more than fifty ids.",
			[]string{"C-INSTANCES-UNKNOWN"}, // a known one among a hundred ids is not listed
			limited(mock.DescribeInstances, "instanceIds", 50)},
		{"instances-ids-coerced", "C-INSTANCES-IDS", "DescribeInstances takes for ids what is no array of texts.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			coercing(mock.DescribeInstances, "instanceIds")},
	}
}

// unlimited removes the limit of a parameter.
func unlimited(action, name string) injection { return limited(action, name, 0) }

// limited changes the limit of a parameter; 0 removes it.
func limited(action, name string, limit int) injection {
	return taking(action, name, func(t *mock.Parameter) { t.Max = limit })
}

// beyond32Bits answers a pageSize of DescribeInstances beyond 32 bits differently from one just above the limit.
func beyond32Bits(with mock.Refusal) injection {
	return together(unlimited(mock.DescribeInstances, "pageSize"), performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			switch {
			case p.PageSize == math.MaxInt32 && with.Refused():
				return mock.Outcome{Refusal: with}
			case p.PageSize > mock.MaxPageSize && p.PageSize < math.MaxInt32:
				return mock.Outcome{Refusal: mock.ExceedMaximum}
			}
			return next(m, c, p)
		}
	}))
}

// coercing accepts a value of another JSON type and converts it.
func coercing(action, name string) injection {
	return taking(action, name, func(t *mock.Parameter) { t.WrongType = mock.Refusal{} })
}
