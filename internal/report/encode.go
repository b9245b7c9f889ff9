package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Record is a scenario in its written form.
type Record struct {
	Scenario verdict.Scenario
	JSON     []byte // a single line
}

// Encode returns the written form of a scenario. The exchanges are most of it, so they are encoded
// member by member, because reflection takes several times as long. They come last, so that the
// data needed first can be read without them.
func Encode(s verdict.Scenario) (Record, error) {
	s = canonical(s)
	outline := s
	outline.Exchanges = nil
	text, err := encode(outline)
	if err != nil {
		return Record{}, fmt.Errorf("write scenario %s as JSON: %w", s.ID, err)
	}
	if len(s.Exchanges) > 0 {
		text = slices.Grow(text[:len(text)-1], sizeOf(s.Exchanges))
		text = append(text, `,"exchanges":[`...)
		for i := range s.Exchanges {
			if i > 0 {
				text = append(text, ',')
			}
			text = appendExchange(text, &s.Exchanges[i])
		}
		text = append(text, "]}"...)
	}
	return Record{Scenario: s, JSON: text}, nil
}

// encode encodes a value as one line of JSON without raw control characters.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escapeControls(bytes.TrimSuffix(buf.Bytes(), []byte("\n"))), nil
}

// sizeOf estimates the size of exchanges as JSON, in bytes.
func sizeOf(exchanges []wire.Exchange) int {
	const frame = 512 // the constant part of an exchange
	size := 0
	for _, x := range exchanges {
		size += frame + sizeOfHeader(x.Sent.Header) + len(x.Sent.Body)*5/4
		if x.Received != nil {
			size += sizeOfHeader(x.Received.Header) + len(x.Received.Body)*5/4
		}
	}
	return size
}

func sizeOfHeader(h http.Header) int {
	size := 0
	for name, values := range h {
		size += len(name) + 6
		for _, value := range values {
			size += len(value) + 4
		}
	}
	return size
}

func appendExchange(b []byte, x *wire.Exchange) []byte {
	b = appendString(append(b, `{"operation":{"path":`...), x.Operation.Path)
	b = appendString(append(b, `,"action":`...), x.Operation.Action)
	b = appendString(append(b, `,"version":`...), x.Operation.Version)
	b = appendString(append(b, `},"effect":`...), string(x.Effect))
	b = strconv.AppendInt(append(b, `,"attempt":`...), int64(x.Attempt), 10)
	b = appendString(append(b, `,"request":{"method":`...), x.Sent.Method)
	b = appendString(append(b, `,"url":`...), x.Sent.URL)
	b = appendHeader(append(b, `,"headers":`...), x.Sent.Header)
	b = appendBody(append(b, `,"body":`...), x.Sent.Body)
	if r := x.Received; r != nil {
		b = strconv.AppendInt(append(b, `},"response":{"status":`...), int64(r.Status), 10)
		b = appendString(append(b, `,"protocol":`...), r.Proto)
		b = appendHeader(append(b, `,"headers":`...), r.Header)
		b = appendBody(append(b, `,"body":`...), r.Body)
	}
	b = x.Timing.Start.AppendFormat(append(b, `},"timing":{"start":"`...), time.RFC3339Nano)
	b = strconv.AppendInt(append(b, `","firstByteNs":`...), int64(x.Timing.FirstByte), 10)
	b = strconv.AppendInt(append(b, `,"endNs":`...), int64(x.Timing.End), 10)
	b = append(b, '}')
	if x.Cause != "" {
		b = appendString(append(b, `,"cause":`...), string(x.Cause))
	}
	if x.Detail != "" {
		b = appendString(append(b, `,"detail":`...), x.Detail)
	}
	return append(b, '}')
}

func appendHeader(b []byte, h http.Header) []byte {
	b = append(b, '{')
	var room [16]string // for the names, in order
	names := room[:0]
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':', '[')
		for j, value := range h[name] {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendString(b, value)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendBody(b []byte, body wire.Body) []byte {
	if utf8.Valid(body) {
		return appendString(b, body)
	}
	text, err := body.MarshalJSON()
	if err != nil {
		return append(b, "null"...) // encoding bytes never fails
	}
	return append(b, text...)
}

// appendString appends a JSON string. It leaves everything beyond printable ASCII to the library.
func appendString[T string | []byte | wire.Body](b []byte, text T) []byte {
	start := len(b)
	b = append(b, '"')
	kept := 0 // how much of text is in b
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			continue
		}
		b = append(b, text[kept:i]...)
		kept = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			whole, err := encode(string(text))
			if err != nil {
				whole = []byte(`""`) // encoding a string never fails
			}
			return append(b[:start], whole...)
		}
	}
	return append(append(b, text[kept:]...), '"')
}
