package client

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryRowOfTheFaultTableNamesItsTest keeps docs/faults.md and the tests together.
func TestEveryRowOfTheFaultTableNamesItsTest(t *testing.T) {
	page, err := os.ReadFile("../../docs/faults.md")
	require.NoError(t, err)
	causes, err := os.ReadFile("../wire/cause.go")
	require.NoError(t, err)
	var files []string
	for _, folder := range []string{".", "../cli", "../run", "../target", "../../cmd/conformance"} { // a single request, and whole runs
		found, err := filepath.Glob(folder + "/*_test.go")
		require.NoError(t, err)
		files = append(files, found...)
	}
	var tests string
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		tests += string(source)
	}
	for _, m := range regexp.MustCompile(`Cause\s*=\s*"([a-z0-9-]+)"`).FindAllStringSubmatch(string(causes), -1) {
		assert.Contains(t, string(page), "| `"+m[1]+"` |", "a cause without a row")
	}
	rows := regexp.MustCompile(`(?m)^\| .*$`).FindAllString(string(page), -1)
	require.Greater(t, len(rows), 20)
	for _, row := range rows {
		if strings.Contains(row, "---") || strings.HasSuffix(row, "| test |") {
			continue
		}
		m := regexp.MustCompile("`(Test[A-Za-z0-9]+)` \\|$").FindStringSubmatch(row)
		if assert.NotNil(t, m, "a row without a test: %s", row) {
			assert.True(t, strings.Contains(tests, "func "+m[1]+"("), "no such test: %s", row)
		}
	}
}
