package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/secret"
)

// Limits for the stored requests.
const (
	maxRequests = 1000
	maxKept     = 16 << 10 // bytes of a body
)

// Request is a request that the mock received, with its answer. Secrets are removed.
type Request struct {
	Number    int64       `json:"number"` // from 1, in the order of arrival
	Time      time.Time   `json:"time"`
	Method    string      `json:"method"`
	Path      string      `json:"path"`
	Action    string      `json:"action,omitempty"`
	Version   string      `json:"version,omitempty"`
	Header    http.Header `json:"header"`
	Body      string      `json:"body,omitempty"` // its first 16 KiB
	Status    int         `json:"status"`         // 0 if the connection was closed without an answer
	Code      string      `json:"code,omitempty"`
	RequestID string      `json:"requestId,omitempty"`
	Fault     string      `json:"fault,omitempty"` // the fault that applied to the call
	Took      Duration    `json:"took"`
}

// requests holds the last requests in the order of arrival.
type requests struct {
	mu      sync.Mutex
	number  int64
	entries []Request
}

func (l *requests) arrived() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.number++
	return l.number
}

func (l *requests) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, _ := slices.BinarySearchFunc(l.entries, r.Number, func(e Request, n int64) int { return int(e.Number - n) })
	l.entries = slices.Insert(l.entries, at, r)
	if extra := len(l.entries) - maxRequests; extra > 0 {
		l.entries = slices.Delete(l.entries, 0, extra)
	}
}

func (l *requests) list() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Request{}, l.entries...)
}

func (l *requests) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = nil
}

// Requests returns the last thousand requests that have been answered, in the order of their arrival.
func (s *Server) Requests() []Request { return s.requests.list() }

// ClearRequests forgets the requests received.
func (s *Server) ClearRequests() { s.requests.clear() }

// received is a request in progress.
type received struct {
	Request
	body  *keeper
	start time.Time
}

// keeper passes on a body and stores its beginning.
type keeper struct {
	io.ReadCloser
	kept bytes.Buffer
}

// Read implements io.Reader.
func (k *keeper) Read(b []byte) (int, error) {
	n, err := k.ReadCloser.Read(b)
	k.kept.Write(b[:min(n, maxKept-k.kept.Len())])
	return n, err
}

func (s *Server) begin(r *http.Request) *received {
	now := time.Now()
	in := &received{start: now, body: &keeper{ReadCloser: r.Body}, Request: Request{
		Number: s.requests.arrived(), Time: now.UTC(), Method: r.Method, Path: r.URL.Path,
		Action: r.Header.Get("X-ZC-Action"), Version: r.Header.Get("X-ZC-Version"), Header: s.withoutSecrets(r.Header),
	}}
	r.Body = in.body
	return in
}

func (s *Server) end(in *received, answer *recorder) {
	in.Status, in.Took = answer.status, Duration(time.Since(in.start))
	in.Body = s.filter.String(in.body.kept.String())
	if answer.status != 0 {
		in.Code = gjson.GetBytes(answer.start, "code").String()
		in.RequestID = gjson.GetBytes(answer.start, "requestId").String()
	}
	s.requests.add(in.Request)
	s.print.print(in.Request)
	if in.Status == http.StatusOK && !strings.HasPrefix(in.Action, "Describe") {
		s.saveOrSay()
	}
}

// opening are headers that can carry credentials, including custom ones.
var opening = []string{"Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key"}

// withoutSecrets returns headers in a form that may be shown. The key id of a signature remains.
func (s *Server) withoutSecrets(h http.Header) http.Header {
	clean := s.filter.Header(h.Clone())
	for _, name := range opening {
		for i, value := range clean[name] {
			shown, _, signed := strings.Cut(value, "Signature=")
			scheme, _, _ := strings.Cut(value, " ")
			switch {
			case signed:
				clean[name][i] = shown + "Signature=" + secret.Redacted
			case scheme != value && len(scheme) <= len("ZC2-HMAC-SHA256"):
				clean[name][i] = scheme + " " + secret.Redacted
			default:
				clean[name][i] = secret.Redacted
			}
		}
	}
	return clean
}

// recorder passes on an answer and stores its status and beginning. It records the request before
// the client receives the answer, so that a test that reads the log finds the call there.
type recorder struct {
	http.ResponseWriter
	tell   func() // called once
	status int
	start  []byte
}

func (r *recorder) told() {
	if r.tell != nil {
		r.tell()
		r.tell = nil
	}
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	const enough = 512
	r.start = append(r.start, b[:min(len(b), enough-len(r.start))]...)
	r.told()
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the writer beneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// printer writes a line for each request.
type printer struct {
	mu   sync.Mutex
	to   io.Writer
	json bool
}

func (p *printer) print(r Request) {
	if p.to == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.json {
		line, _ := json.Marshal(r) // it contains only texts, numbers and times, which can be encoded
		_, _ = p.to.Write(append(line, '\n'))
		return
	}
	line := fmt.Sprintf("%s %s %s %s %s -> %d", r.Time.Format("15:04:05.000"), r.Method, r.Path, orDash(r.Action), orDash(r.Version), r.Status)
	for _, part := range []string{r.Code, r.RequestID, r.Fault} {
		if part != "" {
			line += " " + part
		}
	}
	// A YAML comment, because the stream may be saved as the configuration at its beginning.
	_, _ = fmt.Fprintf(p.to, "# %s (%s)\n", printable(line), time.Duration(r.Took).Round(10*time.Microsecond))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// printable prevents clients from writing lines of their own, or control sequences.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}
