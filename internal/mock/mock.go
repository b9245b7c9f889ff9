package mock

import (
	"bytes"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Path is the path of all actions of the product (M, K).
const Path = "/api/v2/zec"

// Default durations.
const (
	DefaultResizeTime    = 50 * time.Millisecond
	DefaultTransientTime = 10 * time.Minute
)

// MaxBody limits a request body, in bytes. No document states a limit; a body with a hundred ids is
// far below it.
const MaxBody = 256 << 10

// Credentials are the credentials of a mock's clients. They open nothing but the mock.
type Credentials struct {
	KeyID    string // the key id of ZC2-HMAC-SHA256 (S)
	Password string // its password (S)
	Token    string // the bearer token (K)
}

// DefaultCredentials returns the credentials of a mock without Options.Credentials.
func DefaultCredentials() Credentials {
	return Credentials{KeyID: "mock-key-id", Password: "mock-key-password", Token: "mock-token"}
}

// Options configure a mock. The zero value is a usable mock.
type Options struct {
	Clock      func() time.Time // nil: time.Now; must be safe for concurrent use
	ResizeTime time.Duration    // from the answer to the end of any change, such as a resize, a start or a stop; 0 means DefaultResizeTime
	// TransientTime is how long an instance stays in a transient status that it was seeded in; 0
	// means DefaultTransientTime.
	TransientTime time.Duration
	Credentials   Credentials // zero means DefaultCredentials; otherwise an empty Token or KeyID disables that scheme
	Types         []Type      // the instance types that exist; nil: DefaultTypes
	Seed          uint64      // for the request ids; 0 means random
	// Alter changes the behaviour of the mock before its first use; nil means that it keeps every
	// documented fact.
	Alter func(*Mock)
}

// Mock is the endpoint. It is safe for concurrent use.
type Mock struct {
	Clock          func() time.Time
	Takes          time.Duration
	transientTime  time.Duration
	credentials    Credentials
	Specifications Catalogue
	Store          Store
	Behaviour      Behaviour
	ahead          atomic.Int64 // how far the account's time is ahead of the clock; see Advance
	plans          plans
	scratch        sync.Pool // of *scratch
}

// scratch is memory for one request, which later requests reuse.
type scratch struct {
	body bytes.Buffer
	out  []byte
}

// New returns a mock without instances; see Seed and SeedAccount.
func New(options Options) *Mock {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.ResizeTime == 0 {
		options.ResizeTime = DefaultResizeTime
	}
	if options.TransientTime == 0 {
		options.TransientTime = DefaultTransientTime
	}
	if options.Credentials == (Credentials{}) {
		options.Credentials = DefaultCredentials()
	}
	m := &Mock{
		Clock:          options.Clock,
		Takes:          options.ResizeTime,
		transientTime:  options.TransientTime,
		credentials:    options.Credentials,
		Specifications: NewCatalogue(options.Types),
		Store:          Store{ids: map[string]*Entry{}},
		Behaviour:      documented(options.Seed),
		scratch:        sync.Pool{New: func() any { return new(scratch) }},
	}
	if options.Alter != nil {
		options.Alter(m)
	}
	return m
}

// Credentials returns the credentials of the mock's clients.
func (m *Mock) Credentials() Credentials { return m.credentials }

// ServeHTTP answers one request.
func (m *Mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)

	c := read(r, &s.body)
	c.Wall = m.Clock()
	c.Now = c.Wall.Add(m.advanced())
	e := m.Behaviour.Wrap(m.Behaviour.RequestID(), m.outcome(c))
	s.out = m.Behaviour.encode(s.out[:0], e)
	m.Behaviour.Deliver(w, c, Answer{Status: e.status, MediaType: mediaType, Body: s.out})
}

// outcome passes a call through the stages, up to the one that refuses it or to its action.
func (m *Mock) outcome(c *Call) Outcome {
	b := &m.Behaviour
	if r := b.Admit(c); r.Refused() {
		return Outcome{Refusal: r}
	}
	if r := b.Authenticate(m.credentials, c); r.Refused() {
		return Outcome{Refusal: r}
	}
	if r := version(c); r.Refused() {
		return Outcome{Refusal: r}
	}
	a, r := b.Dispatch(b.Actions, c)
	if r.Refused() {
		return Outcome{Refusal: r}
	}
	p, r := b.Parse(a, c)
	if r.Refused() {
		return Outcome{Refusal: r}
	}
	return a.Perform(m, c, p)
}
