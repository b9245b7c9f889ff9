package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func FuzzIndented(f *testing.F) {
	for _, text := range []string{
		`{"a":{"b":[1,-2.5e3,true,null],"c":{},"d":[]},"e":"x\"y\\","f":"\\\"","g":"{[,:]}"}`, `[]`, `{}`, `"\\"`, `1`, `[[[]],[{}],[""]]`, `{"":"状态"}`, ` [ 1 , 2 ] `,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var line, want bytes.Buffer
		if json.Compact(&line, text) != nil {
			appendIndented(nil, text) // it ends
			return
		}
		require.NoError(t, json.Indent(&want, line.Bytes(), "    ", "  "))
		assert.Equal(t, want.String(), string(appendIndented(nil, line.Bytes())))
		assert.Equal(t, want.String(), string(appendIndented(nil, text)))
	})
}
