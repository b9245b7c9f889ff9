package defects

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// filterNames are the filters of DescribeInstances other than instanceIds (C).
func filterNames() []string {
	return []string{"imageId", "ipv4Address", "ipv6Address", "name", "resourceGroupId", "status", "zoneId"}
}

// like returns the expression for the texts that have a pattern of SQL in them.
func like(pattern string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(pattern)))
}

// searchDefects are mistakes in the filters other than instanceIds.
func searchDefects() []Defect {
	of := func(name string, matches func(p *mock.Params, in *mock.Instance, right bool) bool) injection {
		return matching(name, matches)
	}
	defects := []Defect{
		{"status-filter-finds-nothing", "C-INSTANCES-FILTERS", "DescribeInstances compares status with a column that is empty, and finds nothing.",
			[]string{"C-INSTANCES-FILTER"}, // nor is it found by its id and this filter
			of("status", func(*mock.Params, *mock.Instance, bool) bool { return false })},
		{"status-filter-by-beginning", "C-INSTANCES-FILTERS", "DescribeInstances finds an instance by how its status begins.",
			nil, of("status", func(p *mock.Params, in *mock.Instance, _ bool) bool { return in.Status[:2] == p.Status[:2] })},
		{"status-filter-finds-what-is-destroyed", "C-INSTANCES-FILTERS", "DescribeInstances finds the instances that are RECYCLING among those that are RECYCLE.",
			nil, of("status", func(p *mock.Params, in *mock.Instance, right bool) bool {
				return right || p.Status == "RECYCLE" && in.Status == "RECYCLING"
			})},
		{"status-filter-overlooks-imaging", "C-INSTANCES-FILTERS", "DescribeInstances does not find the instances that are IMAGING.",
			nil, of("status", func(p *mock.Params, _ *mock.Instance, right bool) bool { return right && p.Status != "IMAGING" })},
		{"status-filter-finds-one", "C-INSTANCES-FILTERS", "DescribeInstances finds every other instance of a status.",
			[]string{"C-INSTANCES-FILTER"}, of("status", func(_ *mock.Params, in *mock.Instance, right bool) bool { // an id beside the status finds nothing then
				return right && in.Status != "" && (in.ID[len(in.ID)-1]-'0')%2 == 0
			})},
		{"status-filter-refuses-rebuilding", "C-INSTANCES-FILTERS", "DescribeInstances refuses REBUILDING as a value that is not allowed.",
			nil, refusingWhen(mock.DescribeInstances, func(p mock.Params) bool { return p.Status == "REBUILDING" }, mock.InvalidValue)},
		{"zone-filter-finds-nothing", "C-INSTANCES-FILTERS", "DescribeInstances looks for the name of a zone in place of its id, and finds nothing.",
			[]string{"C-INSTANCES-FILTER"}, // nor is it found by its id and this filter
			of("zoneId", func(*mock.Params, *mock.Instance, bool) bool { return false })},
		{"zone-filter-by-beginning", "C-INSTANCES-FILTERS", "DescribeInstances finds an instance by how its zone begins.",
			nil, of("zoneId", func(p *mock.Params, in *mock.Instance, _ bool) bool { return strings.HasPrefix(in.ZoneID, p.ZoneID) })},
		{"image-filter-by-case", "C-INSTANCES-FILTERS", "DescribeInstances looks for an image in upper case.",
			[]string{"C-INSTANCES-FILTER"}, // nor is it found by its id and this filter
			of("imageId", func(p *mock.Params, in *mock.Instance, _ bool) bool { return strings.ToUpper(in.ImageID) == p.ImageID })},
		{"name-filter-finds-longer-ones", "C-INSTANCES-FILTERS", "DescribeInstances finds names that go on after the one asked for, and not that one.",
			[]string{"C-INSTANCES-FILTER"}, // nor is it found by its id and this filter
			of("name", func(p *mock.Params, in *mock.Instance, right bool) bool { return right && in.Name != p.Name })},
		{"name-filter-within-text", "C-INSTANCES-FILTERS", "DescribeInstances finds an instance whose name is a part of the one asked for, too.",
			nil, of("name", func(p *mock.Params, in *mock.Instance, right bool) bool {
				return right || in.Name != "" && strings.Contains(p.Name, in.Name)
			})},
		{"name-filter-takes-wildcards", "C-INSTANCES-FILTERS", "DescribeInstances puts a name into the pattern of a LIKE as it is, so that % and _ stand for any text.",
			nil, of("name", func(p *mock.Params, in *mock.Instance, _ bool) bool { return like(p.Name).MatchString(in.Name) })},
		{"name-beyond-ascii-ignored", "C-INSTANCES-FILTERS", "DescribeInstances drops a name with letters beyond ASCII.",
			nil, asking(mock.DescribeInstances, func(p *mock.Params) {
				if strings.ContainsFunc(p.Name, func(r rune) bool { return r >= utf8.RuneSelf }) {
					p.Name = ""
				}
			})},
		{"long-filters-ignored", "C-INSTANCES-FILTERS", "DescribeInstances drops a filter of more than 100 letters.",
			nil, asking(mock.DescribeInstances, func(p *mock.Params) {
				for _, text := range []*string{&p.ZoneID, &p.ImageID, &p.Status, &p.Name, &p.Ipv4Address, &p.Ipv6Address, &p.ResourceGroupID} {
					if utf8.RuneCountInString(*text) > 100 {
						*text = ""
					}
				}
			})},
		{"status-id-by-beginning", "C-STATUS-FILTER", "DescribeInstancesStatus takes an id with more behind it for the id that it begins with.",
			[]string{"C-STATUS-UNKNOWN"}, // the longer id is unknown
			asking(mock.DescribeStatus, func(p *mock.Params) {
				for i, id := range p.InstanceIDs {
					p.InstanceIDs[i] = id[:min(len(id), len("ins-000001"))]
				}
			})},
		{"unknown-zone-code-invented", "C-INSTANCES-FILTERS", "A zone that does not exist is refused with a code that no document knows.",
			pairStated(), refusingWhen(mock.DescribeInstances, func(p mock.Params) bool { return p.ZoneID == "no-such-zone" },
				mock.Refusal{Status: http.StatusNotFound, Code: "INVALID_ZONE_NOT_FOUND", Message: "the zone does not exist"})},

		{"status-group-ignored", "C-STATUS-FILTERS", "DescribeInstancesStatus does not look at resourceGroupId.",
			nil, asking(mock.DescribeStatus, func(p *mock.Params) { p.ResourceGroupID = "" })},
		{"status-group-code-invented", "C-STATUS-FILTERS", "A resource group that does not exist is refused with a code that no document knows in DescribeInstancesStatus.",
			pairStated(), unknownGroupWith(mock.DescribeStatus, mock.Refusal{Status: http.StatusNotFound, Code: "INVALID_RESOURCE_GROUP_NOT_FOUND", Message: "the resource group does not exist"})},
		{"status-group-500", "C-STATUS-FILTERS", "A resource group that does not exist brings about an internal error in DescribeInstancesStatus.",
			nil, unknownGroupWith(mock.DescribeStatus, mock.InternalError)},
	}
	for _, name := range filterNames() {
		slug := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "Id"), "Address"))
		if name == "resourceGroupId" {
			slug = "group"
		}
		defects = append(defects, Defect{
			slug + "-filter-misspelt", "C-INSTANCES-FILTERS", "DescribeInstances reads " + name + " under a misspelt name, so that it filters nothing.",
			[]string{"E-WRONG-TYPE"}, // what is not read is of no wrong type
			taking(mock.DescribeInstances, name, func(t *mock.Parameter) { t.Name = strings.ToUpper(name[:1]) + name[1:] }),
		})
		defects = append(defects, Defect{
			slug + "-filter-coerced", "E-WRONG-TYPE", "DescribeInstances takes a " + name + " of any type for the string that it looks like.",
			[]string{"C-INSTANCES-FILTERS"}, // it is then no string
			coercing(mock.DescribeInstances, name),
		})
	}
	return defects
}

// matching alters which instances match a filter; right is the correct result.
func matching(name string, matches func(p *mock.Params, in *mock.Instance, right bool) bool) injection {
	return func(m *mock.Mock) {
		m.Behaviour.Filters = slices.Clone(m.Behaviour.Filters)
		f := &m.Behaviour.Filters[slices.IndexFunc(m.Behaviour.Filters, func(f mock.Filter) bool { return f.Name == name })]
		next := f.Matches
		f.Matches = func(p *mock.Params, in *mock.Instance) bool { return matches(p, in, next(p, in)) }
	}
}

// refusingWhen refuses some calls of an action.
func refusingWhen(action string, when func(p mock.Params) bool, with mock.Refusal) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if when(p) {
				return mock.Outcome{Refusal: with}
			}
			return next(m, c, p)
		}
	})
}

// memberDefects are mistakes in the members of a row for which C documents a type.
func memberDefects() []Defect {
	member := func(name, member, text string, change func(value any) any) Defect {
		return Defect{name, "C-INSTANCES-MEMBERS", text, nil, rerowing(mock.DescribeInstances, func(row object) { row[member] = change(row[member]) })}
	}
	return []Defect{
		member("cpu-text", "cpu", "The cpu of DescribeInstances is a string.", func(any) any { return "2" }),
		member("memory-with-unit", "memory", "The memory of DescribeInstances is a string with its unit.", func(any) any { return "4 GiB" }),
		member("memory-fraction", "memory", "The memory of DescribeInstances is a number with a fraction.", func(any) any { return 3.5 }),
		member("create-time-number", "createTime", "The createTime of DescribeInstances is a UNIX time.", func(any) any { return 1711972800 }),
		member("create-time-of-zeros", "createTime", "The createTime of DescribeInstances is a date of zeros.", func(any) any { return "0000-00-00T00:00:00Z" }),
		member("create-time-with-offset", "createTime", "The createTime of DescribeInstances has an offset.", func(value any) any {
			text, _ := value.(string)
			return strings.TrimSuffix(text, "Z") + "+08:00"
		}),
		member("name-object", "instanceName", "The instanceName of DescribeInstances is an object by language.", func(value any) any { return object{"en": value} }),
	}
}

// formDefects accept invalid timestamps and bodies.
func formDefects() []Defect {
	stamped := func(name, text string, is func(timestamp string) bool, now func(known mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal) Defect {
		return Defect{name, "S-AUTH-TIMESTAMP-FORM", text, nil, authenticating(func(known mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
			if timestamp := c.Request.Header.Get("X-ZC-Timestamp"); r.Code == mock.InvalidAuthorization.Code && timestamp != "" && is(timestamp) {
				return now(known, c, r)
			}
			return r
		})}
	}
	fails := func(mock.Credentials, *mock.Call, mock.Refusal) mock.Refusal { return mock.InternalError }
	taken := func(mock.Credentials, *mock.Call, mock.Refusal) mock.Refusal { return mock.Refusal{} }
	return []Defect{
		stamped("timestamp-letters-500", "A timestamp of letters brings about an internal error.", func(t string) bool { return !strings.ContainsAny(t, "0123456789") }, fails),
		stamped("timestamp-40-digits-500", "A timestamp of 40 digits brings about an internal error.", func(t string) bool { return len(t) == 40 }, fails),
		stamped("timestamp-fraction-taken", "A timestamp is read up to its fraction.", func(t string) bool { return strings.Contains(t, ".") }, taken),
		stamped("timestamp-sign-taken", "A timestamp may have a sign.", func(t string) bool { return t[0] == '+' }, taken),

		{"nul-body-500", "R-BODY-MALFORMED", "A body that begins with a NUL byte brings about an internal error.",
			nil, admittingBody(func(c *mock.Call) mock.Refusal {
				if len(c.Body) > 0 && c.Body[0] == 0 {
					return mock.InternalError
				}
				return mock.Refusal{}
			})},
		{"nul-body-taken-for-empty", "R-BODY-MALFORMED", "A body is read as C reads a string: it ends at the first NUL byte.",
			nil, together(lenientIn(mock.DescribeStatus, untilNUL), lenientIn(mock.DescribeInstances, untilNUL))},
		{"nul-before-body-taken", "R-BODY-MALFORMED", "NUL bytes around a body are taken for padding.",
			nil, together(lenientIn(mock.ModifyType, withoutNUL), lenientIn(mock.DescribeStatus, withoutNUL), lenientIn(mock.DescribeInstances, withoutNUL))},

		{"json-prefix-taken", "R-MEDIA-REQUEST", "Every media type that begins with application/json is taken.",
			nil, takenAs("application/json")},
		{"json-infix-taken", "R-MEDIA-REQUEST", "Every media type that contains application/json is taken.",
			nil, takenAsWhen(func(media string) bool { return strings.Contains(media, "application/json") })},
		{"json-suffix-taken", "R-MEDIA-REQUEST", "Every media type that ends in +json is taken.",
			nil, takenAsWhen(func(media string) bool { return strings.HasSuffix(media, "+json") })},

		{"unknown-action-by-body", "E-ACTION-UNKNOWN", "An action that does not exist is found by the parameters in its body.",
			nil, injection(func(m *mock.Mock) {
				next := m.Behaviour.Dispatch
				m.Behaviour.Dispatch = func(actions map[string]mock.Action, c *mock.Call) (mock.Action, mock.Refusal) {
					a, r := next(actions, c)
					if !r.Refused() || !gjson.ValidBytes(c.Body) {
						return a, r
					}
					switch {
					case gjson.GetBytes(c.Body, "instanceType").Exists():
						return actions[mock.ModifyType], mock.Refusal{}
					case gjson.GetBytes(c.Body, "instanceIds").Exists():
						return actions[mock.DescribeStatus], mock.Refusal{}
					}
					return a, r
				}
			})},
	}
}

func untilNUL(body []byte) []byte {
	before, _, _ := strings.Cut(string(body), "\x00")
	return []byte(before)
}

func withoutNUL(body []byte) []byte { return []byte(strings.ReplaceAll(string(body), "\x00", "")) }

// admittingBody checks bodies before any other stage.
func admittingBody(refuse func(c *mock.Call) mock.Refusal) injection {
	return authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal { return mock.FirstOf(r, refuse(c)) })
}

// supersededDefects answer with a superseded pair whose reason cannot apply.
func supersededDefects() []Defect {
	resizes := []string{ // whatever a resize that should succeed is to show
		"M-RESIZE-LOCK", "M-RESIZE-TYPE", "M-RESIZE-ONLY-NAMED", "M-RESIZE-SAME-TYPE", "C-INSTANCES-TRUE", "R-REFUSED-UNCHANGED",
	}
	fine := func(t mock.Target) bool {
		return t.Found && t.Known && t.Supported() && !t.Instance.GPU && t.Instance.Status == mock.Stopped
	}
	return []Defect{
		{"stopped-refused-as-recycled", "M-RESIZE", "A resize of an instance that is STOPPED is refused as one in the recycle bin.",
			resizes, adding(mock.ModifyType, mock.BeingRecycled, func(t mock.Target) bool { return fine(t) && !sameType(t) })},
		{"other-type-refused-as-unchanged", "M-RESIZE", "A resize to another type is refused as one to the same.",
			resizes, adding(mock.ModifyType, mock.TypeNotChanged, func(t mock.Target) bool { return fine(t) && !sameType(t) })},
		{"unknown-instance-sold-out", "M-INSTANCE-NOT-FOUND", "An instance that does not exist is answered as a type that is sold out.",
			nil, answeringWhen(mock.ModifyType, mock.InstanceNotFound, mock.SoldOut, func(mock.Target) bool { return true })},
		{"unknown-type-sold-out", "M-TYPE-NOT-FOUND", "A type that does not exist is answered as one that is sold out.",
			nil, answeringWhen(mock.ModifyType, mock.InstanceTypeNotFound, mock.SoldOut, func(mock.Target) bool { return true })},
		{"missing-as-sold-out", "E-MISSING", "A missing instanceType is answered as one that is sold out.",
			nil, taking(mock.ModifyType, "instanceType", func(t *mock.Parameter) { t.Absent = mock.SoldOut })},
		{"malformed-as-in-plan", "R-BODY-MALFORMED", "A resize whose body is no JSON is refused as one of an instance with a plan.",
			nil, holding(mock.ModifyType, func(t *mock.Content) { t.Malformed = mock.PlanExists })},

		{"gpu-to-gpu-type-accepted", "M-GPU", "A GPU instance is resized to another type for GPU instances.",
			[]string{"M-GPU-DENIED"}, // what is accepted is not refused
			exempting(mock.ModifyType, mock.GpuNotSupported, func(t mock.Target) bool {
				return t.Instance.Status == mock.Stopped && t.Known && t.Spec.Use == mock.UseGPU
			})},
	}
}

// namedDefects are mistakes about ids in a filter.
func namedDefects() []Defect {
	return []Defect{
		{"status-unknown-hides-known", "C-STATUS-UNKNOWN", "DescribeInstancesStatus lists nothing when one of the ids does not exist.",
			nil, unknownHidesKnown(mock.DescribeStatus)},
		{"instances-unknown-hides-known", "C-INSTANCES-UNKNOWN", "DescribeInstances lists nothing when one of the ids does not exist.",
			nil, unknownHidesKnown(mock.DescribeInstances)},
		{"status-looks-at-fifty-ids", "C-STATUS-UNKNOWN", "DescribeInstancesStatus looks at the first fifty ids and drops the others.",
			nil, asking(mock.DescribeStatus, func(p *mock.Params) { p.InstanceIDs = p.InstanceIDs[:min(50, len(p.InstanceIDs))] })},
		{"zone-replaces-ids", "C-INSTANCES-FILTER", "DescribeInstances forgets instanceIds when there is a zoneId.",
			[]string{"C-INSTANCES-FILTERS"}, // the list is then that of the zone
			asking(mock.DescribeInstances, func(p *mock.Params) {
				if p.ZoneID != "" {
					p.InstanceIDs = nil
				}
			})},
		{"ids-replace-filters", "C-INSTANCES-FILTERS", "DescribeInstances forgets the other filters when there are instanceIds.",
			nil, asking(mock.DescribeInstances, func(p *mock.Params) {
				if len(p.InstanceIDs) > 0 {
					p.ZoneID, p.ImageID, p.Status, p.Name, p.Ipv4Address, p.Ipv6Address, p.ResourceGroupID = "", "", "", "", "", "", ""
				}
			})},
		{"status-replaces-name", "C-INSTANCES-FILTERS", "DescribeInstances forgets the name when there is a status.",
			nil, asking(mock.DescribeInstances, func(p *mock.Params) {
				if p.Status != "" && len(p.InstanceIDs) == 0 {
					p.Name = ""
				}
			})},
		{"status-ids-replace-group", "C-STATUS-FILTERS", "DescribeInstancesStatus forgets resourceGroupId when there are instanceIds.",
			nil, asking(mock.DescribeStatus, func(p *mock.Params) {
				if len(p.InstanceIDs) > 0 {
					p.ResourceGroupID = ""
				}
			})},
		{"empty-name-lists-all", "C-INSTANCES-FILTER", "A name that is the empty text makes DescribeInstances forget instanceIds.",
			[]string{"C-OPTIONAL-EMPTY"}, // the name is then neither absent nor a value
			performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					if name := gjson.GetBytes(c.Body, "name"); name.Type == gjson.String && name.Str == "" {
						p.InstanceIDs = nil
					}
					return next(m, c, p)
				}
			})},
		{"instances-default-page-of-10", "D-INSTANCES-PAGE-DEFAULT", "DescribeInstances gives pages of 10 when nobody asks for a size.",
			nil, defaulting(mock.DescribeInstances, 10)},
		{"instances-default-page-of-50", "D-INSTANCES-PAGE-DEFAULT", "DescribeInstances gives pages of 50 when nobody asks for a size.",
			nil, defaulting(mock.DescribeInstances, 50)},
	}
}

// unknownHidesKnown makes a listing empty if an id does not exist.
func unknownHidesKnown(action string) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			if known := len(m.Store.Named(p.InstanceIDs)); known > 0 && known < len(slices.Compact(slices.Sorted(slices.Values(p.InstanceIDs)))) {
				o.Rows, o.Total = nil, 0
			}
			return o
		}
	})
}
