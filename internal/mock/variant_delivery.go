package mock

import (
	"bytes"
	"net/http"
	"time"
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
			apply: redelivering(everyAnswer, func(*call, *answer) { time.Sleep(5 * time.Millisecond) })},
		{Name: "uneven-answers", Text: "Each answer takes up to six milliseconds, each another time.", Freedom: "how long an answer takes",
			apply: redelivering(everyAnswer, func(_ *call, a *answer) {
				time.Sleep(time.Duration(number(string(a.body))%7) * time.Millisecond)
			})},
		{Name: "http2", Text: "The mock is served over TLS, where HTTP/2 is spoken.", Freedom: "the version of HTTP", TLS: true},
	}
}

// heading adds headers to every answer.
func heading(add func(h http.Header)) injection {
	return func(m *Mock) {
		next := m.behaviour.deliver
		m.behaviour.deliver = func(w http.ResponseWriter, c *call, a answer) {
			add(w.Header())
			next(w, c, a)
		}
	}
}

// chunking sends the parts of a body as they are ready.
func chunking(m *Mock) {
	m.behaviour.deliver = func(w http.ResponseWriter, _ *call, a answer) {
		w.Header().Set("Content-Type", a.mediaType)
		w.WriteHeader(a.status)
		for part := range bytes.SplitAfterSeq(a.body, []byte(",")) {
			_, _ = w.Write(part) // a caller who has gone away is told nothing more
			_ = http.NewResponseController(w).Flush()
		}
	}
}
