package ci_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheGateKnowsEveryTestThatStartsOtherPrograms holds the pattern by which scripts/test
// chooses tests for empty caches against the tests that fetch a program.
func TestTheGateKnowsEveryTestThatStartsOtherPrograms(t *testing.T) {
	script := get(t, root, "scripts", "test")
	match := regexp.MustCompile(`(?m)^programs='(.+)'$`).FindStringSubmatch(script)
	require.NotNil(t, match)
	programs := regexp.MustCompile(match[1])
	found := 0
	for _, pattern := range []string{"ci/consumers_test.go", "internal/*/consumer*_test.go", "internal/*/browser_test.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, name := range files {
			require.Contains(t, script, "./"+filepath.ToSlash(filepath.Dir(name[len(root)+1:])), name)
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			require.NoError(t, err)
			for _, d := range file.Decls {
				if f, is := d.(*ast.FuncDecl); is && f.Recv == nil && regexp.MustCompile(`^Test`).MatchString(f.Name.Name) {
					assert.True(t, programs.MatchString(f.Name.Name), "%s: %s is not chosen by %s", name, f.Name.Name, match[1])
					found++
				}
			}
		}
	}
	assert.GreaterOrEqual(t, found, 10)
}
