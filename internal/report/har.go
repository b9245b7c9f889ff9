package report

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The objects of HAR 1.2. As the format allows, custom members begin with _.
type (
	harPage struct {
		Started string   `json:"startedDateTime"`
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Timings struct{} `json:"pageTimings"`
	}
	harEntry struct {
		Page     string      `json:"pageref"`
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"` // in milliseconds, like all times here
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Action   string      `json:"_action"`
		Attempt  int         `json:"_attempt"`
		ID       string      `json:"_requestId,omitempty"`
		Findings []string    `json:"_findings,omitempty"`
	}
	harRequest struct {
		Method      string       `json:"method"`
		URL         string       `json:"url"`
		Version     string       `json:"httpVersion"`
		Cookies     []harNothing `json:"cookies"`
		Header      []headerLine `json:"headers"`
		Query       []harNothing `json:"queryString"`
		Post        *harPost     `json:"postData,omitempty"`
		HeadersSize int          `json:"headersSize"`
		BodySize    int          `json:"bodySize"`
	}
	harPost struct {
		Type     string `json:"mimeType"`
		Text     string `json:"text"`
		Encoding string `json:"_encoding,omitempty"`
	}
	harResponse struct {
		Status      int          `json:"status"`
		Text        string       `json:"statusText"`
		Version     string       `json:"httpVersion"`
		Cookies     []harNothing `json:"cookies"`
		Header      []headerLine `json:"headers"`
		Content     harContent   `json:"content"`
		Redirect    string       `json:"redirectURL"`
		HeadersSize int          `json:"headersSize"`
		BodySize    int          `json:"bodySize"`
		Error       string       `json:"_error,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		Type     string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Encoding string `json:"encoding,omitempty"`
	}
	harTimings struct {
		Blocked float64 `json:"blocked"`
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		SSL     float64 `json:"ssl"`
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
	harNothing struct{} // cookies and queries, which the protocol does not have; headers show everything that was sent
)

const unknownSize = -1 // the HAR value for a size or time that was not measured

// writeHAR writes every exchange, with one page per scenario.
func writeHAR(w io.Writer, b *Reader) error {
	out := jsonLines{out: bufio.NewWriterSize(w, 1<<16)}
	out.literal(`{"log":{"version":"1.2","creator":`)
	out.value(struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}{b.Head.Tool.Name, b.Head.Tool.Version})
	if left := unrestoredTexts(b.Head.Unrestored); len(left) > 0 {
		out.literal(`,"comment":`)
		out.value(strings.Join(left, "\n"))
	}
	out.literal(`,"_target":`)
	out.value(b.Head.Target.Kind)
	out.literal(`,"_complete":`)
	out.value(b.Head.Target.Kind == "mock" || b.Head.Fixture != nil && b.Head.Fixture.Complete)
	out.literal(`,"pages":[`)
	fixture := b.fixture()
	for _, e := range b.entries {
		if e.exchanges > 0 {
			out.item(harPage{Started: stamp(e.start), ID: e.id, Title: e.id + ": " + e.name})
		}
	}
	if len(fixture.Exchanges) > 0 {
		out.item(harPage{Started: stamp(fixture.Exchanges[0].Timing.Start), ID: fixture.ID, Title: fixture.Name})
	}
	out.end(`],"entries":[`)
	for s, err := range b.some(func(e entry) bool { return e.exchanges > 0 }, whole) {
		if err != nil {
			return err
		}
		for i, x := range s.Exchanges {
			out.item(harEntryOf(s, i+1, x))
		}
	}
	for i, x := range fixture.Exchanges {
		out.item(harEntryOf(fixture, i+1, x))
	}
	out.end("]}}\n")
	return out.flush()
}

// fixture returns the exchanges outside of scenarios, in the form of a scenario.
func (b *Reader) fixture() verdict.Scenario {
	s := verdict.Scenario{ID: "fixture", Name: "instances are prepared and restored"}
	if b.Head.Fixture != nil {
		s.Exchanges = b.Head.Fixture.Exchanges
	}
	return s
}

func harEntryOf(s verdict.Scenario, n int, x wire.Exchange) harEntry {
	t := x.Timing
	e := harEntry{
		Page: s.ID, Started: stamp(t.Start), Time: milliseconds(t.End), Request: harRequestOf(x), Response: harResponseOf(x),
		Timings: harTimings{
			Blocked: unknownSize, DNS: unknownSize, Connect: unknownSize, SSL: unknownSize,
			Wait: milliseconds(t.End),
		},
		Action: x.Operation.Action, Attempt: x.Attempt, ID: x.RequestID(),
	}
	if t.FirstByte > 0 {
		e.Timings.Wait, e.Timings.Receive = milliseconds(t.FirstByte), milliseconds(max(t.End-t.FirstByte, 0))
		e.Time = e.Timings.Wait + e.Timings.Receive
	}
	for _, f := range s.Findings {
		if f.Exchange == n || n == len(s.Exchanges) && (f.Exchange < 1 || f.Exchange > n) { // a finding without an exchange is attached to the last one
			e.Findings = append(e.Findings, oneLine(f.Error())+" [fingerprint "+f.Fingerprint()+"]")
		}
	}
	return e
}

func harRequestOf(x wire.Exchange) harRequest {
	r := harRequest{
		Method: x.Sent.Method, URL: x.Sent.URL, Version: "HTTP/1.1", Header: harHeader(x.Sent.Header),
		Cookies: []harNothing{}, Query: []harNothing{}, HeadersSize: unknownSize, BodySize: len(x.Sent.Body),
	}
	if x.Received != nil {
		r.Version = x.Received.Proto
	}
	if len(x.Sent.Body) > 0 {
		text, encoding := harText(x.Sent.Body)
		r.Post = &harPost{Type: x.Sent.Header.Get("Content-Type"), Text: text, Encoding: encoding}
	}
	return r
}

func harResponseOf(x wire.Exchange) harResponse {
	r := harResponse{Cookies: []harNothing{}, Header: []headerLine{}, HeadersSize: unknownSize, BodySize: unknownSize}
	if x.Cause != "" {
		r.Error = string(x.Cause) + ": " + x.Detail
	}
	if x.Received == nil {
		r.Content.Type = "x-unknown"
		return r
	}
	a := x.Received
	r.Status, r.Text, r.Version, r.Header = a.Status, http.StatusText(a.Status), a.Proto, harHeader(a.Header)
	r.Redirect, r.BodySize = a.Header.Get("Location"), len(a.Body)
	text, encoding := harText(a.Body)
	r.Content = harContent{Size: len(a.Body), Type: a.Header.Get("Content-Type"), Text: text, Encoding: encoding}
	return r
}

func harHeader(h http.Header) []headerLine {
	if lines := headerLines(h); lines != nil {
		return lines
	}
	return []headerLine{}
}

// harText returns a body as text, or as base64 if it is not UTF-8.
func harText(body wire.Body) (text, encoding string) {
	if utf8.Valid(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// jsonLines writes a JSON document with one list item per line, until the first error, which it
// stores.
type jsonLines struct {
	out  *bufio.Writer
	more bool // the next item needs a separator
	err  error
}

func (j *jsonLines) literal(text string) {
	if j.err == nil {
		_, j.err = j.out.WriteString(text)
	}
}

func (j *jsonLines) value(v any) {
	encoded, err := encode(v)
	if err != nil && j.err == nil {
		j.err = fmt.Errorf("encode %T: %w", v, err)
	}
	j.literal(string(encoded))
}

// item writes the next list item.
func (j *jsonLines) item(v any) {
	if j.more {
		j.literal(",")
	}
	j.literal("\n")
	j.more = true
	j.value(v)
}

// end writes a text after the list.
func (j *jsonLines) end(text string) {
	if j.more {
		j.literal("\n")
	}
	j.more = false
	j.literal(text)
}

func (j *jsonLines) flush() error {
	if j.err != nil {
		return j.err
	}
	return j.out.Flush()
}
