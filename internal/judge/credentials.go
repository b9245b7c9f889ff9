package judge

import (
	"encoding/base64"
	"regexp"
	"strings"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

const (
	// shortestOther is the least length of the value of another header than Authorization that an
	// answer is searched for. Shorter ones may be words, such as the type of a token.
	shortestOther = 16
	// mostCredentials, mostCookies and mostBytes limit what is searched for, because each byte takes
	// some kilobytes of memory. Servers may set another cookie with every answer.
	mostCredentials, mostCookies, mostBytes = 32, 16, 8 << 10
)

// Credentials are those that recorded requests carry, whoever they belong to. Add adds them to a
// filter, because an answer may repeat them anywhere. It must be used by one goroutine at a time.
type Credentials struct {
	filter         *secret.Filter
	known          map[string]bool
	others, cookie int
	bytes          int // of all
}

// NewCredentials returns credentials that are added to a filter.
func NewCredentials(f *secret.Filter) *Credentials {
	return &Credentials{filter: f, known: map[string]bool{}}
}

// Add adds the credentials of an exchange, before its answer is shown.
func (c *Credentials) Add(x wire.Exchange) {
	for name, values := range x.Sent.Header {
		if !credential(name) {
			continue
		}
		for _, value := range values {
			switch strings.ToLower(name) {
			case "authorization", "proxy-authorization":
				c.authorization(value)
			case "cookie":
				for pair := range strings.SplitSeq(value, ";") {
					_, value, _ := strings.Cut(pair, "=")
					c.add(strings.TrimSpace(value), shortestOther, &c.cookie, mostCookies)
				}
			default:
				c.add(value, shortestOther, &c.others, mostCredentials)
			}
		}
	}
	if x.Received == nil {
		return
	}
	for _, value := range x.Received.Header.Values("Set-Cookie") {
		_, value, _ = strings.Cut(value, "=")
		value, _, _ = strings.Cut(value, ";")
		c.add(value, shortestOther, &c.cookie, mostCookies)
	}
}

var signatureOf = regexp.MustCompile(`(?i)signature=([0-9a-f]+)`)

// authorization adds what is secret in a header: the signature, the password, or the token.
func (c *Credentials) authorization(value string) {
	if m := signatureOf.FindStringSubmatch(value); m != nil {
		c.filter.AddSignature(m[1])
		return
	}
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if strings.EqualFold(scheme, "basic") {
		if pair, err := base64.StdEncoding.DecodeString(rest); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			c.add(password, secret.MinLength, &c.others, mostCredentials)
			return
		}
	}
	c.add(rest, secret.MinLength, &c.others, mostCredentials)
}

// add adds a value, unless it is too short or there are too many or too long ones.
func (c *Credentials) add(value string, shortest int, count *int, most int) {
	if len(value) < shortest || c.known[value] || *count >= most || c.bytes+len(value) > mostBytes || value == secret.Redacted {
		return
	}
	*count++
	c.bytes += len(value)
	c.known[value] = true
	c.filter.Add(secret.New(value))
}
