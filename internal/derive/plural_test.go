package derive_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/suite"
)

// TestSubjectsAreCalledByTheirPlural gives the disks of the example other names.
func TestSubjectsAreCalledByTheirPlural(t *testing.T) {
	for kind, several := range map[string]string{"disk": "disks", "box": "boxes", "policy": "policies", "cache": "caches", "batch": "batches", "status": "statuses"} {
		t.Run(kind, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
				text, err := os.ReadFile("../../examples/disks/" + name)
				require.NoError(t, err)
				fsys[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(text), "x-resource: disk", "x-resource: "+kind))}
			}
			c, err := contract.Load(fsys)
			require.NoError(t, err)
			texts := derive.Features(c)
			var all strings.Builder
			for _, text := range texts {
				all.Write(text)
			}
			assert.Contains(t, all.String(), "Given 2 AVAILABLE "+several+"\n")
			s, err := suite.Read(texts, suite.ContractOf(c))
			require.NoError(t, err)
			for _, scenario := range s.Cases {
				for _, need := range scenario.Needs.Instances {
					assert.Equal(t, kind, need.Kind, scenario.ID)
				}
			}
		})
	}
}
