package derive_test

import (
	"io/fs"
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
	"github.com/zec-tools/conformance/spec"
)

// edited is a contract with other texts in its documents.
func edited(t *testing.T, from fs.FS, openapi, clauses *strings.Replacer) *contract.Contract {
	t.Helper()
	files := fstest.MapFS{}
	for name, put := range map[string]*strings.Replacer{"openapi.yaml": openapi, "clauses.yaml": clauses} {
		text, err := fs.ReadFile(from, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: []byte(put.Replace(string(text)))}
	}
	c, err := contract.Load(files)
	require.NoError(t, err)
	return c
}

// TestAMissingParameterIsTakenWhateverIsListedFirst holds that a double with this defect shows it even if the code of a missing
// parameter is the first one that an action lists, which the double also answers other faults with.
func TestAMissingParameterIsTakenWhateverIsListedFirst(t *testing.T) {
	const denied, missing = "- OPERATION_DENIED_DISK_STATUS_NOT_SUPPORT\n", "- MISSING_PARAMETER\n"
	const between = "                      "
	const code = "ResizeDisk/post/responses/400/content/application~1json/schema/properties/code/enum/"
	c := edited(t, os.DirFS("../../examples/disks"), strings.NewReplacer(denied+between+missing, missing+between+denied), strings.NewReplacer(code+"0", code+"1", code+"1", code+"0"))
	d, made := double.New(c, 40*time.Millisecond, "missing-parameter-taken"), double.Credentials
	_, found := ranAgainst(t, c, server{d, d, made.KeyID, made.Password, made.Token, 40 * time.Millisecond}, "resize-disk-disk-id-missing", "resize-disk-disk-size-missing")
	assert.Len(t, found["E-MISSING"], 2)
}

// TestNoScenarioNamesMoreSubjectsThanARequestMay holds that an endpoint is not accused of keeping the limit of a list.
func TestNoScenarioNamesMoreSubjectsThanARequestMay(t *testing.T) {
	ofTwo := []string{"describe-instances-several", "describe-instances-total", "describe-instances-unknown-among-known", "describe-instances-pages"}
	ofThree, ofFour := []string{"start-instances-several"}, []string{"start-instances-some-absent", "start-instances-some-not-in-start-status[RUNNING]"}
	for most, want := range map[string][][]string{
		"1": nil, "2": {ofTwo}, "3": {ofTwo, ofThree}, "4": {ofTwo, ofThree, ofFour},
	} {
		c := edited(t, spec.Files, strings.NewReplacer("maxItems: 100", "maxItems: "+most), strings.NewReplacer())
		all, err := suite.Read(derive.Features(c), suite.ContractOf(c))
		require.NoError(t, err)
		var got []string
		for _, one := range all.Cases {
			if slices.Contains(slices.Concat(ofTwo, ofThree, ofFour), one.ID) {
				got = append(got, one.ID)
			}
		}
		assert.ElementsMatch(t, slices.Concat(want...), got, most)
	}
}
