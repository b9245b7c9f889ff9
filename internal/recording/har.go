package recording

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/wire"
)

// The members of HAR 1.2 that describe an exchange. Those that begin with _ are extensions: _error
// and _failureText say why there is no answer, _encoding is the encoding of a request body,
// _attempt counts the attempts of one request, and _findings are those of the recorded run.
type (
	harEntry struct {
		Time     float64     `json:"time"` // milliseconds, as all times here
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Timings  harTimings  `json:"timings"`
		Attempt  int         `json:"_attempt"`
		Findings []string    `json:"_findings"`
	}
	harRequest struct {
		Method  string    `json:"method"`
		URL     string    `json:"url"`
		Headers []harPair `json:"headers"`
		Post    *harPost  `json:"postData"`
		Size    *float64  `json:"bodySize"`
	}
	harPost struct {
		Text     *string   `json:"text"`
		Params   []harPair `json:"params"`
		Encoding string    `json:"_encoding"`
		Comment  string    `json:"comment"`
	}
	harResponse struct {
		Status  int        `json:"status"`
		Version string     `json:"httpVersion"`
		Headers []harPair  `json:"headers"`
		Content harContent `json:"content"`
		Error   string     `json:"_error"`
		Failure string     `json:"_failureText"`
		Comment string     `json:"comment"`
	}
	harContent struct {
		Size        float64 `json:"size"`
		MediaType   string  `json:"mimeType"`
		Compression float64 `json:"compression"`
		Text        *string `json:"text"`
		Encoding    string  `json:"encoding"`
		Comment     string  `json:"comment"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harTimings struct {
		Blocked float64 `json:"blocked"`
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// cut matches comments of recorders about a body that they did not keep completely.
var cut = regexp.MustCompile(`(?i)truncat|not included|not available|discard|redact|omitted|removed|too large`)

// decodeHAR parses an entry of a HAR file.
func decodeHAR(text []byte) (wire.Exchange, []string) {
	var e harEntry
	if err := json.Unmarshal(text, &e, lenient); err != nil {
		return unreadable(misfit(err)), nil
	}
	x := wire.Exchange{Attempt: max(e.Attempt, 1)}
	x.Sent = wire.Sent{Method: strings.ToUpper(e.Request.Method), URL: e.Request.URL, Header: header(e.Request.Headers)}
	x.Timing.FirstByte, x.Timing.End = e.times()
	e.readError(&x)
	e.Request.readBody(&x)
	e.Response.read(&x)
	complete(&x)
	return x, e.Findings
}

func header(list []harPair) http.Header {
	h := http.Header{}
	for _, p := range list {
		if p.Name != "" && !strings.HasPrefix(p.Name, ":") { // the pseudo-headers of HTTP/2 are not headers
			h.Add(p.Name, p.Value)
		}
	}
	return h
}

// times returns the times to the first and to the last byte of the answer.
func (e harEntry) times() (first, end time.Duration) {
	t := e.Timings
	before := max(t.Blocked, 0) + max(t.DNS, 0) + max(t.Connect, 0) + max(t.Send, 0) + max(t.Wait, 0)
	end = milliseconds(max(e.Time, before+max(t.Receive, 0)))
	return min(milliseconds(before), end), end
}

func milliseconds(ms float64) time.Duration {
	return time.Duration(min(ms, 1e12) * float64(time.Millisecond)) // limited to a thousand million seconds, so that nothing overflows
}

// readError reads why there is no usable answer, if the recorder has kept that.
func (e harEntry) readError(x *wire.Exchange) {
	why := e.Response.Error
	if why == "" {
		why = e.Response.Failure
	}
	if why == "" {
		return
	}
	if cause, detail, ok := strings.Cut(why, ": "); ok && !strings.ContainsAny(cause, " _") {
		x.Cause, x.Detail = wire.Cause(cause), detail
		return
	}
	notRecorded(x, why)
}

func (r harRequest) readBody(x *wire.Exchange) {
	switch {
	case r.Post == nil:
		if r.Size != nil && *r.Size > 0 {
			notRecorded(x, "the recorder has left the body of the request out")
		}
	case cut.MatchString(r.Post.Comment):
		notRecorded(x, "the recorder says of the request: "+r.Post.Comment)
	case r.Post.Text != nil:
		body, ok := bodyOf(*r.Post.Text, r.Post.Encoding)
		if !ok {
			notRecorded(x, "the body of the request is no base64")
		}
		x.Sent.Body = body
		if r.Size != nil && *r.Size > float64(len(body)) {
			notRecorded(x, "the recorder has kept "+strconv.Itoa(len(body))+" bytes of "+strconv.FormatFloat(*r.Size, 'f', 0, 64)+" of the request")
		}
	case len(r.Post.Params) > 0 && strings.HasPrefix(x.Sent.Header.Get("Content-Type"), "application/json"):
		notRecorded(x, "the recorder has kept the body of the request as parameters, which it was not sent as")
	case len(r.Post.Params) > 0:
		form := url.Values{}
		for _, p := range r.Post.Params {
			form.Add(p.Name, p.Value)
		}
		x.Sent.Body = wire.Body(form.Encode())
	default:
		notRecorded(x, "the recorder has left the body of the request out")
	}
}

func (r harResponse) read(x *wire.Exchange) {
	if r.Status < 100 {
		notRecorded(x, "the entry has no answer")
		return
	}
	x.Received = &wire.Received{Status: r.Status, Proto: r.Version, Header: header(r.Headers)}
	c := r.Content
	if len(r.Headers) == 0 && c.MediaType != "" { // the recorder has left out the headers
		x.Received.Header.Set("Content-Type", c.MediaType)
	}
	for _, said := range []string{c.Comment, r.Comment} {
		if cut.MatchString(said) {
			notRecorded(x, "the recorder says of the answer: "+said)
		}
	}
	if c.Text != nil {
		body, ok := bodyOf(*c.Text, c.Encoding)
		if !ok {
			notRecorded(x, "the body of the answer is no base64")
		}
		x.Received.Body = body
	}
	// The size is that of the decoded text. mitmproxy writes the compressed size there, so the
	// number of saved bytes must be added.
	whole := c.Size
	got := float64(len(x.Received.Body))
	if got != c.Size && c.Compression != 0 {
		whole += c.Compression
	}
	switch {
	case c.Text == nil && (c.Size > 0 || announced(x.Received.Header) > 0):
		notRecorded(x, "the recorder has left the body of the answer out")
	case whole > got:
		notRecorded(x, "the recorder has kept "+strconv.FormatFloat(got, 'f', 0, 64)+" bytes of "+strconv.FormatFloat(whole, 'f', 0, 64)+" of the answer")
	}
}

// announced returns the length of a body according to its header.
func announced(h http.Header) int {
	n, _ := strconv.Atoi(h.Get("Content-Length"))
	return n
}

func bodyOf(text, encoding string) (wire.Body, bool) {
	if !strings.EqualFold(encoding, "base64") {
		return wire.Body(text), true
	}
	body, err := base64.StdEncoding.DecodeString(text)
	return body, err == nil
}

// redacted matches what recorders, and people who clean their files, put in place of a value.
var redacted = regexp.MustCompile(`(?i)["\[<(*]+redacted`)

// complete determines the operation, and what is missing for the exchange to be evidence.
func complete(x *wire.Exchange) {
	if x.Sent.Header == nil {
		x.Sent.Header = http.Header{}
	}
	if at, err := url.Parse(x.Sent.URL); err == nil && x.Sent.URL != "" {
		x.Operation = wire.Operation{Path: at.Path, Action: x.Sent.Header.Get("X-ZC-Action"), Version: x.Sent.Header.Get("X-ZC-Version")}
	} else {
		x.Cause, x.Detail = CauseUnreadable, "it has no request with a URL that can be read"
		return
	}
	if x.Received == nil {
		notRecorded(x, "the entry has no answer")
		return
	}
	if x.Received.Header == nil {
		x.Received.Header = http.Header{}
	}
	for _, body := range [][]byte{x.Sent.Body, x.Received.Body} {
		if bytes.Contains(bytes.ToLower(body), []byte("redacted")) && redacted.Match(body) || masked(body) {
			notRecorded(x, "a value was taken out of the recording")
		}
	}
	whole(x)
}

// masked reports whether a body was replaced by asterisks.
func masked(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && len(bytes.Trim(body, "*")) == 0
}

// whole marks an exchange whose bodies are shorter than announced or still compressed, or that
// never reached the endpoint.
func whole(x *wire.Exchange) {
	switch {
	case x.Received.Status == http.StatusForbidden && gjson.GetBytes(x.Received.Body, "code").Str == wire.CodeRefusedByProxy:
		notRecorded(x, "it was refused by the proxy: the endpoint has not seen it")
	case x.Sent.Header.Get("Content-Encoding") == "" && announced(x.Sent.Header) > len(x.Sent.Body):
		notRecorded(x, "the request is shorter than its Content-Length")
	case x.Sent.Method == http.MethodHead:
	case x.Received.Header.Get("Content-Encoding") == "" && announced(x.Received.Header) > len(x.Received.Body):
		notRecorded(x, "the answer is shorter than its Content-Length")
	case x.Received.Header.Get("Content-Encoding") != "" && bytes.HasPrefix(x.Received.Body, []byte{0x1f, 0x8b}):
		notRecorded(x, "the recorder has kept the compressed bytes of the answer")
	}
}
