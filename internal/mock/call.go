package mock

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// call is one request as it was read. It is valid until its answer has been delivered.
type call struct {
	now     time.Time // the one moment at which everything about the account is decided; see Mock.Advance
	wall    time.Time // the same moment by the clock that callers have: their timestamps are held against it
	request *http.Request
	body    []byte
	broken  bool // the body could not be read to its end
}

// read takes the request in, up to one byte more than the bound of a body.
func read(r *http.Request, body *bytes.Buffer) *call {
	body.Reset()
	_, err := body.ReadFrom(io.LimitReader(r.Body, maxBody+1))
	return &call{request: r, body: body.Bytes(), broken: err != nil}
}

// header returns a header as a signature sees it: Host is one, though net/http keeps it elsewhere.
func (c *call) header(name string) string {
	if strings.EqualFold(name, "host") {
		return c.request.Host
	}
	return strings.Join(c.request.Header.Values(name), ",")
}

// admit refuses what no action looks at. The documents state neither the answer to
// another path nor to another method (R: POST only): both are taken from E, for which
// an interface or a resource does not exist.
func admit(c *call) refusal {
	switch {
	case c.request.URL.Path != Path:
		return resourceNotFound.because("there is nothing at this path")
	case c.request.Method != http.MethodPost:
		return unauthorizedOperation.because("only POST is served")
	case len(c.body) > maxBody:
		return exceedLength.because("the body is too long")
	case c.broken:
		return patternError.because("the body could not be read")
	}
	return refusal{}
}

// jsonContent reports whether a Content-Type is JSON in UTF-8 (R, S).
func jsonContent(contentType string) bool {
	if contentType == "application/json" || contentType == "application/json; charset=utf-8" {
		return true // as the SDKs and S write it, without the price of reading it
	}
	name, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || name != "application/json" {
		return false
	}
	charset, given := parameters["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// action returns the action that the call names.
func (c *call) action() string { return c.request.Header.Get("X-ZC-Action") }

// version returns the version of the API that the call names.
func (c *call) version() string { return c.request.Header.Get("X-ZC-Version") }
