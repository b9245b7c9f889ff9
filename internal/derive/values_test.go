package derive_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
)

// rewritten is the contract in a folder, with texts of its two documents replaced.
func rewritten(t *testing.T, folder string, replacements ...string) *contract.Contract {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		text, err := os.ReadFile(folder + "/" + name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: text}
	}
	for i := 0; i < len(replacements); i += 2 {
		found := false
		for _, file := range files {
			found = found || strings.Contains(string(file.Data), replacements[i])
			file.Data = []byte(strings.ReplaceAll(string(file.Data), replacements[i], replacements[i+1]))
		}
		require.True(t, found, replacements[i])
	}
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
		"a maximum":                        {required, lacks, label, strings.Replace(label, "string", "integer", 1) + "\n                              maximum: 0"},
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

// TestEachOddCallOfAChangeHasItsScenario breaks the double in ways that one derived scenario alone sees.
func TestEachOddCallOfAChangeHasItsScenario(t *testing.T) {
	const (
		tier  = "description: The tier it shall have.\n"
		pace  = "description: How fast.\n                  enum: [SLOW, FAST]\n"
		refs  = "                  x-resource: vault\n      responses:\n"
		grace = "                grace:\n                  type: integer\n                  description: How long it may take.\n"
	)
	c := rewritten(t, "testdata/vaults",
		tier, tier+"                  enum: [A, B, C, D]\n", pace, pace+grace, refs, strings.Replace(refs, "      responses", grace+"      responses", 1))
	for defect, ids := range map[string][]string{
		"":                              nil,
		"unlisted-value-set":            {"retier-vault-tier-unlisted"},
		"null-option-of-a-change-fails": {"retier-vault-grace-null", "unseal-vaults-grace-null"},
		"only-first-of-failed-listed":   {"seal-vaults-some-absent", "unseal-vaults-some-absent"},
	} {
		t.Run("with "+defect, func(t *testing.T) {
			t.Parallel()
			_, found := ranAgainstADouble(t, c, defect)
			failed := map[string]bool{}
			for _, findings := range found {
				for _, text := range findings {
					id, _, _ := strings.Cut(text, ": ")
					failed[id] = !strings.HasSuffix(id, "-generated") // which meets it where each required parameter can be made up
				}
			}
			maps.DeleteFunc(failed, func(_ string, written bool) bool { return !written })
			assert.ElementsMatch(t, ids, slices.Collect(maps.Keys(failed)), "%v", found)
		})
	}
}

// TestTooManyMadeUpIDsDoNotExistEither holds that the error of such a subject is right, too, whatever its status.
func TestTooManyMadeUpIDsDoNotExistEither(t *testing.T) {
	then := func(c *contract.Contract, action string) string {
		_, text, _ := strings.Cut(string(derive.Features(c)["derived/"+action+".feature"]), "made-up ids\n      Then it is refused")
		_, text, _ = strings.Cut(text, "made-up ids\n      Then ")
		text, _, _ = strings.Cut(text, "\n")
		return text
	}
	const absent = "absent: {status: 404, code: NO_SUCH_VAULT}\n"
	assert.Equal(t, "the answer is a documented 404 error or the error 400 INVALID_PARAMETER_EXCEED_LENGTH", then(vaults(t), "SealVaults"))
	c := rewritten(t, "testdata/vaults", absent, "absent: {status: 400, code: INVALID_PARAMETER_VALUE}\n")
	assert.Equal(t, "the answer is a documented 404 error or the error 400 INVALID_PARAMETER_EXCEED_LENGTH or 400 INVALID_PARAMETER_VALUE", then(c, "SealVaults"))
}

// TestTheWordsOfAFolderAreItsOwn holds that no derived text names what the contract does not have, and that articles fit.
func TestTheWordsOfAFolderAreItsOwn(t *testing.T) {
	for _, c := range []*contract.Contract{vaults(t), contracts(t)["disks"]} {
		for file, text := range derive.Features(c) {
			assert.NotRegexp(t, `\binstances?\b|\bsubjects?\b`, string(text), file)
		}
		all, err := suite.Read(derive.Features(c), suite.ContractOf(c))
		require.NoError(t, err)
		for _, scenario := range all.Cases {
			for _, step := range scenario.Steps {
				assert.NotRegexp(t, `^(?:a [aeiouAEIOU]|an [^aeiouAEIOU])`, step.Text, scenario.ID)
			}
		}
	}
	engine := rewritten(t, "testdata/vaults", " zone:", " engine:", "/zone", "/engine")
	text := string(derive.Features(engine)["derived/ListVaults.feature"])
	assert.Contains(t, text, "When ListVaults is asked for an engine that no vault has")
	_, err := suite.Read(derive.Features(engine), suite.ContractOf(engine))
	require.NoError(t, err)
}
