package contract

import (
	stdjson "encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// FuzzBody holds the reader against the standard library's: what is read here is
// valid there with the same value, and what is refused is invalid there, repeats a
// member or is nested too deep.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{}`, ``, ` `, `null`, `{"a":1}x`, `{"a":1,"a":2}`, `{"a":{"b":[1,2,{"c":1e999}]}}`, `"\ud800"`, "\"\xff\"", "\ufeff{}", `[1,]`, `01`, `{"a":1e999,"a":1}`,
		`{"requestId":"T1","response":{"requestId":"T1"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		value, broken := readBody(body)
		if broken == nil {
			require.True(t, stdjson.Valid(body))
			_, err := stdjson.Marshal(value)
			require.NoError(t, err)
			return
		}
		assert.NotEmpty(t, broken.where)
		assert.NotEmpty(t, broken.got)
		if stdjson.Valid(body) && !strings.Contains(broken.got, "depth") {
			assert.Equal(t, "the member repeated", broken.got, "%q", body)
		}
	})
}

// FuzzExchange makes sure that no answer brings judging down.
func FuzzExchange(f *testing.F) {
	c, err := Load(spec.Files)
	require.NoError(f, err)
	f.Add(uint8(0), 200, "application/json", []byte(`{"requestId":"T1","response":{"requestId":"T1"}}`))
	f.Add(uint8(1), 400, "text/html", []byte(`{"requestId":"T1","code":"MISSING_PARAMETER","message":"m"}`))
	f.Add(uint8(2), 204, "", []byte(``))
	f.Fuzz(func(t *testing.T, action uint8, status int, media string, body []byte) {
		var op wire.Operation
		if i := int(action) % (len(c.operations) + 1); i < len(c.operations) {
			op = c.operations[i].key
		}
		ex := wire.Exchange{Operation: op, Received: &wire.Received{
			Status: status, Header: map[string][]string{"Content-Type": {media}}, Body: body,
		}}
		judgement := c.NewJudge().Exchange(ex)
		require.NotEmpty(t, judgement.Judged)
		for _, found := range judgement.Findings {
			require.Contains(t, c.byID, found.Clause)
			require.Contains(t, judgement.Judged, found.Clause)
			require.NotEmpty(t, found.Where)
		}
	})
}

func BenchmarkExchange(b *testing.B) {
	c, err := Load(spec.Files)
	require.NoError(b, err)
	bodies := []struct {
		name   string
		op     wire.Operation
		status int
		body   string
	}{
		{"resize", c.operations[0].key, 200, `{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3","response":{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3"}}`},
		{"refusal", c.operations[0].key, 400, `{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3","code":"MISSING_PARAMETER","message":"m"}`},
		{"status", c.operations[1].key, 200, `{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3","response":{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3","totalCount":1,"dataSet":[{"instanceId":"i","instanceStatus":"RESIZING"}]}}`},
	}
	for _, body := range bodies {
		b.Run(body.name, func(b *testing.B) {
			ex := wire.Exchange{Operation: body.op, Received: &wire.Received{
				Status: body.status, Header: map[string][]string{"Content-Type": {"application/json"}}, Body: wire.Body(body.body),
			}}
			judge := c.NewJudge()
			b.ReportAllocs()
			for b.Loop() {
				clear(judge.seen)
				judge.Exchange(ex)
			}
		})
	}
}
