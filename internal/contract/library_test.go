package contract

import (
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/spec"
)

// TestACheckerIsWhatTheLibraryReads holds the checkers, which are made from the description
// without the library, against those that it reads itself.
func TestACheckerIsWhatTheLibraryReads(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"the built-in contract": spec.Files, "disks": os.DirFS("../../examples/disks")} {
		t.Run(name, func(t *testing.T) {
			c, err := LoadValid(fsys)
			require.NoError(t, err)
			doc, err := libraryDocument(c.api)
			require.NoError(t, err)
			for _, op := range c.operations {
				responses := doc.Paths.Value(op.key.Path + "#" + op.key.Action).Post.Responses
				require.NotEmpty(t, op.answers)
				for status, a := range op.answers {
					same(t, op.key.Action+" "+strconv.Itoa(status), responses.Status(status), a)
				}
				if op.open != nil {
					same(t, op.key.Action+" "+http.StatusText(http.StatusBadRequest), responses.Value(anyRefusal), op.open)
				}
			}
		})
	}
}

func same(t *testing.T, where string, of *openapi3.ResponseRef, a *answer) {
	t.Helper()
	want, got := bare(of.Value.Content.Get("application/json").Schema), bare(a.check.schema.NewRef())
	assert.NotNil(t, want.Type, where)
	assert.Equal(t, want, got, where)
}

// bare copies a schema without what only readers are told.
func bare(ref *openapi3.SchemaRef) *openapi3.Schema {
	s := *ref.Value
	s.Extensions, s.Description, s.Example, s.Default = nil, "", nil, nil
	if s.Items != nil {
		s.Items = bare(s.Items).NewRef()
	}
	properties := s.Properties
	s.Properties = nil
	for name, p := range properties {
		if s.Properties == nil {
			s.Properties = openapi3.Schemas{}
		}
		s.Properties[name] = bare(p).NewRef()
	}
	return &s
}
