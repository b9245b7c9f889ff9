package mock

import (
	"net/http"
	"slices"

	"github.com/tidwall/gjson"
)

// batchDefects get wrong which of several instances are changed, and which are named.
func (p power) batchDefects() []Defect {
	return []Defect{
		p.defect("failed-lists-successes", "BATCH", "% names in instanceIds those that it was carried out for.",
			nil, p.naming(func(ids, failed []string) []string { return missingFrom(ids, failed) })),
		p.defect("failed-lists-all", "BATCH", "% names in instanceIds whatever the request did, once one has failed.",
			nil, p.naming(func(ids, failed []string) []string {
				if len(failed) == 0 {
					return failed
				}
				return ids
			})),
		p.defect("failed-omits-one", "BATCH", "% does not name the last one that it failed for.",
			nil, p.naming(func(_, failed []string) []string { return failed[:max(0, len(failed)-1)] })),
		p.defect("failed-omits-unknown", "BATCH", "% does not name what does not exist.",
			nil, func(m *Mock) {
				p.naming(func(_, failed []string) []string {
					return slices.DeleteFunc(failed, func(id string) bool { return m.store.find(id) == nil })
				})(m)
			}),
		p.defect("failed-and-done", "BATCH", "% names an instance as failed for its status, and begins all the same.",
			append(p.own("ONLY-FROM"), "R-REFUSED-UNCHANGED"), // it is done from another status, and named as not done
			performing(p.name, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, q params) outcome {
					o := next(m, c, q)
					for _, id := range o.failed {
						if holds(m, id, c, func(in Instance) bool { return !slices.Contains(recycled(), in.Status) }) {
							begin(m, p.name, id, "", c.now)
						}
					}
					return o
				}
			})),
		p.defect("success-named-failed", "BATCH", "% names the first one as failed when nothing was, and begins all the same.",
			p.own("CARRIED-OUT"), // what is named is not carried out, and this is
			p.naming(func(ids, failed []string) []string {
				if len(failed) == 0 {
					return ids[:min(1, len(ids))]
				}
				return failed
			})),
		p.defect("stops-at-first-bad", p.unlessItReturns("TRANSIENT", "BATCH"), "% leaves the rest of the list when it comes to a bad one, and names that alone.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "BATCH", "END"), "C-STATUS-TRUE"), // nothing is seen of those left out
			p.cutting(func(bad int, _ []string) int { return bad })),
		p.defect("first-only", "BATCH", "% looks at the first of instanceIds only.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "END"), "C-STATUS-TRUE"), // nothing is seen of those left out
			asking(p.name, firstOnly)),
		p.defect("last-one-forgotten", "TRANSIENT", "% does not come to the last of several instances.",
			append(p.own("CARRIED-OUT", "BATCH", "END"), "C-STATUS-TRUE"), // nothing is seen of those left out
			asking(p.name, func(q *params) {
				if len(q.instanceIDs) > 1 {
					q.instanceIDs = q.instanceIDs[:len(q.instanceIDs)-1]
				}
			})),
		p.defect("refused-whole-yet-done", "R-REFUSED-UNCHANGED", "% refuses the whole list for a bad one once it has begun with the good ones.",
			p.own("BATCH"), // all or exactly the good ones
			func(m *Mock) {
				performing(p.name, func(_ *Mock, next perform) perform {
					return func(m *Mock, c *call, q params) outcome {
						o := next(m, c, q)
						if len(o.failed) > 0 {
							return outcome{refusal: m.target(p.name, o.failed[0], c, q).refusal}
						}
						return o
					}
				})(m)
			}),
		p.defect("failed-as-text", "FAILED", "% names the failed in one text, separated by commas.",
			p.own("BATCH"), // no list names them
			responding(p.name, func(r object) { r["instanceIds"] = joined(r["instanceIds"]) })),
		p.defect("failed-as-objects", "FAILED", "% names the failed in objects with id and reason.",
			p.own("BATCH"), // no id stands in the list
			responding(p.name, func(r object) {
				var rows []any
				list, _ := r["instanceIds"].([]any)
				for _, id := range list {
					rows = append(rows, object{"instanceId": id, "reason": "failed"})
				}
				r["instanceIds"] = rows
			})),
	}
}

// naming has an action name other ids as failed, given those asked for and those that did.
func (p power) naming(choose func(ids, failed []string) []string) injection {
	return performing(p.name, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, q params) outcome {
			o := next(m, c, q)
			if !o.refusal.refused() {
				o.failed = choose(slices.Clone(q.instanceIDs), slices.Clone(o.failed))
			}
			return o
		}
	})
}

// cutting has an action look at the beginning of its list alone when something in it is
// bad: up to where choose says, given the index of the first bad one.
func (p power) cutting(choose func(bad int, ids []string) int) injection {
	return performing(p.name, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, q params) outcome {
			bad := slices.IndexFunc(q.instanceIDs, func(id string) bool { return m.target(p.name, id, c, q).refusal.refused() })
			if bad < 1 {
				return next(m, c, q)
			}
			culprit := q.instanceIDs[bad]
			q.instanceIDs = q.instanceIDs[:choose(bad, q.instanceIDs)]
			o := next(m, c, q)
			o.failed = append(o.failed, culprit)
			return o
		}
	})
}

// missingFrom returns the texts of a list that another one does not hold.
func missingFrom(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

func joined(list any) string {
	text := ""
	items, _ := list.([]any)
	for _, item := range items {
		if text != "" {
			text += ","
		}
		text += item.(string)
	}
	return text
}

// envelopeDefects get the form of the action's own answers wrong.
func (p power) envelopeDefects() []Defect {
	done := successes(p.name)
	ownRefusals := func(c *call, a *answer) bool { return a.status != http.StatusOK && c.action() == p.name }
	return []Defect{
		p.defect("response-null", "R-SUCCESS-ENVELOPE", "The response of % is null when it failed for none.",
			append(withoutResponse(), p.own("BATCH", "FAILED")...),
			rewriting(done, func(b object) {
				if list, _ := responseOf(b)["instanceIds"].([]any); len(list) == 0 {
					b["response"] = nil
				}
			})),
		p.defect("202", "R-STATUS-200", "% is answered with 202, being asynchronous.",
			append(p.own("CARRIED-OUT", "BATCH"), "R-STATUS-FAILURE"), redelivering(done, func(_ *call, a *answer) { a.status = http.StatusAccepted })),
		p.defect("207", "R-STATUS-200", "% is answered with 207 when it failed for some.",
			append(p.own("BATCH"), "R-STATUS-FAILURE"), redelivering(func(c *call, a *answer) bool {
				return done(c, a) && gjson.GetBytes(a.body, "response.instanceIds.0").Exists()
			},
				func(_ *call, a *answer) { a.status = http.StatusMultiStatus })),
		p.defect("inner-id-missing", "R-REQUEST-ID-INNER", "The response of % has no request id.",
			[]string{"R-REQUEST-ID-EQUAL"}, responding(p.name, func(r object) { delete(r, "requestId") })),
		p.defect("refusal-under-200", "R-STATUS-FAILURE", "% answers a refusal with an error body under 200.",
			p.everyRefusal("R-STATUS-200", "R-SUCCESS-ENVELOPE", "R-REQUEST-ID-INNER", "R-REQUEST-ID-EQUAL", "R-FAILURE-PAIR"),
			redelivering(ownRefusals, func(_ *call, a *answer) { a.status = http.StatusOK })),
		p.defect("failure-in-error-member", "R-FAILURE-ENVELOPE", "Code and message of a refusal of % are in a member error.",
			p.everyRefusal("R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR"),
			rewriting(ownRefusals, func(b object) {
				b["error"] = object{"code": b["code"], "message": b["message"]}
				delete(b, "code")
				delete(b, "message")
			})),
		p.defect("message-missing", "R-FAILURE-MESSAGE", "Refusals of % have no message.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			rewriting(ownRefusals, func(b object) { delete(b, "message") })),
		p.defect("text-plain", "R-MEDIA-RESPONSE", "The answer to % is declared text/plain.",
			nil, declaring(done, "text/plain")),
	}
}

// everyRefusal is also affected to a defect of all refusals of the action: none of them is then
// what its own clause states.
func (p power) everyRefusal(further ...string) []string {
	if p.name == stopName {
		further = append(further, p.own("FORCE")...)
	}
	further = append(further, everyLock()...)
	return append(append(further, p.own("DENIED", "RECYCLED", "ABSENT", "ONLY-FROM", "IDS", "BODY", "BATCH")...),
		"E-MISSING", "E-WRONG-TYPE", "E-TOO-LONG", "R-PARAMETER-EMPTY", "R-BAD-PARAMETER", "R-BODY-MALFORMED", "R-MEDIA-REQUEST",
		"S-AUTH-REQUIRED", "S-AUTH-KEY", "S-AUTH-METHOD-REQUIRED", "S-AUTH-TIMESTAMP-REQUIRED", "K-AUTH-TOKEN", "E-AUTHORIZATION", "E-SIGNATURE", "S-SIGN-PASSWORD", "E-EXPIRED", "R-METHOD-POST")
}
