package defects

import (
	"bytes"
	"net/http"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// deliveryVariants differ in how an answer is sent.
func deliveryVariants() []Variant {
	return []Variant{
		{Name: "chunked", Text: "Bodies are sent in chunks, without a length.", Freedom: "how HTTP frames a body", apply: chunking},
		{Name: "connection-closed", Text: "The connection is closed after each answer.", Freedom: "how long HTTP keeps a connection",
			apply: heading(func(h http.Header) { h.Set("Connection", "close") })},
		{Name: "further-headers", Text: "Answers carry further headers, one of them twice.", Freedom: "the headers of an answer",
			apply: heading(func(h http.Header) {
				h.Set("Server", "openresty")
				h.Set("Cache-Control", "no-store")
				h["Set-Cookie"] = []string{"a=1", "b=2"}
			})},
		{Name: "slow-answers", Text: "Each answer takes five milliseconds.", Freedom: "how long an answer takes",
			apply: redelivering(everyAnswer, func(*mock.Call, *mock.Answer) { time.Sleep(5 * time.Millisecond) })},
		{Name: "uneven-answers", Text: "Each answer takes up to six milliseconds, each another time.", Freedom: "how long an answer takes",
			apply: redelivering(everyAnswer, func(_ *mock.Call, a *mock.Answer) {
				time.Sleep(time.Duration(number(string(a.Body))%7) * time.Millisecond)
			})},
		{Name: "http2", Text: "The mock is served over TLS, where HTTP/2 is spoken.", Freedom: "the version of HTTP", TLS: true},
	}
}

// heading adds headers to every answer.
func heading(add func(h http.Header)) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Deliver
		m.Behaviour.Deliver = func(w http.ResponseWriter, c *mock.Call, a mock.Answer) {
			add(w.Header())
			next(w, c, a)
		}
	}
}

// chunking sends a body in several parts.
func chunking(m *mock.Mock) {
	m.Behaviour.Deliver = func(w http.ResponseWriter, _ *mock.Call, a mock.Answer) {
		w.Header().Set("Content-Type", a.MediaType)
		w.WriteHeader(a.Status)
		for part := range bytes.SplitAfterSeq(a.Body, []byte(",")) {
			_, _ = w.Write(part) // a client that has disconnected needs no answer
			_ = http.NewResponseController(w).Flush()
		}
	}
}
