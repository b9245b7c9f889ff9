package mock

import (
	"math"

	"github.com/tidwall/gjson"
)

// Limits of parameters.
const (
	maxIDs      = 100  // ids in a list (C, A)
	maxPageSize = 1000 // rows on a page (C)
	maxTags     = 20   // tags, and keys of tags, in a filter (C)
)

// params are the parameters of all actions together; a call fills those of its own.
type params struct {
	instanceID, instanceType string // of ModifyInstanceType (M)

	instanceIDs       []string // of the read actions (none: no filter), and of those that change several (A)
	pageSize, pageNum int
	resourceGroupID   string

	zoneID, imageID, status, name string
	ipv4Address, ipv6Address      string
	tagKeys                       []string
	tags                          []Tag

	force bool // of RebootInstances in 2025-09-01 (C)
}

// kind is the JSON type of a parameter.
type kind int

const (
	text    kind = iota // a string
	integer             // a number without fraction
	texts               // an array of strings
	boolean             // true or false
	objects             // an array of objects
)

// parameter is what an action says of one member of its body. A refusal that is zero
// refuses nothing: the parameter then counts as absent, or its value is taken as it is.
type parameter struct {
	name string
	kind kind
	max  int // the greatest value of an integer, or length of texts; 0: none is stated

	absent    refusal // the member is not there
	null      refusal // it is null
	empty     refusal // it is "", or an array of nothing
	wrongType refusal // it has another JSON type
	above     refusal // it is above max
	below     refusal // an integer is below 1

	set func(p *params, v gjson.Result)
}

// required is a text that has to be there (M). What null and "" are answered with no
// document states, except that it is an error.
func required(name string, set func(p *params, v string)) parameter {
	p := optional(name, set)
	p.absent = missingParameter.because(name + " is missing")
	p.null = missingParameter.because(name + " is null")
	p.empty = lessLength.because(name + " is empty")
	return p
}

// optional is a text that may be left out; null and "" count as absent.
func optional(name string, set func(p *params, v string)) parameter {
	return parameter{
		name: name, kind: text, wrongType: wrongType.because(name + " is not a string"),
		set: func(p *params, v gjson.Result) { set(p, v.String()) },
	}
}

// listing returns the parameters that both read actions have (C). No minimum is stated
// for the two of paging; what is below 1 names no page, so it is refused.
func listing() []parameter {
	return []parameter{
		idList(),
		{
			name: "pageSize", kind: integer, max: maxPageSize,
			wrongType: wrongType.because("pageSize is not an integer"),
			above:     exceedMaximum.because("pageSize is above 1000"),
			below:     lessMinimum.because("pageSize is below 1"),
			set:       func(p *params, v gjson.Result) { p.pageSize = whole(v) },
		},
		{
			name: "pageNum", kind: integer,
			wrongType: wrongType.because("pageNum is not an integer"),
			below:     lessMinimum.because("pageNum is below 1"),
			set:       func(p *params, v gjson.Result) { p.pageNum = whole(v) },
		},
	}
}

// idList is a list of instances: up to a hundred ids (A, C).
func idList() parameter {
	return parameter{
		name: "instanceIds", kind: texts, max: maxIDs,
		wrongType: wrongType.because("instanceIds is not an array of strings"),
		above:     exceedLength.because("instanceIds has more than 100 ids"),
		set:       setIDs,
	}
}

func setIDs(p *params, v gjson.Result) {
	p.instanceIDs = nil
	v.ForEach(func(_, id gjson.Result) bool {
		p.instanceIDs = append(p.instanceIDs, id.String())
		return true
	})
}

// whole returns a number as an int; what does not fit is far above any page there is.
func whole(v gjson.Result) int {
	return int(max(math.MinInt32, min(math.MaxInt32, v.Float())))
}

// take checks one value and puts it into the parameters.
func (t parameter) take(p *params, v gjson.Result) refusal {
	switch {
	case v.Type == gjson.Null:
		return t.null
	case !t.fits(v) && t.wrongType.refused():
		return t.wrongType
	case (v.Type == gjson.String && v.Str == "" || v.IsArray() && v.Get("#").Int() == 0) && t.empty.refused():
		return t.empty
	case v.Type == gjson.String && v.Str == "":
		return refusal{}
	case t.kind == integer && v.Float() < 1 && t.below.refused():
		return t.below
	case t.max > 0 && t.size(v) > float64(t.max) && t.above.refused():
		return t.above
	}
	t.set(p, v)
	return refusal{}
}

// fits reports whether the value has the parameter's JSON type.
func (t parameter) fits(v gjson.Result) bool {
	switch t.kind {
	case integer:
		return v.Type == gjson.Number && v.Float() == math.Trunc(v.Float())
	case texts:
		fit := v.IsArray()
		v.ForEach(func(_, item gjson.Result) bool {
			fit = fit && item.Type == gjson.String
			return fit
		})
		return fit
	case objects:
		fit := v.IsArray()
		v.ForEach(func(_, item gjson.Result) bool {
			fit = fit && item.IsObject()
			return fit
		})
		return fit
	case boolean:
		return v.IsBool()
	default:
		return v.Type == gjson.String
	}
}

// size is what a limit is compared with.
func (t parameter) size(v gjson.Result) float64 {
	switch t.kind {
	case integer:
		return v.Float()
	case texts, objects:
		return v.Get("#").Float()
	default:
		return float64(len(v.Str))
	}
}
