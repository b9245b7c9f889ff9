package mock

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// Call is a request that has been read. It is valid until its answer has been delivered.
type Call struct {
	Now     time.Time // the moment at which everything about the account is decided; see Mock.Advance
	Wall    time.Time // the same moment by the clock of the clients, for comparing timestamps
	Request *http.Request
	Body    []byte
	broken  bool // the body could not be read completely
}

// read reads a request, up to one byte more than the maximum size of a body.
func read(r *http.Request, body *bytes.Buffer) *Call {
	body.Reset()
	_, err := body.ReadFrom(io.LimitReader(r.Body, MaxBody+1))
	return &Call{Request: r, Body: body.Bytes(), broken: err != nil}
}

// Header returns a header as a signature covers it. That includes Host, which net/http stores
// elsewhere.
func (c *Call) Header(name string) string {
	if strings.EqualFold(name, "host") {
		return c.Request.Host
	}
	return strings.Join(c.Request.Header.Values(name), ",")
}

// admit refuses what no action handles. The documents do not state the answer to another path or
// method (R: only POST). Both answers are taken from E, for an interface or a resource that does
// not exist.
func admit(c *Call) Refusal {
	switch {
	case c.Request.URL.Path != Path:
		return ResourceNotFound.Because("there is nothing at this path")
	case c.Request.Method != http.MethodPost:
		return UnauthorizedOperation.Because("only POST is served")
	case len(c.Body) > MaxBody:
		return ExceedLength.Because("the body is too long")
	case c.broken:
		return PatternError.Because("the body could not be read")
	}
	return Refusal{}
}

// jsonContent reports whether a Content-Type is JSON in UTF-8 (R, S).
func jsonContent(contentType string) bool {
	if contentType == "application/json" || contentType == "application/json; charset=utf-8" {
		return true // as the SDKs and S write it; this avoids parsing the value
	}
	name, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || name != "application/json" {
		return false
	}
	charset, given := parameters["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// Action returns the action that the call names.
func (c *Call) Action() string { return c.Request.Header.Get("X-ZC-Action") }

// version returns the version of the API that the call names.
func (c *Call) version() string { return c.Request.Header.Get("X-ZC-Version") }
