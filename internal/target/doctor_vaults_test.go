package target_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/language"
)

// TestDoctorReadsAsTheContractAllows examines a right endpoint of a contract whose first action changes
// no value, and whose read takes fewer ids than the target lists.
func TestDoctorReadsAsTheContractAllows(t *testing.T) {
	api, err := contract.Load(os.DirFS("../derive/testdata/vaults"))
	require.NoError(t, err)
	d := double.New(api, time.Second, "")
	list := &strings.Builder{}
	for _, s := range d.SeedAccount() {
		fmt.Fprintf(list, "      - {id: %s, status: %s, kind: vault}\n", s.ID, s.Status)
	}
	require.Greater(t, strings.Count(list.String(), "\n"), 9, "more than one read may name")
	remote := openDouble(t, api, d, "    allow: [SealVaults, UnsealVaults, RetierVault]\n    instanceTypes: {resizable: [value-1, value-2]}\n    instances:\n"+list.String())
	checks, err := remote.Examine(t.Context())
	require.NoError(t, err)
	said := &strings.Builder{}
	for _, check := range checks {
		assert.Empty(t, check.Fix, "%s: %s", check.Name[0], check.Found[0])
		fmt.Fprintf(said, "%s: %s\n", check.Name[0], check.Found[0])
	}
	assert.Regexp(t, `(?m)^vault vault-\d+: is OPEN$`, said.String())
	assert.Contains(t, said.String(), "\ntiers: 2 are listed as resizable\n")
	assert.Regexp(t, `(?m)^tier of vault-\d+: is value-1$`, said.String())
	assert.NotRegexp(t, `\binstances?\b|\btypes?\b`, strings.ReplaceAll(said.String(), "instanceTypes", ""))
	kind, value := remote.Words()
	assert.Equal(t, "vault tier", kind+" "+value)
}

// TestDoctorSaysWhatToDoAboutAValueThatIsNotListed speaks of GPUs to those alone who have them.
func TestDoctorSaysWhatToDoAboutAValueThatIsNotListed(t *testing.T) {
	api, err := contract.Load(os.DirFS("../derive/testdata/vaults"))
	require.NoError(t, err)
	d := double.New(api, time.Second, "")
	list := ""
	for _, s := range d.SeedAccount() {
		if s.Status == "SEALED" {
			list = fmt.Sprintf("      - {id: %s, status: SEALED, kind: vault}\n", s.ID)
		}
	}
	remote := openDouble(t, api, d, "    allow: [RetierVault]\n    instanceTypes: {resizable: [value-2, value-3]}\n    instances:\n"+list)
	checks, err := remote.Examine(t.Context())
	require.NoError(t, err)
	last := checks[len(checks)-1]
	assert.Equal(t, "is value-1, which instanceTypes.resizable does not list", last.Found.In(language.English))
	assert.Equal(t, "if the vault can be changed back to it, list it there; or use another vault", last.Fix.In(language.English))
}
