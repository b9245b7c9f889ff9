package ci_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThePageNamesEveryFileAndItsTests holds docs/ci.md to the files that there are and
// to the tests of this folder.
func TestThePageNamesEveryFileAndItsTests(t *testing.T) {
	page := get(t, root, "docs", "ci.md")
	files, err := filepath.Glob("*.y*ml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for i := range files {
		files[i] = "ci/" + files[i]
	}
	for _, file := range append(files, "action.yml", "Containerfile") {
		assert.Contains(t, page, "[`"+file+"`](../"+file+")")
	}

	sources, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	var there []string
	for _, file := range sources {
		for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(t `).FindAllStringSubmatch(get(t, file), -1) {
			there = append(there, found[1])
		}
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(page, -1)
	require.NotEmpty(t, named)
	for _, found := range named {
		assert.Contains(t, there, found[1], "docs/ci.md names a test that is not there")
	}
	assert.True(t, slices.ContainsFunc(there, func(name string) bool { return strings.HasPrefix(name, "TestKubernetes") }))
}

// TestTheKubernetesFilesAgree makes sure that what one file says twice, or two files say,
// is the same.
func TestTheKubernetesFilesAgree(t *testing.T) {
	job := get(t, "kubernetes.yaml")
	completions := regexp.MustCompile(`completions: (\d+)`).FindStringSubmatch(job)
	require.NotNil(t, completions)
	assert.Contains(t, job, "parallelism: "+completions[1])
	assert.Contains(t, job, `{name: JOB_COMPLETIONS, value: "`+completions[1]+`"}`)
	assert.Len(t, regexp.MustCompile(`(?m)^            - /reports/\d/report.json$`).FindAllString(get(t, "kubernetes-merge.yaml"), -1), len(strings.Split(job, ".yaml\": |"))-1)
}
