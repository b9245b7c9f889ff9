package recording

import (
	"encoding/json"

	"github.com/zec-tools/conformance/internal/wire"
)

// decodeExchange reads an exchange as the harness itself writes it.
func decodeExchange(text []byte) wire.Exchange {
	var x wire.Exchange
	if err := json.Unmarshal(text, &x); err != nil {
		return unreadable("the entry cannot be read: " + err.Error())
	}
	if x.Attempt == 0 {
		x.Attempt = 1
	}
	complete(&x)
	return x
}
