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

// A trace is what a program sent to the right mock in one run, in the order in which it came.
type trace struct {
	start time.Time // when the mock was made

	mu       sync.Mutex
	messages []message
	size     int // in bytes, of all messages
	open     int // requests that are not answered yet
	// partial is whether a mock that answers the messages like the right one may still answer the
	// program otherwise.
	partial bool
}

// A message is one request, as it came over its connection.
type message struct {
	at   time.Time
	from string // the other end of the connection
	text []byte
}

// maxTrace bounds what is kept of one run, in bytes.
const maxTrace = 32 << 20

// record has the mock's requests written down. It belongs into [mock.Options].Alter.
func (t *trace) record(m *mock.Mock) {
	m.Behaviour.Listen = func(l net.Listener) net.Listener { return recordedListener{l} }
	m.Behaviour.Connect = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, recordedKey{}, c)
	}
}

// before returns a handler that stands before the mock of record.
func (t *trace) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTrace))
		r.Body = io.NopCloser(bytes.NewReader(body))
		c, is := r.Context().Value(recordedKey{}).(*recordedConn)
		t.mu.Lock()
		// Requests that overlap may be answered by what they do to each other.
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

// answers sends the messages to a mock that is altered so, at the times at which they came, and
// hands on what comes back, byte for byte, until it is told to stop. A broken connection is an answer, too.
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

// connections are those of a trace, opened again.
type connections struct {
	address string
	open    map[string]net.Conn
}

func (c *connections) close() {
	for _, conn := range c.open {
		_ = conn.Close()
	}
}

// answerTime bounds the wait for an answer of a mock in this process.
const answerTime = 5 * time.Second

// date is the only part of an answer that the mock's clock does not decide.
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

// receive copies the answer to a request, with those that announce it.
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

// traces are what a program sent in several runs.
type traces struct {
	resize time.Duration
	all    []*trace
	right  [][][]byte // what the right mock answers to each
}

// newTraces has the right mock answer what was recorded. It returns nil where the same answers prove nothing.
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

// same reports whether the mock of a case answers all that was recorded like the right one. A
// program that sends the same to it then gets to see no difference.
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
