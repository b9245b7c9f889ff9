package account_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/spec"
)

// TestARefusalMayBeStatedForSeveralActions: the clause of a pair that several actions document names none of them, and the
// pair is still the action's own where its lifecycle states it.
func TestARefusalMayBeStatedForSeveralActions(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		text, err := fs.ReadFile(spec.Files, name)
		require.NoError(t, err)
		const own, shared = "  - id: M-STATUS-DENIED\n    level: must\n    operation: ModifyInstanceType\n", "  - id: M-STATUS-DENIED\n    level: must\n"
		files[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(text), own, shared, 1))}
	}
	c, err := contract.Load(files)
	require.NoError(t, err)
	clause, _ := c.Clause("M-STATUS-DENIED")
	require.Empty(t, clause.Operation)
	denied := refused(modify, resize("i-1", "b").body, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"the status is not known":   {[]call{denied}, nil},
		"the status is passing":     {[]call{shows("i-1", "BOOTING"), denied}, nil},
		"its change may have ended": {[]call{has("i-1", "STOPPED", "a"), resize("i-1", "b"), shows("i-1", "RESIZING"), denied}, nil},
		"the status allows it":      {[]call{has("i-1", "STOPPED", "a"), denied}, []string{"M-RESIZE"}},
		"another thing is wrong":    {[]call{refused(modify, resize("i-1", "b").body, 400, "MISSING_PARAMETER")}, []string{"M-INSTANCE-NOT-FOUND"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, append([]string{}, row.broken...), clauses(t, c, true, row.session))
		})
	}
}
