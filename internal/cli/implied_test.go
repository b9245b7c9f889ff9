package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// disksEdited copies the example to a folder of its own, its documents edited.
func disksEdited(t *testing.T, openapi, clauses func(string) string) string {
	t.Helper()
	dir := t.TempDir()
	for name, put := range map[string]func(string) string{"openapi.yaml": openapi, "clauses.yaml": clauses} {
		text, err := os.ReadFile(filepath.Join("../../examples/disks", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(put(string(text))), 0o600))
	}
	return dir
}

// TestADerivedFeatureThatCannotBeReadIsNamedByItsContract holds that nobody is sent to a file that is not there.
func TestADerivedFeatureThatCannotBeReadIsNamedByItsContract(t *testing.T) {
	same := func(text string) string { return text }
	small := disksEdited(t, func(text string) string { return strings.ReplaceAll(text, "IN_USE", "in_use") }, same)
	for _, command := range []string{"list", "coverage", "run", "selftest"} {
		code, _, errs := alone(nil, command, "--contract", small)
		assert.Equal(t, 2, code, command)
		assert.Equal(t, "conformance: "+small+"/openapi.yaml:203:63: the status \"in_use\" is no word that a scenario can use; "+
			"write one of capital letters, digits and underscores: only conformance judge and proxy take any other\n", errs, command)
	}
}

// TestAContractThatOnlyReadsHasNoScenarios holds that its author reads what is missing, and where.
func TestAContractThatOnlyReadsHasNoScenarios(t *testing.T) {
	changing := regexp.MustCompile(`(?s)  /api/v2/zec#ResizeDisk:.*?(\n  /api/v2/zec#DescribeDisks:)`)
	of := regexp.MustCompile(`(?s)  - id: A-RESIZE-DISK.*?(\n  - id: A-DISK-NOT-FOUND)|      - "(?:/paths/~1api~1v2~1zec#ResizeDisk|\{path\}/post/responses/400)[^\n]*\n`)
	reads := disksEdited(t, func(text string) string { return changing.ReplaceAllString(text, "$1") }, func(text string) string { return of.ReplaceAllString(text, "$1") })
	code, _, errs := alone(nil, "list", "--contract", reads)
	assert.Equal(t, 2, code)
	assert.Regexp(t, `^conformance: .*/openapi\.yaml:\d+:\d+: no action has an x-lifecycle, so no scenario follows from the documents; add one, or write features in the folder features\n$`, errs)
}
