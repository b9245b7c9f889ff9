package mock

import (
	"bytes"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Path is where all actions of the product live (M, K).
const Path = "/api/v2/zec"

// How long things take when Options do not say.
const (
	DefaultResizeTime    = 50 * time.Millisecond
	DefaultTransientTime = 10 * time.Minute
)

// MaxBody bounds a request body, in bytes. No document states a limit; a hundred ids
// are far below it.
const MaxBody = 256 << 10

// Credentials are what callers of a mock identify themselves with. They open nothing
// but the mock.
type Credentials struct {
	KeyID    string // the key id of ZC2-HMAC-SHA256 (S)
	Password string // its password (S)
	Token    string // the bearer token (K)
}

// DefaultCredentials returns the credentials of a mock whose Options name none.
func DefaultCredentials() Credentials {
	return Credentials{KeyID: "mock-key-id", Password: "mock-key-password", Token: "mock-token"}
}

// Options say how a mock is made; the zero value is a mock to work with.
type Options struct {
	Clock      func() time.Time // nil: time.Now; must be safe for concurrent use
	ResizeTime time.Duration    // from the answer to the end of a change: a resize, a start, a stop; 0: DefaultResizeTime
	// TransientTime is how long an instance stays in a status that it was seeded in and
	// that does not last; 0: DefaultTransientTime.
	TransientTime time.Duration
	Credentials   Credentials // zero: DefaultCredentials; else an empty Token or KeyID accepts none
	Types         []Type      // the instance types that exist; nil: DefaultTypes
	Seed          uint64      // of the request ids; 0: drawn at random
	// Alter changes how the mock answers, before anybody has asked it; nil: it keeps every
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

// scratch is the memory that one request needs and the next one may use again.
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

// Credentials returns what callers identify themselves with.
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

// outcome takes a call through the stages up to the one that refuses it, or to its action.
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
