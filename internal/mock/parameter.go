package mock

import (
	"math"

	"github.com/tidwall/gjson"
)

// Limits of parameters.
const (
	MaxIDs      = 100  // ids in a list (C, A)
	MaxPageSize = 1000 // rows on a page (C)
	maxTags     = 20   // tags, and keys of tags, in a filter (C)
)

// Params holds the parameters of all actions; a call sets those of its action.
type Params struct {
	InstanceID, InstanceType string // of ModifyInstanceType (M)

	InstanceIDs       []string // of the read actions (empty means no filter), and of those that change several instances (A)
	PageSize, PageNum int
	ResourceGroupID   string

	ZoneID, ImageID, Status, Name string
	Ipv4Address, Ipv6Address      string
	tagKeys                       []string
	tags                          []Tag

	force bool // of RebootInstances in 2025-09-01 (C)
}

// Kind is the JSON type of a parameter.
type Kind int

const (
	Text    Kind = iota // a string
	integer             // an integer
	texts               // an array of strings
	boolean             // true or false
	objects             // an array of objects
)

// Parameter defines one member of an action's body. A zero Refusal refuses nothing: the parameter
// then counts as absent, or its value is accepted.
type Parameter struct {
	Name string
	Kind Kind
	Max  int // the maximum of an integer, or of a length; 0 means no limit is documented

	Absent    Refusal // the member is not there
	Null      Refusal // it is null
	Empty     Refusal // it is "" or an empty array
	WrongType Refusal // it has another JSON type
	Above     Refusal // it is above Max
	Below     Refusal // an integer is below 1

	Set func(p *Params, v gjson.Result)
}

// required defines a required string (M). No document states the answer to null and "", except that
// it is an error.
func required(name string, set func(p *Params, v string)) Parameter {
	p := optional(name, set)
	p.Absent = MissingParameter.Because(name + " is missing")
	p.Null = MissingParameter.Because(name + " is null")
	p.Empty = LessLength.Because(name + " is empty")
	return p
}

// optional defines an optional string; null and "" count as absent.
func optional(name string, set func(p *Params, v string)) Parameter {
	return Parameter{
		Name: name, Kind: Text, WrongType: WrongType.Because(name + " is not a string"),
		Set: func(p *Params, v gjson.Result) { set(p, v.String()) },
	}
}

// listing returns the parameters of both read actions (C). No minimum is documented for the two of
// paging. A value below 1 is refused, because it names no page.
func listing() []Parameter {
	return []Parameter{
		idList(),
		{
			Name: "pageSize", Kind: integer, Max: MaxPageSize,
			WrongType: WrongType.Because("pageSize is not an integer"),
			Above:     ExceedMaximum.Because("pageSize is above 1000"),
			Below:     lessMinimum.Because("pageSize is below 1"),
			Set:       func(p *Params, v gjson.Result) { p.PageSize = Whole(v) },
		},
		{
			Name: "pageNum", Kind: integer,
			WrongType: WrongType.Because("pageNum is not an integer"),
			Below:     lessMinimum.Because("pageNum is below 1"),
			Set:       func(p *Params, v gjson.Result) { p.PageNum = Whole(v) },
		},
	}
}

// idList defines a list of instances: up to a hundred ids (A, C).
func idList() Parameter {
	return Parameter{
		Name: "instanceIds", Kind: texts, Max: MaxIDs,
		WrongType: WrongType.Because("instanceIds is not an array of strings"),
		Above:     ExceedLength.Because("instanceIds has more than 100 ids"),
		Set:       SetIDs,
	}
}

// SetIDs sets the ids from a list.
func SetIDs(p *Params, v gjson.Result) {
	p.InstanceIDs = nil
	v.ForEach(func(_, id gjson.Result) bool {
		p.InstanceIDs = append(p.InstanceIDs, id.String())
		return true
	})
}

// Whole converts a number to an int. A number that does not fit is far above any page.
func Whole(v gjson.Result) int {
	return int(max(math.MinInt32, min(math.MaxInt32, v.Float())))
}

// take checks a value and stores it in the parameters.
func (t Parameter) take(p *Params, v gjson.Result) Refusal {
	switch {
	case v.Type == gjson.Null:
		return t.Null
	case !t.fits(v) && t.WrongType.Refused():
		return t.WrongType
	case (v.Type == gjson.String && v.Str == "" || v.IsArray() && v.Get("#").Int() == 0) && t.Empty.Refused():
		return t.Empty
	case v.Type == gjson.String && v.Str == "":
		return Refusal{}
	case t.Kind == integer && v.Float() < 1 && t.Below.Refused():
		return t.Below
	case t.Max > 0 && t.size(v) > float64(t.Max) && t.Above.Refused():
		return t.Above
	}
	t.Set(p, v)
	return Refusal{}
}

// fits reports whether a value has the parameter's JSON type.
func (t Parameter) fits(v gjson.Result) bool {
	switch t.Kind {
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

// size returns what the limit applies to.
func (t Parameter) size(v gjson.Result) float64 {
	switch t.Kind {
	case integer:
		return v.Float()
	case texts, objects:
		return v.Get("#").Float()
	default:
		return float64(len(v.Str))
	}
}
