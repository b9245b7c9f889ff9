package derive_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/suite"
)

// TestAWordThatNoSentenceHoldsIsNamedAtItsPlace holds Check against the vocabulary: what it lets pass can be read, and what it
// names cannot.
func TestAWordThatNoSentenceHoldsIsNamedAtItsPlace(t *testing.T) {
	const action, parameter, status = "letters and digits that begin with a capital letter", "letters and digits that begin with a small letter", "capital letters, digits and underscores"
	for _, test := range []struct{ word, put, want string }{
		{"IN_USE", "IN_USE_2", ""},
		{"IN_USE", "in_use", `openapi.yaml:203:63: the status "in_use" is no word that a scenario can use; write one of ` + status},
		{"IN_USE", `"2"`, `the status "2" is no word`},
		{"IN_USE", "IN USE", `the status "IN USE" is no word`},
		{"INVALID_DISK_NOT_FOUND", "IPV6_DISK_2_NOT_FOUND", ""},
		{"INVALID_DISK_NOT_FOUND", "InvalidDisk.NotFound", `openapi.yaml:334:21: the code "InvalidDisk.NotFound" is no word that a scenario can use; write one of ` + status},
		{"ResizeDisk", "Resize2Disk", ""},
		{"ResizeDisk", "resizeDisk", `openapi.yaml:27:5: the action "resizeDisk" is no word that a scenario can use; write one of ` + action},
		{"diskSize", "disk2Size", ""},
		{"diskSize", "DiskSize", `openapi.yaml:61:19: the parameter "DiskSize" is no word that a scenario can use; write one of ` + parameter},
	} {
		t.Run(test.put, func(t *testing.T) {
			put := strings.NewReplacer(test.word, test.put)
			c := edited(t, os.DirFS("../../examples/disks"), put, put)
			_, err := suite.Read(derive.Features(c), suite.ContractOf(c))
			if test.want == "" {
				require.NoError(t, err)
				assert.NoError(t, derive.Check(c))
				return
			}
			require.Error(t, err)
			assert.ErrorContains(t, derive.Check(c), test.want)
		})
	}
}
