package recording

import (
	"encoding/json"
	"net/http"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/wire"
)

// decodeExchange reads an exchange as the harness itself writes it.
func decodeExchange(text []byte) (wire.Exchange, []string) {
	var x wire.Exchange
	if err := json.Unmarshal(text, &x); err != nil {
		return unreadable(misfit(err)), nil
	}
	if x.Attempt == 0 {
		x.Attempt = 1
	}
	x = Canonical(x)
	for _, path := range []string{"request.body", "response.body", "timing"} {
		if x.Received != nil && !gjson.GetBytes(text, path).Exists() {
			notRecorded(&x, "the entry has no "+path)
		}
	}
	return x, nil
}

// Canonical returns an exchange that was not read from a recording as one that was.
func Canonical(x wire.Exchange) wire.Exchange {
	x.Sent.Header = canonical(x.Sent.Header)
	if x.Received != nil {
		received := *x.Received
		received.Header = canonical(received.Header)
		x.Received = &received
	}
	complete(&x)
	return x
}

// canonical returns headers under the names that they are asked for by: names of headers are
// case-insensitive, and a recording has them as they were spelt.
func canonical(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		name = http.CanonicalHeaderKey(name)
		out[name] = append(out[name], values...)
	}
	return out
}
