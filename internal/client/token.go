package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// TokenSource returns a valid bearer token.
type TokenSource func(context.Context) (secret.Value, error)

// early is how long before its end a token counts as expired, so that it does not expire while a
// request waits to be sent.
const early = 10 * time.Second

// Tokens holds the bearer token of a target and renews it when it has expired. It is safe for
// concurrent use.
type Tokens struct {
	source TokenSource // nil means that the token does not change
	filter *secret.Filter
	clock  func() time.Time

	begun   atomic.Int64 // how often it was renewed
	mu      sync.Mutex
	current secret.Value
	expires time.Time // according to the token; zero if it does not say
}

// NewTokens returns a Tokens with a first token, which may be empty. The filter redacts every token
// and its first half, which a request may carry.
func NewTokens(first secret.Value, source TokenSource, filter *secret.Filter, clock func() time.Time) *Tokens {
	t := &Tokens{source: source, filter: filter, clock: clock}
	t.set(first)
	return t
}

func (t *Tokens) set(token secret.Value) {
	t.filter.Add(token, secret.New(half(token.Reveal())))
	t.current, t.expires = token, expiry(token.Reveal())
}

// Current returns the latest token.
func (t *Tokens) Current() secret.Value {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.current
}

// Fresh renews the token if it says that it has expired.
func (t *Tokens) Fresh(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.source == nil || t.expires.IsZero() || t.clock().Add(early).Before(t.expires) {
		return nil
	}
	_, err := t.readAgain(ctx)
	return err
}

// readAgain renews the token, and reports whether it has changed. The caller holds the lock.
func (t *Tokens) readAgain(ctx context.Context) (other bool, err error) {
	t.begun.Add(1)
	token, err := t.source(ctx)
	if err != nil {
		return false, fmt.Errorf("read the bearer token again: %w", err)
	}
	other = token.Reveal() != t.current.Reveal()
	t.set(token)
	return other, nil
}

// Replaced reports whether a refused token had expired: reading it again gives a different one.
func (t *Tokens) Replaced(ctx context.Context, refused secret.Value) bool {
	if t.source == nil {
		return false
	}
	begun := t.begun.Load()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current.Reveal() != refused.Reveal() {
		return true // another request has renewed it
	}
	if t.begun.Load() != begun {
		return false // another request has read the same token since this refusal
	}
	other, err := t.readAgain(ctx)
	return err == nil && other
}

// fresh makes sure that the token for a request has not expired according to the token itself.
func (c *Client) fresh(ctx context.Context, auth wire.Auth) error {
	if scheme, err := c.schemeOf(auth); err == nil && scheme == wire.SchemeBearer {
		return c.tokens.Fresh(ctx)
	}
	return nil
}

// replaced reports whether a request was refused because its token has expired since: the token was
// sent unaltered, and reading it again gives a different one.
func (c *Client) replaced(ctx context.Context, req wire.Request, e wire.Exchange, sent secret.Value) bool {
	right := req.Auth.Tamper == wire.TamperNone && !req.Auth.UnknownKey
	if !right || e.Received == nil || e.Received.Status != http.StatusUnauthorized {
		return false
	}
	if scheme, err := c.schemeOf(req.Auth); err != nil || scheme != wire.SchemeBearer {
		return false
	}
	return c.tokens.Replaced(ctx, sent)
}

// expiry returns the end of a JSON Web Token that states one, otherwise the zero time. It does not
// check the signature.
func expiry(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Expires float64 `json:"exp"`
	}
	if err != nil || json.Unmarshal(text, &claims) != nil || claims.Expires <= 0 {
		return time.Time{}
	}
	return time.Unix(int64(claims.Expires), 0)
}
