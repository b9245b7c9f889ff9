package contract

import (
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Judge judges the exchanges of one run. It remembers the request ids it has
// seen, so each exchange is given to it once. It may be used concurrently.
type Judge struct {
	contract *Contract

	mu   sync.Mutex
	seen map[string]struct{}
}

// NewJudge returns the judge of a new run.
func (c *Contract) NewJudge() *Judge {
	return &Judge{contract: c, seen: map[string]struct{}{}}
}

// Judgement is what one exchange shows.
type Judgement struct {
	Findings []verdict.Finding
	// Judged holds the ids of the clauses the exchange was held against, those of the
	// findings among them. Clauses that say which error applies are not: that takes
	// knowing what was asked. The slice is shared and must not be changed.
	Judged []string
}

// Exchange judges one exchange by its operation. An exchange with a cause, or
// without an answer, gives neither findings nor clauses. An operation that the
// contract does not have is judged by what holds for all.
func (j *Judge) Exchange(ex wire.Exchange) Judgement {
	if !ex.Judgeable() {
		return Judgement{}
	}
	h := hearing{judge: j, op: j.contract.operation(ex.Operation), answer: ex.Received}
	if ex.Sent.Method != "" && ex.Sent.Method != http.MethodPost {
		h.otherMethod(ex.Sent.Method)
	} else {
		h.hear()
	}
	return Judgement{Findings: h.findings, Judged: h.all()}
}

// repeated remembers a request id and reports whether it has been seen before.
func (j *Judge) repeated(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, seen := j.seen[id]
	j.seen[id] = struct{}{}
	return seen
}

// hearing is one exchange being judged. What is found first decides what is
// looked at next: one fault of the endpoint shall be one finding.
type hearing struct {
	judge    *Judge
	op       *operation
	answer   *wire.Received
	id       string // the outer request id, "" until it is read
	findings []verdict.Finding
	judged   []string
}

// otherMethod judges the answer to a request that was not posted. No document
// says what it looks like, only that it is no success.
func (h *hearing) otherMethod(method string) {
	h.judged = h.judge.contract.judgedMethod
	if h.answer.Status == http.StatusOK {
		h.find(h.own(verdict.RoleMethod), "status", "any but 200 to "+method, "200")
	}
}

func (h *hearing) hear() {
	h.judged = h.judge.contract.judgedTransport
	value, ok := h.body()
	if !ok {
		return
	}
	envelope, isObject := value.(map[string]any)
	h.id, _ = envelope["requestId"].(string)
	_, hasResponse := envelope["response"].(map[string]any)
	_, hasCode := envelope["code"].(string)
	failed := h.answer.Status < 200 || h.answer.Status >= 300
	switch {
	case failed && !hasCode && h.asSuccess(value, envelope):
		h.find(h.own(verdict.RoleSuccessStatus), "status", "200, as the body is a success", h.status())
		h.success(value, envelope)
	case failed:
		h.failure(value, envelope, isObject)
	case hasCode && !hasResponse:
		h.find(h.own(verdict.RoleFailureStatus), "status", h.failureStatus(envelope["code"].(string)), h.status())
		h.failure(value, envelope, isObject)
	default:
		if h.answer.Status != http.StatusOK {
			h.find(h.own(verdict.RoleSuccessStatus), "status", "200", h.status())
		}
		h.success(value, envelope)
	}
}

// asSuccess reports whether a body under the status of a failure is a whole success: no
// failure carries the id a second time. One that keeps its error in there is none.
func (h *hearing) asSuccess(value any, envelope map[string]any) bool {
	response, _ := envelope["response"].(map[string]any)
	_, again := response["requestId"]
	return again && !h.anyOf(response, "code", "message") && len(h.op.answers[http.StatusOK].check.violations(value)) == 0
}

// success judges the body of an answer that is meant as a success.
func (h *hearing) success(value any, envelope map[string]any) {
	a := h.op.answers[http.StatusOK]
	h.judged = a.judgedFull
	response, _ := envelope["response"].(map[string]any)
	for _, rows := range response {
		if list, ok := rows.([]any); ok && len(list) == 0 {
			h.judged = a.judgedEmpty
		}
	}
	if !h.anyOf(envelope, "requestId", "response") {
		h.find(h.own(verdict.RoleSuccessEnvelope), "body", "an object with requestId and response", render(value))
		return
	}
	h.schema(a, value)
	inner, _ := response["requestId"].(string)
	if h.id != "" && inner != "" && h.id != inner {
		h.find(h.own(verdict.RoleRequestIDEqual), "/response/requestId", h.id, inner)
	}
	h.unique()
}

// failure judges the body of an answer that is meant as a failure.
func (h *hearing) failure(value any, envelope map[string]any, isObject bool) {
	a := h.op.answers[h.answer.Status]
	if a == nil || h.answer.Status < 400 {
		a = h.op.refusal
	}
	h.judged = a.judgedFull
	if !isObject || !h.anyOf(envelope, "code", "message") {
		h.find(h.own(verdict.RoleFailureEnvelope), "body", "an object with requestId, code and message", render(value))
		return
	}
	h.schema(a, value)
	if code, ok := envelope["code"].(string); ok && h.answer.Status >= 400 {
		h.pair(code)
	}
	h.unique()
}

func (h *hearing) anyOf(envelope map[string]any, names ...string) bool {
	for _, name := range names {
		if _, ok := envelope[name]; ok {
			return true
		}
	}
	return false
}

// pair judges whether status and code are documented together. A code that is
// documented with another status breaks the clause of that pair.
func (h *hearing) pair(code string) {
	pairs := h.op.byCode[code]
	for _, p := range pairs {
		if p.Status == h.answer.Status {
			return
		}
	}
	if len(pairs) > 0 {
		h.find(pairs[0].Clause, "status", pairs[0].String(), h.status()+" "+code)
		return
	}
	want := "a documented status with one of its codes"
	if a := h.op.answers[h.answer.Status]; a != nil {
		var codes []string
		for _, p := range h.op.pairs {
			if p.Status == h.answer.Status {
				codes = append(codes, p.Code)
			}
		}
		want = oneOf(codes)
	}
	h.find(h.own(verdict.RoleErrorResponse), "/code", want, h.status()+" "+shorten(code))
}

// failureStatus says which status a failure with a code should have.
func (h *hearing) failureStatus(code string) string {
	if pairs := h.op.byCode[code]; len(pairs) > 0 {
		return pairs[0].String()
	}
	return "4xx or 5xx, as the body is a failure"
}

// schema holds the body against an answer's schema. Of several values that break
// one clause the first is named: a fault in a row is mostly in every row.
func (h *hearing) schema(a *answer, value any) {
	named := map[string]bool{}
	for _, v := range a.check.violations(value) {
		place := a.body.at(v.path)
		if place.Type == "" {
			continue // OpenAPI 3.0.3: a schema without a type allows null; the library does not
		}
		clause := place.Clause
		if v.keyword == "enum" {
			if len(v.path) == 1 && v.path[0] == "code" {
				continue // by the pairs, which know the other statuses
			}
			if place.values != "" {
				clause = place.values
			}
		}
		if named[clause] {
			continue
		}
		named[clause] = true
		got := "no such member"
		if v.keyword != "required" {
			got = render(v.got)
		}
		h.find(clause, pointer(v.path), wanted(place, v.keyword), got)
	}
}

func (h *hearing) unique() {
	if h.id != "" && h.judge.repeated(h.id) {
		h.find(h.own(verdict.RoleRequestIDUnique), "/requestId", "an id of its own", h.id+", seen before")
	}
}

// all returns the clauses judged by, those of the findings among them.
func (h *hearing) all() []string {
	judged := h.judged
	for _, f := range h.findings {
		if !slices.Contains(judged, f.Clause) {
			judged = append(slices.Clip(judged), f.Clause)
		}
	}
	return judged
}

func (h *hearing) status() string { return strconv.Itoa(h.answer.Status) }

func (h *hearing) own(role verdict.Role) string { return h.judge.contract.own(role) }

func (h *hearing) find(clause, where, want, got string) {
	c := h.judge.contract
	stated := c.clauses[c.byID[clause]]
	h.findings = append(h.findings, verdict.Finding{
		Clause: clause, Source: stated.Source, Level: stated.Level,
		Where: where, Want: want, Got: shorten(got), RequestID: shorten(h.id),
	})
}
