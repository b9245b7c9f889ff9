package foreign

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// A trace holds what a program sent to the correct mock in one run, in the order of arrival.
type trace struct {
	start time.Time // when the mock was created

	mu       sync.Mutex
	messages []message
	size     int // in bytes, of all messages
	open     int // pending requests
	// partial means that a mock that answers the messages like the correct one may still answer the
	// program differently.
	partial bool
}

// A message is one request, as received on its connection.
type message struct {
	at   time.Time
	from string // the other end of the connection
	text []byte
}

// maxTrace limits what is kept of one run, in bytes.
const maxTrace = 32 << 20

// record records the mock's requests. It is meant for [mock.Options].Alter.
func (t *trace) record(m *mock.Mock) {
	m.Behaviour.Listen = func(l net.Listener) net.Listener { return recordedListener{l} }
	m.Behaviour.Connect = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, recordedKey{}, c)
	}
}

// before returns a handler to put in front of a mock that is being recorded.
func (t *trace) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTrace))
		r.Body = io.NopCloser(bytes.NewReader(body))
		c, is := r.Context().Value(recordedKey{}).(*recordedConn)
		t.mu.Lock()
		// The answers to overlapping requests may depend on each other.
		t.partial = t.partial || !is || err != nil || t.open > 0 || t.size > maxTrace
		t.open++
		if !t.partial {
			text := c.taken()
			t.size += len(text)
			t.messages = append(t.messages, message{at: time.Now(), from: r.RemoteAddr, text: text})
		}
		t.mu.Unlock()
		defer func() { t.mu.Lock(); t.open--; t.mu.Unlock() }()
		next.ServeHTTP(w, r)
	})
}

type recordedKey struct{}

type recordedListener struct{ net.Listener }

// Accept implements net.Listener.
func (l recordedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &recordedConn{Conn: c}, nil
}

// recordedConn keeps what was read since it was last taken.
type recordedConn struct {
	net.Conn
	mu   sync.Mutex
	read []byte
}

// Read implements io.Reader.
func (c *recordedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.read) <= maxTrace {
		c.read = append(c.read, b[:n]...)
	}
	return n, err
}

func (c *recordedConn) taken() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := c.read
	c.read = nil
	return text
}

// answers sends the messages to an altered mock at the times at which they were recorded, and
// passes on the answers, byte for byte, until each returns false. A broken connection counts as an
// answer.
func (t *trace) answers(ctx context.Context, resize time.Duration, alter func(*mock.Mock), each func(answer []byte) (goOn bool)) error {
	var clock atomic.Int64
	clock.Store(t.start.UnixNano())
	m := newMock(mock.Options{ResizeTime: resize, Alter: alter, Seed: 1, Clock: func() time.Time { return time.Unix(0, clock.Load()) }})
	return serve(ctx, m, m, func(address string) {
		conns := connections{address: address, open: map[string]net.Conn{}}
		defer conns.close()
		for _, msg := range t.messages {
			clock.Store(msg.at.UnixNano())
			if ctx.Err() != nil || !each(conns.exchange(ctx, msg)) {
				return
			}
		}
	})
}

// connections are the reopened connections of a trace.
type connections struct {
	address string
	open    map[string]net.Conn
}

func (c *connections) close() {
	for _, conn := range c.open {
		_ = conn.Close()
	}
}

// answerTime limits the wait for an answer of a mock in this process.
const answerTime = 5 * time.Second

// date matches the only part of an answer that does not depend on the mock's clock.
var date = regexp.MustCompile(`(?m)^Date: .*\r\n`)

// exchange sends a message and returns its answer, or how it failed.
func (c *connections) exchange(ctx context.Context, msg message) []byte {
	conn := c.open[msg.from]
	if conn == nil {
		var err error
		if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", c.address); err != nil {
			return []byte(err.Error())
		}
		c.open[msg.from] = conn
	}
	_ = conn.SetDeadline(time.Now().Add(answerTime))
	answer := &bytes.Buffer{}
	if err := errors.Join(send(conn, msg.text), receive(conn, msg.text, answer)); err != nil {
		answer.WriteString(err.Error())
	}
	return date.ReplaceAll(answer.Bytes(), nil)
}

func send(conn net.Conn, text []byte) error {
	_, err := conn.Write(text)
	return err
}

// receive copies the answer to a request, including informational responses.
func receive(conn net.Conn, request []byte, answer io.Writer) error {
	method, _, _ := bytes.Cut(request, []byte(" "))
	reader := bufio.NewReader(io.TeeReader(conn, answer))
	for {
		response, err := http.ReadResponse(reader, &http.Request{Method: string(method)})
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, response.Body)
		if err = errors.Join(err, response.Body.Close()); err != nil || response.StatusCode >= http.StatusOK {
			return err
		}
	}
}

// traces hold what a program sent in several runs.
type traces struct {
	resize time.Duration
	all    []*trace
	right  [][][]byte // the answers of the correct mock
}

// newTraces records the answers of the correct mock. It returns nil if equal answers would prove
// nothing.
func newTraces(ctx context.Context, resize time.Duration, all []*trace) (*traces, error) {
	t := &traces{resize: resize, all: all}
	for _, one := range all {
		if one.partial {
			return nil, nil
		}
		var answers [][]byte
		if err := one.answers(ctx, resize, nil, func(answer []byte) bool { answers = append(answers, answer); return true }); err != nil {
			return nil, err
		}
		t.right = append(t.right, answers)
	}
	return t, nil
}

// same reports whether the mock of a case answers all recorded messages like the correct one, so
// that a program that sends the same sees no difference.
func (t *traces) same(ctx context.Context, c Case) (bool, error) {
	for i, one := range t.all {
		n, same := 0, true
		err := one.answers(ctx, t.resize, c.alter, func(answer []byte) bool {
			same = bytes.Equal(answer, t.right[i][n])
			n++
			return same
		})
		if err != nil || !same {
			return false, err
		}
	}
	return true, nil
}
