package recording

import (
	"encoding/json"
	"net/http"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/wire"
)

// decodeExchange parses an exchange in the harness's own form.
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

// Canonical converts an exchange that was not read from a recording to the form of those that were.
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

// canonical returns headers under their canonical names. Header names are case-insensitive, and a
// recording contains them as they were spelt.
func canonical(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		name = http.CanonicalHeaderKey(name)
		out[name] = append(out[name], values...)
	}
	return out
}
