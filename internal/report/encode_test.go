package report

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestEncodeWritesWhatTheLibraryWrites holds what is written member by member against
// what encoding/json makes of the same scenario.
func TestEncodeWritesWhatTheLibraryWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := verdict.Scenario{ID: rapid.String().Draw(t, "id"), Outcome: verdict.Passed, Exchanges: rapid.SliceOf(exchanges()).Draw(t, "exchanges")}
		record, err := Encode(s)
		require.NoError(t, err)
		want, err := json.Marshal(canonical(s))
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(record.JSON))
		assert.False(t, strings.ContainsFunc(string(record.JSON), isControl), "no raw control character")
	})
}

func exchanges() *rapid.Generator[wire.Exchange] {
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a\"\\\n\r\t\b\x00\x7f\u0085\u2028\u202e<>&é"))))
	body := rapid.OneOf(rapid.Map(text, func(s string) wire.Body { return wire.Body(s) }),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) wire.Body { return b }))
	header := rapid.Map(rapid.MapOf(text, rapid.SliceOfN(text, 1, 3)), func(m map[string][]string) http.Header { return m })
	moment := rapid.Map(rapid.Int64Range(0, 4e18), func(n int64) time.Time { return time.Unix(0, n) })
	span := rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) })
	return rapid.Custom(func(t *rapid.T) wire.Exchange {
		x := wire.Exchange{
			Operation: wire.Operation{Path: text.Draw(t, "path"), Action: text.Draw(t, "action"), Version: text.Draw(t, "version")},
			Effect:    wire.Effect(text.Draw(t, "effect")), Attempt: rapid.Int().Draw(t, "attempt"),
			Sent:   wire.Sent{Method: text.Draw(t, "method"), URL: text.Draw(t, "url"), Header: header.Draw(t, "header"), Body: body.Draw(t, "body")},
			Timing: wire.Timing{Start: moment.Draw(t, "start"), FirstByte: span.Draw(t, "first byte"), End: span.Draw(t, "end")},
			Cause:  wire.Cause(text.Draw(t, "cause")), Detail: text.Draw(t, "detail"),
		}
		if rapid.Bool().Draw(t, "answered") {
			x.Received = &wire.Received{Status: rapid.Int().Draw(t, "status"), Proto: text.Draw(t, "protocol"), Header: header.Draw(t, "headers"), Body: body.Draw(t, "answer")}
		}
		return x
	})
}
