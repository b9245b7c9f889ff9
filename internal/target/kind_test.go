package target_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/spec"
)

// TestATargetListsWhatItsContractChanges reads lists of instances and of disks.
func TestATargetListsWhatItsContractChanges(t *testing.T) {
	built, err := contract.Load(spec.Files)
	require.NoError(t, err)
	disks, err := contract.Load(os.DirFS("../../examples/disks"))
	require.NoError(t, err)
	for name, test := range map[string]struct {
		contract *contract.Contract
		list     string
		want     string // of the error
	}{
		"instances":                {built, "{id: ins-1, status: STOPPED}", ""},
		"instances by their kind":  {built, "{id: ins-1, status: STOPPED, kind: instance}", ""},
		"disks":                    {disks, "{id: disk-1, status: IN_USE, kind: disk}", ""},
		"disks of no contract":     {built, "{id: disk-1, status: IN_USE, kind: disk}", `:5: instances: disk-1: the contract has no action that changes anything of the kind "disk": use one of instance as kind`},
		"no kind":                  {disks, "{id: disk-1, status: IN_USE}", `:5: instances: disk-1: the contract has no action that changes anything of the kind "instance": use one of disk as kind`},
		"a status of another kind": {disks, "{id: disk-1, status: STOPPED, kind: disk}", `"STOPPED" is no documented status: use one of CREATING, AVAILABLE`},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "conformance.yaml")
			text := "targets:\n  it:\n    endpoint: https://127.0.0.1\n    instances:\n      - " + test.list + "\n"
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			_, err := target.ReadConfig(file, "it", test.contract)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, test.want)
		})
	}
}
