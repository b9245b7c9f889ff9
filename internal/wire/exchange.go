package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Exchange is one request with its response and times, as sent and received. It may contain secrets
// that the endpoint echoes, until the client has redacted it.
type Exchange struct {
	Operation Operation `json:"operation"`
	Effect    Effect    `json:"effect"`
	Attempt   int       `json:"attempt"` // 1 for the first attempt, 2 and up for retries
	Sent      Sent      `json:"request"`
	Received  *Received `json:"response,omitempty"` // nil if no complete answer arrived
	Timing    Timing    `json:"timing"`
	// Cause is set if the exchange says nothing about conformance; Detail says more.
	Cause  Cause  `json:"cause,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Sent is the request as it was sent.
type Sent struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"headers"`
	Body   Body        `json:"body"`
}

// Received is a response that arrived completely.
type Received struct {
	Status int         `json:"status"`
	Proto  string      `json:"protocol"`
	Header http.Header `json:"headers"`
	Body   Body        `json:"body"`
}

// Timing says when an exchange began and how long its parts took.
type Timing struct {
	Start     time.Time     `json:"start"`
	FirstByte time.Duration `json:"firstByteNs"` // from Start to the first byte of the response; 0 if there was none
	End       time.Duration `json:"endNs"`       // from Start to the last byte, or to the error
}

// Finished returns the time at which the exchange ended.
func (t Timing) Finished() time.Time { return t.Start.Add(t.End) }

// Judgeable reports whether the exchange says anything about conformance.
func (e Exchange) Judgeable() bool { return e.Cause == "" && e.Received != nil }

// RequestID returns the id that the endpoint gave the request, "" if there is none.
func (e Exchange) RequestID() string {
	if e.Received == nil {
		return ""
	}
	return ReadAnswer(*e.Received).RequestID
}

// Body is a message body. In JSON it is a string, or {"base64": "…"} if the bytes are not valid
// UTF-8, so that nothing is lost.
type Body []byte

type binaryBody struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON implements json.Marshaler.
func (b Body) MarshalJSON() ([]byte, error) {
	if utf8.Valid(b) {
		return json.Marshal(string(b))
	}
	return json.Marshal(binaryBody{Base64: b})
}

// UnmarshalJSON implements json.Unmarshaler.
func (b *Body) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte("{")) {
		var binary binaryBody
		if err := json.Unmarshal(data, &binary); err != nil {
			return fmt.Errorf("read a body: %w", err)
		}
		*b = binary.Base64
		return nil
	}
	var err error
	if *b, err = jsontext.AppendUnquote([]byte{}, data); err == nil {
		return nil
	}
	var text string // invalid Unicode is read as U+FFFD
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("read a body: %w", err)
	}
	*b = Body(text)
	return nil
}
