package cli_test

import (
	"bytes"
	"path/filepath"
	"sync"
	"testing"

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
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(report))
	require.NoError(t, err)
	assert.NoError(t, s.Validate(document))
}
