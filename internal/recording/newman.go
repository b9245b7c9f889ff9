package recording

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/wire"
)

// The members of newman's JSON report that describe exchanges. newman sends one request after the
// other, and records when the run began and how long each answer took. So an exchange began, at the
// earliest, when those before it had ended.
type (
	newmanExecution struct {
		Request  newmanRequest   `json:"request"`
		Response *newmanResponse `json:"response"`
		Error    *struct {
			Message string `json:"message"`
		} `json:"requestError"`
	}
	newmanRequest struct {
		Method string       `json:"method"`
		URL    newmanURL    `json:"url"`
		Header []newmanPair `json:"header"`
		Body   struct {
			Mode string `json:"mode"`
			Raw  string `json:"raw"`
		} `json:"body"`
	}
	newmanURL struct {
		Protocol string       `json:"protocol"`
		Host     []string     `json:"host"`
		Port     string       `json:"port"`
		Path     []string     `json:"path"`
		Query    []newmanPair `json:"query"`
	}
	newmanResponse struct {
		Code   int          `json:"code"`
		Header []newmanPair `json:"header"`
		Stream *struct {
			Data []uint16 `json:"data"` // the bytes as numbers
		} `json:"stream"`
		Time float64 `json:"responseTime"` // in milliseconds
		Size float64 `json:"responseSize"`
	}
	newmanPair struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
)

// newman records the executions of a report. They may precede the start time of the run, so the
// times of the entries are set at the end.
func (w *walker) newman() error {
	var began time.Time
	var lasted []time.Duration
	err := w.members(func(name string) error {
		switch name {
		case "timings":
			text, err := w.dec.ReadValue()
			if at := gjson.GetBytes(text, "started"); at.Type == gjson.Number {
				began = time.UnixMilli(at.Int()).UTC()
			}
			return err
		case "executions":
			return w.items(func() error {
				text, err := w.read()
				lasted = append(lasted, milliseconds(max(gjson.GetBytes(text, "response.responseTime").Num, 0)))
				return err
			})
		}
		return w.skip()
	})
	for i := range w.places {
		w.places[i].started = began
		began = began.Add(max(lasted[i], time.Microsecond))
	}
	return err
}

// decodeNewman parses an execution in a JSON report of newman.
func decodeNewman(text []byte) (wire.Exchange, []string) {
	var e newmanExecution
	if err := json.Unmarshal(text, &e); err != nil {
		return unreadable(misfit(err)), nil
	}
	x := wire.Exchange{Attempt: 1, Sent: wire.Sent{Method: strings.ToUpper(e.Request.Method), URL: e.Request.URL.text(), Header: newmanHeader(e.Request.Header)}}
	switch e.Request.Body.Mode {
	case "raw":
		x.Sent.Body = wire.Body(e.Request.Body.Raw)
	case "":
	default:
		notRecorded(&x, "the report has the body of the request in the mode "+e.Request.Body.Mode)
	}
	if e.Error != nil {
		notRecorded(&x, cmp.Or(e.Error.Message, "the request failed"))
	}
	if e.Response != nil && e.Response.Code >= 100 {
		e.Response.read(&x)
	}
	complete(&x)
	return x, nil
}

func (r newmanResponse) read(x *wire.Exchange) {
	x.Received = &wire.Received{Status: r.Code, Header: newmanHeader(r.Header)}
	x.Timing.End = milliseconds(max(r.Time, 0))
	if r.Stream == nil {
		if r.Size > 0 {
			notRecorded(x, "the report has left the body of the answer out")
		}
		return
	}
	x.Received.Body = make(wire.Body, len(r.Stream.Data))
	for i, b := range r.Stream.Data {
		x.Received.Body[i] = byte(b)
	}
	if float64(len(x.Received.Body)) < r.Size && x.Received.Header.Get("Content-Encoding") == "" {
		notRecorded(x, "the report has kept less of the answer than came")
	}
}

func newmanHeader(list []newmanPair) http.Header {
	h := http.Header{}
	for _, p := range list {
		if p.Key != "" {
			h.Add(p.Key, p.Value)
		}
	}
	return h
}

// text returns the URL, "" if there is none.
func (u newmanURL) text() string {
	if len(u.Host) == 0 {
		return ""
	}
	out := url.URL{Scheme: cmp.Or(u.Protocol, "http"), Host: strings.Join(u.Host, "."), Path: "/" + strings.Join(u.Path, "/")}
	if u.Port != "" {
		out.Host += ":" + u.Port
	}
	query := url.Values{}
	for _, q := range u.Query {
		query.Add(q.Key, q.Value)
	}
	out.RawQuery = query.Encode()
	return out.String()
}
