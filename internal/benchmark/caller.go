package benchmark

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// caller sends the same bytes over one connection, again and again. It reads no more of
// an answer than where it ends, so that what is measured is the server.
type caller struct {
	conn    net.Conn
	request []byte
	answers *bufio.Reader
	took    []time.Duration
}

func newCaller(conn net.Conn, signed *http.Request, body []byte) *caller {
	var text bytes.Buffer
	fmt.Fprintf(&text, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", signed.URL.Path, signed.Host, len(body))
	_ = signed.Header.Write(&text) // a buffer takes everything
	text.WriteString("\r\n")
	text.Write(body)
	return &caller{conn: conn, request: text.Bytes(), answers: bufio.NewReader(conn)}
}

func (c *caller) calls(times int) error {
	if err := c.conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	for range times {
		start := time.Now()
		if _, err := c.conn.Write(c.request); err != nil {
			return fmt.Errorf("send to the server that is measured: %w", err)
		}
		if err := c.answer(); err != nil {
			return fmt.Errorf("read from the server that is measured: %w", err)
		}
		c.took = append(c.took, time.Since(start))
	}
	return nil
}

// answer reads one answer with an announced length.
func (c *caller) answer() error {
	length, name := -1, []byte("Content-Length: ")
	for first := true; ; first = false {
		line, err := c.answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
			return fmt.Errorf("answered with %q", line)
		}
		if rest, found := bytes.CutPrefix(line, name); found {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(rest))); err != nil {
				return err
			}
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
	}
	if length < 0 {
		return fmt.Errorf("an answer without a length")
	}
	_, err := io.CopyN(io.Discard, c.answers, int64(length))
	return err
}

// direct has the mock answer without a network and returns how many answers were no success.
func direct(m *mock.Mock, signed *http.Request, body []byte, times int) (failed int) {
	reader := bytes.NewReader(body)
	own := signed.Clone(signed.Context())
	own.Body = io.NopCloser(reader)
	w := &idle{header: http.Header{}}
	for range times {
		reader.Reset(body)
		w.status = http.StatusOK
		m.ServeHTTP(w, own)
		if w.status != http.StatusOK {
			failed++
		}
	}
	return failed
}

// idle takes an answer and keeps nothing of it but its status.
type idle struct {
	header http.Header
	status int
}

func (w *idle) Header() http.Header         { return w.header }
func (w *idle) WriteHeader(status int)      { w.status = status }
func (w *idle) Write(p []byte) (int, error) { return len(p), nil }
