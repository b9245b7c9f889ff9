package mock

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// filterNames are the filters of DescribeInstances beside instanceIds (C).
func filterNames() []string {
	return []string{"imageId", "ipv4Address", "ipv6Address", "name", "resourceGroupId", "status", "zoneId"}
}

// searchDefects get the filters beside instanceIds wrong.
func searchDefects() []Defect {
	of := func(name string, matches func(p *params, in *Instance, right bool) bool) injection {
		return matching(name, matches)
	}
	defects := []Defect{
		{"status-filter-finds-nothing", "C-INSTANCES-FILTERS", "DescribeInstances compares status with a column that is empty, and finds nothing.",
			nil, of("status", func(*params, *Instance, bool) bool { return false })},
		{"status-filter-by-beginning", "C-INSTANCES-FILTERS", "DescribeInstances finds an instance by how its status begins.",
			nil, of("status", func(p *params, in *Instance, _ bool) bool { return in.Status[:2] == p.status[:2] })},
		{"status-filter-overlooks-imaging", "C-INSTANCES-FILTERS", "DescribeInstances does not find the instances that are IMAGING.",
			nil, of("status", func(p *params, _ *Instance, right bool) bool { return right && p.status != "IMAGING" })},
		{"status-filter-finds-one", "C-INSTANCES-FILTERS", "DescribeInstances finds every other instance of a status.",
			nil, of("status", func(_ *params, in *Instance, right bool) bool {
				return right && in.Status != "" && (in.ID[len(in.ID)-1]-'0')%2 == 0
			})},
		{"status-filter-refuses-rebuilding", "C-INSTANCES-FILTERS", "DescribeInstances refuses REBUILDING as a value that is not allowed.",
			nil, refusingWhen(describeInstances, func(p params) bool { return p.status == "REBUILDING" }, invalidValue)},
		{"zone-filter-finds-nothing", "C-INSTANCES-FILTERS", "DescribeInstances looks for the name of a zone in place of its id, and finds nothing.",
			nil, of("zoneId", func(*params, *Instance, bool) bool { return false })},
		{"image-filter-by-case", "C-INSTANCES-FILTERS", "DescribeInstances looks for an image in upper case.",
			nil, of("imageId", func(p *params, in *Instance, _ bool) bool { return strings.ToUpper(in.ImageID) == p.imageID })},
		{"name-filter-finds-longer-ones", "C-INSTANCES-FILTERS", "DescribeInstances finds names that go on after the one asked for, and not that one.",
			nil, of("name", func(p *params, in *Instance, right bool) bool { return right && in.Name != p.name })},
		{"unknown-zone-code-invented", "C-INSTANCES-FILTERS", "A zone that does not exist is refused with a code that no document knows.",
			pairStated(), refusingWhen(describeInstances, func(p params) bool { return p.zoneID == "no-such-zone" },
				refusal{http.StatusNotFound, "INVALID_ZONE_NOT_FOUND", "the zone does not exist"})},

		{"status-group-ignored", "C-STATUS-FILTERS", "DescribeInstancesStatus does not look at resourceGroupId.",
			nil, asking(describeStatus, func(p *params) { p.resourceGroupID = "" })},
		{"status-group-code-invented", "C-STATUS-FILTERS", "A resource group that does not exist is refused with a code that no document knows in DescribeInstancesStatus.",
			pairStated(), unknownGroupWith(describeStatus, refusal{http.StatusNotFound, "INVALID_RESOURCE_GROUP_NOT_FOUND", "the resource group does not exist"})},
		{"status-group-500", "C-STATUS-FILTERS", "A resource group that does not exist brings about an internal error in DescribeInstancesStatus.",
			nil, unknownGroupWith(describeStatus, internalError)},
	}
	for _, name := range filterNames() {
		slug := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "Id"), "Address"))
		if name == "resourceGroupId" {
			slug = "group"
		}
		defects = append(defects, Defect{
			slug + "-filter-misspelt", "C-INSTANCES-FILTERS", "DescribeInstances reads " + name + " under a misspelt name, so that it filters nothing.",
			[]string{"E-WRONG-TYPE"}, // what is not read is of no wrong type
			taking(describeInstances, name, func(t *parameter) { t.name = strings.ToUpper(name[:1]) + name[1:] }),
		})
		defects = append(defects, Defect{
			slug + "-filter-coerced", "E-WRONG-TYPE", "DescribeInstances takes a " + name + " of any type for the string that it looks like.",
			[]string{"C-INSTANCES-FILTERS"}, // it is then no string
			coercing(describeInstances, name),
		})
	}
	return defects
}

// matching changes what a filter lets through; right is what it should.
func matching(name string, matches func(p *params, in *Instance, right bool) bool) injection {
	return func(m *Mock) {
		m.behaviour.filters = slices.Clone(m.behaviour.filters)
		f := &m.behaviour.filters[slices.IndexFunc(m.behaviour.filters, func(f filter) bool { return f.name == name })]
		next := f.matches
		f.matches = func(p *params, in *Instance) bool { return matches(p, in, next(p, in)) }
	}
}

// refusingWhen refuses some calls of an action.
func refusingWhen(action string, when func(p params) bool, with refusal) injection {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			if when(p) {
				return outcome{refusal: with}
			}
			return next(m, c, p)
		}
	})
}

// memberDefects get the members of a row wrong that C gives a type.
func memberDefects() []Defect {
	member := func(name, member, text string, change func(value any) any) Defect {
		return Defect{name, "C-INSTANCES-MEMBERS", text, nil, rerowing(describeInstances, func(row object) { row[member] = change(row[member]) })}
	}
	return []Defect{
		member("cpu-text", "cpu", "The cpu of DescribeInstances is a string.", func(any) any { return "2" }),
		member("memory-with-unit", "memory", "The memory of DescribeInstances is a string with its unit.", func(any) any { return "4 GiB" }),
		member("memory-fraction", "memory", "The memory of DescribeInstances is a number with a fraction.", func(any) any { return 3.5 }),
		member("create-time-number", "createTime", "The createTime of DescribeInstances is a UNIX time.", func(any) any { return 1711972800 }),
		member("create-time-with-offset", "createTime", "The createTime of DescribeInstances has an offset.", func(value any) any {
			text, _ := value.(string)
			return strings.TrimSuffix(text, "Z") + "+08:00"
		}),
		member("name-object", "instanceName", "The instanceName of DescribeInstances is an object by language.", func(value any) any { return object{"en": value} }),
	}
}

// formDefects take timestamps and bodies that are none.
func formDefects() []Defect {
	stamped := func(name, text string, is func(timestamp string) bool, now func(known Credentials, c *call, r refusal) refusal) Defect {
		return Defect{name, "S-AUTH-TIMESTAMP-FORM", text, nil, authenticating(func(known Credentials, c *call, r refusal) refusal {
			if timestamp := c.request.Header.Get("X-ZC-Timestamp"); r.code == invalidAuthorization.code && timestamp != "" && is(timestamp) {
				return now(known, c, r)
			}
			return r
		})}
	}
	fails := func(Credentials, *call, refusal) refusal { return internalError }
	taken := func(Credentials, *call, refusal) refusal { return refusal{} }
	return []Defect{
		stamped("timestamp-letters-500", "A timestamp of letters brings about an internal error.", func(t string) bool { return !strings.ContainsAny(t, "0123456789") }, fails),
		stamped("timestamp-40-digits-500", "A timestamp of 40 digits brings about an internal error.", func(t string) bool { return len(t) == 40 }, fails),
		stamped("timestamp-fraction-taken", "A timestamp is read up to its fraction.", func(t string) bool { return strings.Contains(t, ".") }, taken),
		stamped("timestamp-sign-taken", "A timestamp may have a sign.", func(t string) bool { return t[0] == '+' }, taken),

		{"nul-body-500", "R-BODY-MALFORMED", "A body that begins with a NUL byte brings about an internal error.",
			nil, admittingBody(func(c *call) refusal {
				if len(c.body) > 0 && c.body[0] == 0 {
					return internalError
				}
				return refusal{}
			})},
		{"nul-body-taken-for-empty", "R-BODY-MALFORMED", "A body is read as C reads a string: it ends at the first NUL byte.",
			nil, together(lenientIn(describeStatus, untilNUL), lenientIn(describeInstances, untilNUL))},
		{"nul-before-body-taken", "R-BODY-MALFORMED", "NUL bytes around a body are taken for padding.",
			nil, together(lenientIn(modifyType, withoutNUL), lenientIn(describeStatus, withoutNUL), lenientIn(describeInstances, withoutNUL))},

		{"json-prefix-taken", "R-MEDIA-REQUEST", "Every media type that begins with application/json is taken.",
			nil, takenAs("application/json")},
		{"json-infix-taken", "R-MEDIA-REQUEST", "Every media type that contains application/json is taken.",
			nil, takenAsWhen(func(media string) bool { return strings.Contains(media, "application/json") })},
		{"json-suffix-taken", "R-MEDIA-REQUEST", "Every media type that ends in +json is taken.",
			nil, takenAsWhen(func(media string) bool { return strings.HasSuffix(media, "+json") })},

		{"unknown-action-by-body", "E-ACTION-UNKNOWN", "An action that does not exist is found by the parameters in its body.",
			nil, injection(func(m *Mock) {
				next := m.behaviour.dispatch
				m.behaviour.dispatch = func(actions map[string]action, c *call) (action, refusal) {
					a, r := next(actions, c)
					if !r.refused() || !gjson.ValidBytes(c.body) {
						return a, r
					}
					switch {
					case gjson.GetBytes(c.body, "instanceType").Exists():
						return actions[modifyType], refusal{}
					case gjson.GetBytes(c.body, "instanceIds").Exists():
						return actions[describeStatus], refusal{}
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

// admittingBody looks at bodies before anything else does.
func admittingBody(refuse func(c *call) refusal) injection {
	return authenticating(func(_ Credentials, c *call, r refusal) refusal { return firstOf(r, refuse(c)) })
}

// supersededDefects answer with a superseded pair whose reason cannot hold.
func supersededDefects() []Defect {
	resizes := []string{ // whatever a resize that should succeed is to show
		"M-RESIZE-LOCK", "M-RESIZE-TYPE", "M-RESIZE-ONLY-NAMED", "M-RESIZE-SAME-TYPE", "C-INSTANCES-TRUE", "R-REFUSED-UNCHANGED",
	}
	fine := func(t target) bool {
		return t.found && t.known && t.supported() && !t.instance.GPU && t.instance.Status == Stopped
	}
	return []Defect{
		{"stopped-refused-as-recycled", "M-RESIZE", "A resize of an instance that is STOPPED is refused as one in the recycle bin.",
			resizes, adding(modifyType, beingRecycled, func(t target) bool { return fine(t) && !sameType(t) })},
		{"other-type-refused-as-unchanged", "M-RESIZE", "A resize to another type is refused as one to the same.",
			resizes, adding(modifyType, typeNotChanged, func(t target) bool { return fine(t) && !sameType(t) })},
		{"unknown-instance-sold-out", "M-INSTANCE-NOT-FOUND", "An instance that does not exist is answered as a type that is sold out.",
			nil, answeringWhen(modifyType, instanceNotFound, soldOut, func(target) bool { return true })},
		{"unknown-type-sold-out", "M-TYPE-NOT-FOUND", "A type that does not exist is answered as one that is sold out.",
			nil, answeringWhen(modifyType, instanceTypeNotFound, soldOut, func(target) bool { return true })},
		{"missing-as-sold-out", "E-MISSING", "A missing instanceType is answered as one that is sold out.",
			nil, taking(modifyType, "instanceType", func(t *parameter) { t.absent = soldOut })},
		{"malformed-as-in-plan", "R-BODY-MALFORMED", "A resize whose body is no JSON is refused as one of an instance with a plan.",
			nil, holding(modifyType, func(t *content) { t.malformed = planExists })},

		{"gpu-to-gpu-type-accepted", "M-GPU", "A GPU instance is resized to another type for GPU instances.",
			[]string{"M-GPU-DENIED"}, // what is accepted is not refused
			exempting(modifyType, gpuNotSupported, func(t target) bool { return t.instance.Status == Stopped && t.known && t.spec.use == UseGPU })},
	}
}

// namedDefects get wrong which ids of a filter are answered how.
func namedDefects() []Defect {
	return []Defect{
		{"status-unknown-hides-known", "C-STATUS-UNKNOWN", "DescribeInstancesStatus lists nothing when one of the ids does not exist.",
			nil, unknownHidesKnown(describeStatus)},
		{"instances-unknown-hides-known", "C-INSTANCES-UNKNOWN", "DescribeInstances lists nothing when one of the ids does not exist.",
			nil, unknownHidesKnown(describeInstances)},
		{"empty-name-lists-all", "C-INSTANCES-FILTER", "A name that is the empty text makes DescribeInstances forget instanceIds.",
			[]string{"C-OPTIONAL-EMPTY"}, // the name is then neither absent nor a value
			performing(describeInstances, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, p params) outcome {
					if name := gjson.GetBytes(c.body, "name"); name.Type == gjson.String && name.Str == "" {
						p.instanceIDs = nil
					}
					return next(m, c, p)
				}
			})},
		{"instances-default-page-of-10", "D-INSTANCES-PAGE-DEFAULT", "DescribeInstances gives pages of 10 when nobody asks for a size.",
			nil, defaulting(describeInstances, 10)},
		{"instances-default-page-of-50", "D-INSTANCES-PAGE-DEFAULT", "DescribeInstances gives pages of 50 when nobody asks for a size.",
			nil, defaulting(describeInstances, 50)},
	}
}

// unknownHidesKnown lists nothing when an id does not exist.
func unknownHidesKnown(action string) injection {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			o := next(m, c, p)
			if known := len(m.store.named(p.instanceIDs)); known > 0 && known < len(slices.Compact(slices.Sorted(slices.Values(p.instanceIDs)))) {
				o.rows, o.total = nil, 0
			}
			return o
		}
	})
}
