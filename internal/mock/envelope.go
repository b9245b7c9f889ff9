package mock

import (
	"net/http"
	"strconv"

	"github.com/tidwall/gjson"
)

// mediaType is the media type of every answer (R).
const mediaType = "application/json"

// Outcome is the result of a call: a refusal, or a success, which may contain a listing or the ids
// for which a batch failed.
type Outcome struct {
	Refusal Refusal
	Listing bool
	Total   int
	Rows    []Instance
	Row     row // how the action shows them
	Batch   bool
	Failed  []string // for a batch: the ids for which it was not carried out
}

// Envelope holds the members of an answer's body, and its status.
type Envelope struct {
	status    int
	RequestID string
	Refusal   Refusal // for an error: its code and message
	InnerID   string  // for a success: the request id in the response
	outcome   Outcome // for a success: the other content of the response
}

// Answer is an answer as it is sent.
type Answer struct {
	Status    int
	MediaType string // empty means no Content-Type
	Body      []byte
}

// wrap puts an outcome into an envelope (R): status 200 for a success, with the same id twice.
func wrap(requestID string, o Outcome) Envelope {
	if o.Refusal.Refused() {
		return Envelope{status: o.Refusal.Status, RequestID: requestID, Refusal: o.Refusal}
	}
	return Envelope{status: http.StatusOK, RequestID: requestID, InnerID: requestID, outcome: o}
}

// Encode appends the envelope as compact JSON.
func Encode(dst []byte, e Envelope) []byte {
	dst = appendText(append(dst, `{"requestId":`...), e.RequestID)
	if e.Refusal.Refused() {
		dst = appendText(append(dst, `,"code":`...), e.Refusal.Code)
		dst = appendText(append(dst, `,"message":`...), e.Refusal.Message)
		return append(dst, '}')
	}
	dst = appendText(append(dst, `,"response":{"requestId":`...), e.InnerID)
	if e.outcome.Listing {
		dst = strconv.AppendInt(append(dst, `,"totalCount":`...), int64(e.outcome.Total), 10)
		dst = append(dst, `,"dataSet":[`...)
		for i := range e.outcome.Rows {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.outcome.Row(dst, &e.outcome.Rows[i])
		}
		dst = append(dst, ']')
	}
	if e.outcome.Batch {
		dst = appendTexts(append(dst, `,"instanceIds":`...), e.outcome.Failed)
	}
	return append(dst, '}', '}')
}

// deliver writes the answer in one piece.
func deliver(w http.ResponseWriter, c *Call, a Answer) {
	h := w.Header()
	h.Set("Date", c.Wall.UTC().Format(http.TimeFormat)) // net/http would use the machine's clock
	h["Content-Type"] = nil                             // otherwise net/http would guess one
	if a.MediaType != "" {
		h.Set("Content-Type", a.MediaType)
	}
	h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
	// A client that has disconnected needs no answer.
	_, _ = w.Write(a.Body)
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

// Refuse writes an error response in the form of the API, with a new request id. It fills in an
// empty message.
func (m *Mock) Refuse(w http.ResponseWriter, status int, code, message string) {
	fill(&message, "the test asked for it")
	body := m.Behaviour.encode(nil, Envelope{status: status, RequestID: m.Behaviour.RequestID(), Refusal: Refusal{status, code, message}})
	deliver(w, &Call{Wall: m.Clock()}, Answer{Status: status, MediaType: mediaType, Body: body})
}
