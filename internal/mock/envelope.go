package mock

import (
	"net/http"
	"strconv"

	"github.com/tidwall/gjson"
)

// mediaType is that of every answer (R).
const mediaType = "application/json"

// outcome is what came of a call: a refusal, or a success, which may hold a listing or
// the ids that a batch failed for.
type outcome struct {
	refusal refusal
	listing bool
	total   int
	rows    []Instance
	row     row // how the action shows them
	batch   bool
	failed  []string // of a batch: the ids that it was not carried out for
}

// envelope is the members of an answer's body, and its status.
type envelope struct {
	status    int
	requestID string
	refusal   refusal // of a failure: its code and message
	innerID   string  // of a success: the request id in the response
	outcome   outcome // of a success: what else the response holds
}

// answer is what goes out.
type answer struct {
	status    int
	mediaType string // empty: no Content-Type at all
	body      []byte
}

// wrap puts an outcome into the envelope (R): 200 for a success, the same id twice.
func wrap(requestID string, o outcome) envelope {
	if o.refusal.refused() {
		return envelope{status: o.refusal.status, requestID: requestID, refusal: o.refusal}
	}
	return envelope{status: http.StatusOK, requestID: requestID, innerID: requestID, outcome: o}
}

// encode appends the envelope as compact JSON.
func encode(dst []byte, e envelope) []byte {
	dst = appendText(append(dst, `{"requestId":`...), e.requestID)
	if e.refusal.refused() {
		dst = appendText(append(dst, `,"code":`...), e.refusal.code)
		dst = appendText(append(dst, `,"message":`...), e.refusal.message)
		return append(dst, '}')
	}
	dst = appendText(append(dst, `,"response":{"requestId":`...), e.innerID)
	if e.outcome.listing {
		dst = strconv.AppendInt(append(dst, `,"totalCount":`...), int64(e.outcome.total), 10)
		dst = append(dst, `,"dataSet":[`...)
		for i := range e.outcome.rows {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.outcome.row(dst, &e.outcome.rows[i])
		}
		dst = append(dst, ']')
	}
	if e.outcome.batch {
		dst = appendTexts(append(dst, `,"instanceIds":`...), e.outcome.failed)
	}
	return append(dst, '}', '}')
}

// deliver writes the answer in one piece.
func deliver(w http.ResponseWriter, c *call, a answer) {
	h := w.Header()
	h.Set("Date", c.wall.UTC().Format(http.TimeFormat)) // net/http would take the machine's clock
	h["Content-Type"] = nil                             // or net/http would guess one
	if a.mediaType != "" {
		h.Set("Content-Type", a.mediaType)
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	// A caller who has gone away is told nothing more.
	_, _ = w.Write(a.body)
}

func appendText(dst []byte, s string) []byte { return gjson.AppendJSONString(dst, s) }

func appendTexts(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(dst, s)
	}
	return append(dst, ']')
}

// Refuse writes an error response as the API does, with a request id of its own. An empty
// message is filled in.
func (m *Mock) Refuse(w http.ResponseWriter, status int, code, message string) {
	fill(&message, "the test asked for it")
	body := m.behaviour.encode(nil, envelope{status: status, requestID: m.behaviour.requestID(), refusal: refusal{status, code, message}})
	deliver(w, &call{wall: m.clock()}, answer{status: status, mediaType: mediaType, body: body})
}
