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

// maxBody bounds a request body, in bytes. No document states a limit; a hundred ids
// are far below it.
const maxBody = 256 << 10

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
	clock         func() time.Time
	resizeTime    time.Duration
	transientTime time.Duration
	credentials   Credentials
	catalogue     catalogue
	store         store
	behaviour     behaviour
	ahead         atomic.Int64 // how far the account's time is ahead of the clock; see Advance
	plans         plans
	scratch       sync.Pool // of *scratch
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
		clock:         options.Clock,
		resizeTime:    options.ResizeTime,
		transientTime: options.TransientTime,
		credentials:   options.Credentials,
		catalogue:     newCatalogue(options.Types),
		store:         store{ids: map[string]*entry{}},
		behaviour:     documented(options.Seed),
		scratch:       sync.Pool{New: func() any { return new(scratch) }},
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
	c.wall = m.clock()
	c.now = c.wall.Add(m.advanced())
	e := m.behaviour.wrap(m.behaviour.requestID(), m.outcome(c))
	s.out = m.behaviour.encode(s.out[:0], e)
	m.behaviour.deliver(w, c, answer{status: e.status, mediaType: mediaType, body: s.out})
}

// outcome takes a call through the stages up to the one that refuses it, or to its action.
func (m *Mock) outcome(c *call) outcome {
	b := &m.behaviour
	if r := b.admit(c); r.refused() {
		return outcome{refusal: r}
	}
	if r := b.authenticate(m.credentials, c); r.refused() {
		return outcome{refusal: r}
	}
	if r := version(c); r.refused() {
		return outcome{refusal: r}
	}
	a, r := b.dispatch(b.actions, c)
	if r.refused() {
		return outcome{refusal: r}
	}
	p, r := b.parse(a, c)
	if r.refused() {
		return outcome{refusal: r}
	}
	return a.perform(m, c, p)
}
