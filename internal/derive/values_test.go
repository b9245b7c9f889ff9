package derive_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/verdict"
)

// rewritten is the contract in a folder, with texts of its openapi.yaml replaced.
func rewritten(t *testing.T, folder string, replacements ...string) *contract.Contract {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		text, err := os.ReadFile(folder + "/" + name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: text}
	}
	text := string(files["openapi.yaml"].Data)
	for i := 0; i < len(replacements); i += 2 {
		require.Contains(t, text, replacements[i])
		text = strings.ReplaceAll(text, replacements[i], replacements[i+1])
	}
	files["openapi.yaml"].Data = []byte(text)
	c, err := contract.Load(files)
	require.NoError(t, err)
	return c
}

// ranAgainstADouble plays derived scenarios of a contract against its double.
func ranAgainstADouble(t *testing.T, c *contract.Contract, defect string, only ...string) (verdict.Run, map[string][]string) {
	t.Helper()
	const work = 40 * time.Millisecond
	d, made := double.New(c, work, defect), double.Credentials
	return ranAgainst(t, c, server{d, d, made.KeyID, made.Password, made.Token, work}, only...)
}

// TestADoubleShowsValuesThatItsContractAllows gives the rows and the filters of the vaults limits. A double that is
// accused by its own contract shows nothing of the features.
func TestADoubleShowsValuesThatItsContractAllows(t *testing.T) {
	const (
		filter, listedFilter = "description: The zone of the vaults.\n", "description: The zone of the vaults.\n                  enum: [NORTH, SOUTH]\n"
		row                  = "description: Its zone.\n"
		listedRow            = "description: Its zone.\n                              enum: [EAST, SOUTH, NORTH]\n"
		required, lacks      = "required: [ref, phase, tier]", "required: [ref, phase, tier, zone, label]"
		label                = "type: string\n                              description: Its label."
	)
	for name, replacements := range map[string][]string{
		"a filter with listed values":      {filter, listedFilter},
		"rows with listed values":          {row, listedRow},
		"both":                             {filter, listedFilter, row, listedRow},
		"rows with values of an open list": {row, strings.Replace(listedRow, "enum", "x-values", 1)},
		"a listed member":                  {required, lacks, label, label + "\n                              enum: [RED, BLUE]"},
		"an example":                       {required, lacks, label, label + "\n                              pattern: '^[A-Z]+-[0-9]$'\n                              example: RED-1"},
		"a default":                        {required, lacks, label, label + "\n                              pattern: '^[A-Z]+$'\n                              default: RED"},
		"a least length":                   {required, lacks, label, label + "\n                              minLength: 12"},
		"a number with listed values":      {required, lacks, label, strings.Replace(label, "string", "integer", 1) + "\n                              enum: [3, 7]"},
		"a maximum":                        {required, lacks, label, strings.Replace(label, "string", "integer", 1) + "\n                              maximum: -1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := rewritten(t, "testdata/vaults", replacements...)
			out, found := ranAgainstADouble(t, c, "", "list-vaults-zone-of-one", "list-vaults-several", "list-vaults-generated")
			assert.Empty(t, found)
			assert.Equal(t, verdict.SelectedPassed, out.Verdict)
			_, found = ranAgainstADouble(t, c, "value-of-a-filter-ignored", "list-vaults-zone-of-one")
			assert.NotEmpty(t, found["A-VAULTS-FILTERS"], "%v", found)
		})
	}
}

// TestAFilterOfOneValueTellsNothing holds that no defect is offered that no scenario could see.
func TestAFilterOfOneValueTellsNothing(t *testing.T) {
	const filter, phases = "description: The zone of the vaults.\n", "phase:\n                  type: string\n                  description: The status of the vaults.\n"
	offered := func(c *contract.Contract) bool {
		for _, d := range double.Defects(c) {
			if d.Name == "value-of-a-filter-ignored" {
				return true
			}
		}
		return false
	}
	one := []string{filter, filter + "                  enum: [NORTH]\n"}
	assert.True(t, offered(rewritten(t, "testdata/vaults", one...)), "the status tells subjects apart")
	assert.False(t, offered(rewritten(t, "testdata/vaults", append(one, phases, strings.Replace(phases, "type: string", "type: string\n                  x-search: true", 1))...)))
}

// TestMoreThanOneThingIsWrongWithARequest holds that a double names the form of a parameter before the value of another:
// a request of which two things are wrong may be answered with either.
func TestMoreThanOneThingIsWrongWithARequest(t *testing.T) {
	const tier = "description: The tier it shall have.\n"
	c := rewritten(t, "testdata/vaults", tier, tier+"                  enum: [A, B, C]\n")
	_, found := ranAgainstADouble(t, c, "", "retier-vault-generated")
	assert.Empty(t, found)
}
