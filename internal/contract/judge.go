package contract

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Judge judges the exchanges of one run. It remembers request ids, so it must be given each
// exchange only once. It is safe for concurrent use.
type Judge struct {
	// Clean removes secrets from a text before the text is shortened, because a secret that was cut
	// in half would not be found. It must be set before the first exchange; nil removes nothing.
	Clean func(text string) string

	contract *Contract

	large sync.Mutex // held while a large body is judged, because its parsed form takes thirty times the memory

	mu   sync.Mutex
	seen map[[sha256.Size]byte]struct{} // digests, because an id can be as long as a body
}

// largeBody is the size from which bodies are judged one at a time.
const largeBody = 64 << 10

// NewJudge returns the judge of a new run.
func (c *Contract) NewJudge() *Judge {
	return &Judge{contract: c, seen: map[[sha256.Size]byte]struct{}{}}
}

// Judgement is the result of judging one exchange.
type Judgement struct {
	Findings []verdict.Finding
	// Judged holds the ids of the clauses that the exchange was judged by, including those of the
	// findings. It leaves out the clauses that say which error applies, because judging those
	// requires knowing the intent of the request. The slice is shared and must not be changed.
	Judged []string
}

// Exchange judges one exchange by its operation. An exchange with a cause, or without an answer,
// gives neither findings nor clauses. An unknown operation is judged by what applies to all. In a
// listing, only the rows of resources that the request itself names are judged.
func (j *Judge) Exchange(ex wire.Exchange) Judgement { return j.ExchangeAmong(Named{}, ex) }

// ExchangeAmong judges one exchange of a scenario. It adds the ids in the request to those that the
// scenario has named before, and judges the rows of these resources only.
func (j *Judge) ExchangeAmong(named Named, ex wire.Exchange) Judgement {
	op := j.contract.operation(ex.Operation)
	named.add(op.request, ex.Sent.Body)
	if !ex.Judgeable() {
		return Judgement{}
	}
	if len(ex.Received.Body) > largeBody {
		j.large.Lock()
		defer j.large.Unlock()
	}
	e := evaluation{judge: j, op: op, answer: ex.Received, named: named}
	if ex.Sent.Method != "" && ex.Sent.Method != http.MethodPost {
		e.otherMethod(ex.Sent.Method)
	} else {
		e.evaluate()
	}
	return Judgement{Findings: e.findings, Judged: e.all()}
}

// repeated records a request id and reports whether it was seen before.
func (j *Judge) repeated(id string) bool {
	digest := sha256.Sum256([]byte(id))
	j.mu.Lock()
	defer j.mu.Unlock()
	_, seen := j.seen[digest]
	j.seen[digest] = struct{}{}
	return seen
}

// evaluation is the judging of one exchange. What is found first decides what is checked next, so
// that one fault of the endpoint gives one finding.
type evaluation struct {
	judge    *Judge
	op       *operation
	answer   *wire.Received
	named    Named
	id       string // the outer request id, "" until it has been read
	findings []verdict.Finding
	judged   []string
}

// otherMethod judges the answer to a request with a method other than POST. No document describes
// that answer, except that it is not a success.
func (e *evaluation) otherMethod(method string) {
	e.judged = e.judge.contract.judgedMethod
	if e.answer.Status == http.StatusOK {
		e.report(e.own(verdict.RoleMethod), "status", "any but 200 to "+method, "200")
	}
}

func (e *evaluation) evaluate() {
	e.judged = e.judge.contract.judgedTransport
	value, ok := e.body()
	if !ok {
		return
	}
	envelope, isObject := value.(map[string]any)
	e.id, _ = envelope["requestId"].(string)
	_, hasResponse := envelope["response"].(map[string]any)
	_, hasCode := envelope["code"].(string)
	failed := e.answer.Status < 200 || e.answer.Status >= 300
	switch {
	case failed && !hasCode && e.asSuccess(value, envelope):
		e.report(e.own(verdict.RoleSuccessStatus), "status", "200, as the body is a success", e.status())
		e.success(value, envelope)
	case failed:
		e.failure(value, envelope, isObject)
	case hasCode && !hasResponse:
		e.report(e.own(verdict.RoleFailureStatus), "status", e.failureStatus(envelope["code"].(string)), e.status())
		e.failure(value, envelope, isObject)
	default:
		if e.answer.Status != http.StatusOK {
			e.report(e.own(verdict.RoleSuccessStatus), "status", "200", e.status())
		}
		e.success(value, envelope)
	}
}

// asSuccess reports whether a body with an error status is a complete success: only a success
// carries the request id a second time. A body with an error in that place is not one.
func (e *evaluation) asSuccess(value any, envelope map[string]any) bool {
	response, _ := envelope["response"].(map[string]any)
	_, again := response["requestId"]
	return again && !e.anyOf(response, "code", "message") && len(e.op.answers[http.StatusOK].check.violations(value)) == 0
}

// success judges the body of an answer that should be a success.
func (e *evaluation) success(value any, envelope map[string]any) {
	a := e.op.answers[http.StatusOK]
	e.judged = a.judgedFull
	response, _ := envelope["response"].(map[string]any)
	if !e.rowsJudged(a, response) {
		e.judged = a.judgedEmpty
	}
	if !e.anyOf(envelope, "requestId", "response") {
		e.report(e.own(verdict.RoleSuccessEnvelope), "body", "an object with requestId and response", e.render(value))
		return
	}
	e.schema(a, value)
	inner, _ := response["requestId"].(string)
	if e.id != "" && inner != "" && e.id != inner {
		e.report(e.own(verdict.RoleRequestIDEqual), "/response/requestId", e.id, inner)
	}
	e.unique()
}

// failure judges the body of an answer that should be an error.
func (e *evaluation) failure(value any, envelope map[string]any, isObject bool) {
	a := e.op.answers[e.answer.Status]
	if a == nil || e.answer.Status < 400 {
		a = e.op.refusal
	}
	if e.op.refuses(e.answer.Status) {
		a = e.op.open
	}
	e.judged = a.judgedFull
	if !isObject || !e.anyOf(envelope, "code", "message") {
		e.report(e.own(verdict.RoleFailureEnvelope), "body", "an object with requestId, code and message", e.render(value))
		return
	}
	e.schema(a, value)
	if code, ok := envelope["code"].(string); ok && e.answer.Status >= 400 {
		e.pair(code)
	}
	e.unique()
}

func (e *evaluation) anyOf(envelope map[string]any, names ...string) bool {
	for _, name := range names {
		if _, ok := envelope[name]; ok {
			return true
		}
	}
	return false
}

// pair checks that status and code are documented together. A code that is documented with another
// status violates the clause of that pair. If the list of codes is open, any code is allowed.
func (e *evaluation) pair(code string) {
	if e.op.refuses(e.answer.Status) {
		return
	}
	pairs := e.op.byCode[code]
	for _, p := range pairs {
		if p.Status == e.answer.Status {
			return
		}
	}
	if e.op.isSuperseded(e.answer.Status, code) {
		return // whether its reason can apply depends on the request
	}
	if len(pairs) > 0 {
		e.report(pairs[0].Clause, "status", pairs[0].String(), e.status()+" "+code)
		return
	}
	want := "a documented status with one of its codes"
	if a := e.op.answers[e.answer.Status]; a != nil {
		var codes []string
		for _, p := range e.op.pairs {
			if p.Status == e.answer.Status {
				codes = append(codes, p.Code)
			}
		}
		want = oneOf(codes)
	}
	e.report(e.own(verdict.RoleErrorResponse), "/code", want, e.status()+" "+e.quote(code))
}

// failureStatus returns the status that an error with a code should have.
func (e *evaluation) failureStatus(code string) string {
	if pairs := e.op.byCode[code]; len(pairs) > 0 {
		return pairs[0].String()
	}
	return "4xx or 5xx, as the body is a failure"
}

// schema checks the body against the schema of an answer. If several values violate one clause, it
// reports only the first, because a fault in one row is usually in every row.
func (e *evaluation) schema(a *answer, value any) {
	named := map[string]bool{}
	for _, v := range a.check.violations(value) {
		if e.unrelated(a.body, value, v.path) {
			continue
		}
		place := a.body.at(v.path)
		if place.Type == "" {
			continue // OpenAPI 3.0.3 allows null in a schema without a type; the library does not
		}
		clause := place.Clause
		if v.keyword == "enum" {
			if len(v.path) == 1 && v.path[0] == "code" {
				continue // pair judges this, and knows the other statuses
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
			got = e.render(v.got)
		}
		e.report(clause, pointer(v.path), wanted(place, v.keyword), got)
	}
}

func (e *evaluation) unique() {
	if e.id != "" && e.judge.repeated(e.id) {
		e.report(e.own(verdict.RoleRequestIDUnique), "/requestId", "an id of its own", e.id+", seen before")
	}
}

// all returns the clauses that the exchange was judged by, including those of the findings.
func (e *evaluation) all() []string {
	judged := e.judged
	for _, f := range e.findings {
		if !slices.Contains(judged, f.Clause) {
			judged = append(slices.Clip(judged), f.Clause)
		}
	}
	return judged
}

func (e *evaluation) status() string { return strconv.Itoa(e.answer.Status) }

func (e *evaluation) own(role verdict.Role) string { return e.judge.contract.own(role) }

func (e *evaluation) report(clause, where, want, got string) {
	c := e.judge.contract
	stated := c.clauses[c.byID[clause]]
	e.findings = append(e.findings, verdict.Finding{
		Clause: clause, Source: stated.Source, Level: stated.Level,
		Where: where, Want: want, Got: e.quote(got), RequestID: e.quote(e.id), Rows: c.Lists(where),
	})
}
