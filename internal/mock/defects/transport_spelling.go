package defects

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync"

	"github.com/zec-tools/conformance/internal/mock"
)

// maxSpelt limits how much of a request is kept to check the spelling of its headers, in bytes.
const maxSpelt = 64 << 10

// spelling is a connection that keeps the current request as it was sent, because net/http
// normalises the letter case of header names.
type spelling struct {
	net.Conn
	mu       sync.Mutex
	sent     []byte
	answered bool // the next read begins a new request
}

// Read implements net.Conn.
func (s *spelling) Read(b []byte) (int, error) {
	n, err := s.Conn.Read(b)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answered {
		s.sent, s.answered = s.sent[:0], false
	}
	s.sent = append(s.sent, b[:min(n, maxSpelt-len(s.sent))]...)
	return n, err
}

// Write implements net.Conn.
func (s *spelling) Write(b []byte) (int, error) {
	s.mu.Lock()
	s.answered = true
	s.mu.Unlock()
	return s.Conn.Write(b)
}

// has reports whether the current request has a header with exactly this name.
func (s *spelling) has(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	head, _, _ := bytes.Cut(s.sent, []byte("\r\n\r\n"))
	return bytes.Contains(head, []byte("\r\n"+name+":"))
}

type spellingListener struct{ net.Listener }

// Accept implements net.Listener.
func (l spellingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &spelling{Conn: c}, nil
}

type spellingKey struct{}

// spying lets a mock that is served without TLS see the spelling of header names.
func spying(m *mock.Mock) {
	m.Behaviour.Listen = func(l net.Listener) net.Listener { return spellingListener{l} }
	m.Behaviour.Connect = func(ctx context.Context, c net.Conn) context.Context {
		if s, is := c.(*spelling); is {
			return context.WithValue(ctx, spellingKey{}, s)
		}
		return ctx
	}
}

// ignoringHeader makes such a mock ignore a header whose name is in lower case.
func ignoringHeader(name string) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Admit
		m.Behaviour.Admit = func(c *mock.Call) mock.Refusal {
			s, is := c.Request.Context().Value(spellingKey{}).(*spelling)
			if is && s.has(strings.ToLower(name)) {
				c.Request = c.Request.Clone(c.Request.Context())
				c.Request.Header.Del(name)
			}
			return next(c)
		}
	}
}
