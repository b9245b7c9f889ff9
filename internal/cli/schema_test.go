package cli_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	return compiler.Compile(filepath.Join("..", "..", "reports", "report.schema.json"))
})

// keepsTheSchema holds a written report against its schema.
func keepsTheSchema(t *testing.T, report []byte) {
	t.Helper()
	s, err := schema()
	require.NoError(t, err)
	var document any
	require.NoError(t, json.Unmarshal(report, &document)) // much faster than jsonschema.UnmarshalJSON
	assert.NoError(t, s.Validate(document))
}
