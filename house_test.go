// Package house_test holds the tests of the house itself: which package may import
// which, that each says what it is for, and how long a file may be. It is no part of
// the program.
package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/zec-tools/conformance/"

// mayImport is the direction of imports: each folder, and what it may import of ours.
// The mock and the contract, and the mock and the steps, never meet but above both:
// one misreading of the documents must not hide in two places.
var mayImport = map[string][]string{
	"spec":                {},
	"features":            {},
	"internal/wire":       {},
	"internal/sign":       {},
	"internal/secret":     {},
	"internal/noexec":     {},
	"internal/typo":       {},
	"internal/yamlfile":   {},
	"internal/journal":    {},
	"internal/interrupt":  {},
	"internal/generate":   {},
	"internal/verdict":    {"internal/wire"},
	"internal/lifecycle":  {"internal/verdict", "internal/wire"},
	"internal/operation":  {"internal/lifecycle", "internal/verdict", "internal/wire"},
	"internal/contract":   {"internal/lifecycle", "internal/wire", "internal/verdict"},
	"internal/guard":      {"internal/wire"},
	"internal/client":     {"internal/guard", "internal/wire", "internal/sign", "internal/secret"},
	"internal/mock":       {"internal/sign", "internal/typo"},
	"internal/report":     {"internal/verdict", "internal/wire"},
	"internal/merge":      {"internal/report", "internal/verdict"},
	"internal/docs":       {"steps", "internal/contract", "internal/report", "internal/suite", "internal/verdict", "internal/wire"},
	"internal/difference": {"internal/report", "internal/verdict", "internal/wire"},
	"internal/rejudge":    {"steps", "internal/contract", "internal/report", "internal/verdict"},
	"steps":               {"internal/generate", "internal/lifecycle", "internal/operation", "internal/wire", "internal/verdict"},
	"internal/suite":      {"steps", "internal/contract", "internal/typo", "internal/verdict"},
	"internal/coverage":   {"steps", "internal/contract", "internal/lifecycle", "internal/suite", "internal/verdict", "internal/wire"},
	"internal/run":        {"steps", "internal/client", "internal/contract", "internal/generate", "internal/guard", "internal/lifecycle", "internal/suite", "internal/verdict", "internal/wire"},
	"internal/target":     {"steps", "internal/client", "internal/contract", "internal/guard", "internal/lifecycle", "internal/operation", "internal/journal", "internal/mock", "internal/run", "internal/secret", "internal/verdict", "internal/wire", "internal/yamlfile"},
	"internal/plan":       {"steps", "internal/contract", "internal/guard", "internal/suite", "internal/target", "internal/wire"},
	"internal/selftest":   {"internal/contract", "internal/mock", "internal/run", "internal/suite", "internal/target", "internal/verdict"},
	"internal/waiver":     {"internal/verdict", "internal/yamlfile"},
	"internal/recording":  {"internal/wire"},
	"internal/account":    {"internal/contract", "internal/secret", "internal/sign", "internal/verdict", "internal/wire"},
	"internal/judge":      {"internal/account", "internal/contract", "internal/recording", "internal/secret", "internal/verdict", "internal/wire"},
	"internal/cli":        nil, // it brings everything together
	"internal/benchmark":  nil, // likewise, to be measured
	"cmd/conformance":     {"internal/cli", "internal/interrupt", "internal/noexec"},
	"cmd/benchmark":       {"internal/benchmark"},
}

// resizeName is known to the documents, the features, their steps and the mock alone.
// Elsewhere it may stand in comments, and in the texts for people that cli and cmd show.
const resizeName = "ModifyInstanceType"

var (
	mayKnowResize = []string{"spec", "features", "steps", "internal/mock"}
	maySayResize  = []string{"internal/cli", "cmd/conformance"}
)

const longestFile = 400 // lines

// source is one Go file of the project.
type source struct {
	folder, name string
	file         *ast.File
	lines        int
}

func (s source) test() bool   { return strings.HasSuffix(s.name, "_test.go") }
func (s source) path() string { return filepath.Join(s.folder, s.name) }
func (s source) at(set *token.FileSet, pos token.Pos) string {
	return fmt.Sprintf("%s:%d", s.path(), set.Position(pos).Line)
}

// sources parses every Go file of the module.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	set := token.NewFileSet()
	var all []source
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "tools") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		all = append(all, source{filepath.ToSlash(filepath.Dir(path)), entry.Name(), file, 0})
		if err == nil {
			all[len(all)-1].lines = set.File(file.Pos()).LineCount()
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, len(all), 50, "the files of the project")
	return set, all
}

// TestTheDocumentedTableIsThisOne holds the table of docs/architecture.md against mayImport.
func TestTheDocumentedTableIsThisOne(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("docs", "architecture.md"))
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(text), "## The packages")
	table, _, _ = strings.Cut(table, "\n## ")
	documented := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\| [^|]+ \\| ([^|]*)\\|$").FindAllStringSubmatch(table, -1) {
		documented[row[1]] = strings.TrimSpace(row[2])
	}
	want := map[string]string{}
	for folder, imports := range mayImport {
		if imports == nil {
			want[folder] = "all of these"
			continue
		}
		short := make([]string, len(imports))
		for i, name := range imports {
			short[i] = strings.TrimPrefix(name, "internal/")
		}
		slices.Sort(short)
		want[folder] = strings.Join(short, ", ")
	}
	assert.Equal(t, want, documented)
}

func TestImportsGoOneWay(t *testing.T) {
	set, all := sources(t)
	used := map[string]bool{}
	for _, s := range all {
		if s.test() {
			continue // a test brings together what it needs; what is built does not
		}
		allowed, listed := mayImport[s.folder]
		assert.True(t, listed, "%s: the folder is not in the table of imports: add it with what it may import", s.folder)
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			ours, isOurs := strings.CutPrefix(path, module)
			used[s.folder+" "+ours] = true
			if isOurs && allowed != nil {
				assert.Contains(t, allowed, ours, "%s: %s imports %s", s.at(set, spec.Pos()), s.folder, ours)
			}
		}
	}
	for folder, imports := range mayImport {
		for _, ours := range imports {
			assert.True(t, used[folder+" "+ours], "%s need not be allowed to import %s: take it out of the table", folder, ours)
		}
	}
}

func TestTheTableOfImportsHasNoRing(t *testing.T) {
	var visit func(folder string, way []string)
	visit = func(folder string, way []string) {
		require.NotContains(t, way, folder, "a ring of imports")
		for _, next := range mayImport[folder] {
			visit(next, append(slices.Clone(way), folder))
		}
	}
	for folder := range mayImport {
		visit(folder, nil)
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	_, all := sources(t)
	said := map[string]bool{}
	for _, s := range all {
		said[s.folder] = said[s.folder] || s.file.Doc != nil && len(s.file.Doc.Text()) > 40
	}
	for folder, does := range said {
		assert.True(t, does, "%s has no package comment that says what it is for", folder)
	}
}

func TestOnlyTheStepsAndTheMockKnowTheResize(t *testing.T) {
	set, all := sources(t)
	for _, s := range all {
		if s.test() || slices.Contains(mayKnowResize, s.folder) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch node := n.(type) {
			case *ast.Ident:
				assert.NotContains(t, node.Name, resizeName, s.at(set, node.Pos()))
			case *ast.BasicLit:
				// A text for people has words around the name; a name alone would be used as one.
				sentence := slices.Contains(maySayResize, s.folder) && len(strings.Fields(node.Value)) > 1
				if !sentence {
					assert.NotContains(t, node.Value, resizeName, "%s: take the operation from the contract", s.at(set, node.Pos()))
				}
			}
			return true
		})
	}
}

func TestNoFileIsTooLong(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		assert.LessOrEqual(t, s.lines, longestFile, "%s: split it by subject", s.path())
	}
}
