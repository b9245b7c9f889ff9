package contract_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

func TestWhatIsNotMarkedAsReadingChanges(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		data, err := fs.ReadFile(spec.Files, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	c, err := contract.Load(files)
	require.NoError(t, err)
	change, _ := c.Operation("ModifyInstanceType")
	read, _ := c.Operation("DescribeInstances")
	assert.True(t, c.Changes(change))
	assert.False(t, c.Changes(read))
	assert.True(t, c.Changes(wire.Operation{Path: read.Path, Action: "DeleteInstances"}), "an operation that it does not have")
	assert.Equal(t, []string{"ModifyInstanceType"}, c.AllowedBy("allowResize"))
	assert.Empty(t, c.AllowedBy("allowOther"))

	text := string(files["openapi.yaml"].Data)
	files["openapi.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "      x-effect: reads\n", ""))}
	_, err = contract.Load(files)
	assert.ErrorContains(t, err, "does not read", "work is observed by what is known to read")
}
