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

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/spec"
)

const module = "github.com/zec-tools/conformance/"

// mayImport is the direction of imports: each folder, and what it may import of ours.
// The mock and the contract, and the mock and the steps, never meet but above both:
// one misreading of the documents must not hide in two places.
var mayImport = map[string][]string{
	"spec":                   {},
	"features":               {},
	"internal/wire":          {},
	"internal/sign":          {},
	"internal/secret":        {},
	"internal/noexec":        {},
	"internal/table":         {},
	"internal/language":      {"internal/wire"},
	"internal/typo":          {},
	"internal/yamlfile":      {},
	"internal/wholefile":     {},
	"internal/journal":       {},
	"internal/interrupt":     {},
	"internal/generate":      {},
	"internal/verdict":       {"internal/wire"},
	"internal/lifecycle":     {"internal/verdict", "internal/wire"},
	"internal/operation":     {"internal/lifecycle", "internal/verdict", "internal/wire"},
	"internal/contract":      {"internal/lifecycle", "internal/wire", "internal/verdict", "internal/yamlfile"},
	"internal/derive":        {"internal/contract", "internal/lifecycle", "internal/verdict", "internal/wire"},
	"internal/double":        {"steps", "internal/contract", "internal/lifecycle", "internal/sign", "internal/verdict", "internal/wire"},
	"internal/guard":         {"internal/wire"},
	"internal/client":        {"internal/guard", "internal/wire", "internal/sign", "internal/secret"},
	"internal/mock":          {"internal/sign"},
	"internal/mock/defects":  {"internal/mock", "internal/sign", "internal/typo"},
	"internal/disktest":      {},
	"internal/mock/mocktest": {"internal/mock", "internal/sign"},
	"conformancetest":        {"internal/cli", "internal/report", "internal/verdict"},
	"zectest":                {"internal/mock", "internal/mockserver"},
	"internal/foreign":       {"internal/mock", "internal/mock/defects", "internal/report", "internal/table"},
	"internal/mockserver":    {"internal/mock", "internal/secret", "internal/wholefile", "internal/yamlfile"},
	"internal/report":        {"internal/language", "internal/table", "internal/verdict", "internal/wire"},
	"internal/merge":         {"internal/difference", "internal/report", "internal/verdict"},
	"internal/docs":          {"steps", "internal/contract", "internal/report", "internal/suite", "internal/verdict", "internal/wholefile", "internal/wire"},
	"internal/history":       {"internal/report", "internal/verdict"},
	"internal/difference":    {"internal/report", "internal/verdict", "internal/wire"},
	"internal/rejudge":       {"steps", "internal/contract", "internal/difference", "internal/report", "internal/verdict"},
	"steps":                  {"internal/generate", "internal/lifecycle", "internal/operation", "internal/wire", "internal/verdict"},
	"internal/suite":         {"steps", "internal/contract", "internal/typo", "internal/verdict"},
	"internal/coverage":      {"steps", "internal/contract", "internal/lifecycle", "internal/suite", "internal/verdict", "internal/wire"},
	"internal/schedule":      {"steps", "internal/suite"},
	"internal/run":           {"steps", "internal/account", "internal/client", "internal/contract", "internal/generate", "internal/guard", "internal/lifecycle", "internal/schedule", "internal/suite", "internal/verdict", "internal/wire"},
	"internal/target":        {"steps", "internal/client", "internal/contract", "internal/guard", "internal/lifecycle", "internal/operation", "internal/journal", "internal/language", "internal/mock", "internal/run", "internal/schedule", "internal/secret", "internal/sign", "internal/verdict", "internal/wire", "internal/yamlfile"},
	"internal/plan":          {"steps", "internal/contract", "internal/guard", "internal/schedule", "internal/suite", "internal/target", "internal/verdict", "internal/wire"},
	"internal/selftest":      {"internal/account", "internal/judge", "internal/recording", "internal/secret", "internal/wire", "internal/contract", "internal/mock", "internal/mock/defects", "internal/report", "internal/run", "internal/schedule", "internal/suite", "internal/target", "internal/verdict", "internal/wholefile"},
	"internal/waiver":        {"internal/verdict", "internal/wholefile", "internal/yamlfile"},
	"internal/recording":     {"internal/verdict", "internal/wire"},
	"internal/proxy":         {"internal/wire"},
	"internal/account":       {"internal/contract", "internal/secret", "internal/sign", "internal/verdict", "internal/wire"},
	"internal/judge":         {"internal/account", "internal/contract", "internal/recording", "internal/secret", "internal/verdict", "internal/wire"},
	"internal/cli":           nil, // it brings everything together
	"internal/benchmark":     nil, // likewise, to be measured
	"cmd/conformance":        {"internal/cli", "internal/interrupt", "internal/noexec"},
	"cmd/benchmark":          {"internal/benchmark"},
}

// mayKnowNames are the folders that know operations, statuses, clauses and parameters by
// name: the documents, the features and the mock. Everything else takes them from the
// contract; the benchmark writes features of its own to measure with. Texts for people, of
// several words, may name them in cli, cmd, the catalogue, reports and pages. A journal of version 1 has the
// name of a field for a key.
var (
	mayKnowNames = []string{"spec", "features", "internal/mock", "internal/mock/defects", "internal/mock/mocktest", "internal/benchmark", "internal/journal"}
	mayShowNames = []string{"internal/cli", "internal/language", "internal/report", "internal/docs", "cmd/conformance"}
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
		if entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "tools" || path == "examples") {
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

// contractNames returns the names that only the contract may give: its operations, its
// statuses, its clauses, and what its lifecycles call subjects, values and fields.
func contractNames(t *testing.T) ([]string, *regexp.Regexp) {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	var names []string
	for _, clause := range c.Clauses() {
		names = append(names, clause.ID)
	}
	for _, op := range c.Operations() {
		names = append(names, op.Action)
		if l, has := c.Lifecycle(op); has {
			names = slices.Concat(names, l.States, l.Start, l.Transient, l.End)
			names = append(names, l.Subject, l.Wanted, l.Failed, l.Observed.Field, l.Changed.Field)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = regexp.QuoteMeta(name)
	}
	return names, regexp.MustCompile(`(?:^|[^A-Za-z0-9_-])(` + strings.Join(quoted, "|") + `)(?:$|[^A-Za-z0-9_-])`)
}

func TestOnlyTheDocumentsTheFeaturesAndTheMockKnowNamesOfTheContract(t *testing.T) {
	set, all := sources(t)
	names, pattern := contractNames(t)
	for _, s := range all {
		if s.test() || slices.Contains(mayKnowNames, s.folder) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			literal, is := n.(*ast.BasicLit)
			if !is || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(text, name) }) {
				return true // most literals, without the machinery of a match
			}
			shown := slices.Contains(mayShowNames, s.folder) && len(strings.Fields(text)) > 1
			if m := pattern.FindStringSubmatch(text); m != nil && !shown {
				t.Errorf("%s: %s is a name of the contract: take it from there", s.at(set, literal.Pos()), m[1])
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
