package house_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var updateAPI = flag.Bool("update-api", false, "write the listings of the public packages anew")

// promised are the packages whose exported names follow semantic versioning. Each keeps a
// listing of them: a change of it is a change of what others build on.
var promised = []string{"conformancetest", "zectest"}

// unpromised are the other packages that can be imported from outside: the embedded
// documents and the sentences, which change with the program.
var unpromised = []string{"spec", "features", "steps"}

func TestThePublicPackagesKeepTheirAPI(t *testing.T) {
	for _, folder := range promised {
		t.Run(folder, func(t *testing.T) {
			got, golden := api(t, folder), filepath.Join(folder, "testdata", "api.txt")
			if *updateAPI {
				require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), got, "read the difference, then go test . -run TestThePublicPackagesKeepTheirAPI -update-api")
			assert.NotContains(t, got, "mockserver.", "a name of an internal package")
			assert.Contains(t, got, "semantic versioning")
		})
	}
}

// TestNothingElseIsPublic finds the packages that can be imported from outside.
func TestNothingElseIsPublic(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		top, _, _ := strings.Cut(s.folder, "/")
		if s.test() || s.file.Name.Name == "main" || top == "internal" || s.folder == "." {
			continue
		}
		assert.Contains(t, slices.Concat(promised, unpromised), s.folder, "it can be imported from outside")
	}
}

// api lists the exported declarations of a package, with their comments.
func api(t *testing.T, folder string) string {
	t.Helper()
	set := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(set, files, module+folder)
	require.NoError(t, err)
	var out bytes.Buffer
	out.WriteString(p.Doc)
	show := func(node any) {
		out.WriteString("\n")
		require.NoError(t, (&printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}).Fprint(&out, set, node))
		out.WriteString("\n")
	}
	values := func(list []*doc.Value) {
		for _, v := range list {
			show(v.Decl)
		}
	}
	funcs := func(list []*doc.Func) {
		for _, f := range list {
			f.Decl.Body = nil
			show(f.Decl)
		}
	}
	values(p.Consts)
	values(p.Vars)
	funcs(p.Funcs)
	for _, typ := range p.Types {
		show(typ.Decl)
		values(typ.Consts)
		values(typ.Vars)
		funcs(typ.Funcs)
		funcs(typ.Methods)
	}
	return out.String()
}
