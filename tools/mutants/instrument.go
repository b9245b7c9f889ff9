package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"
)

// subjects are the packages that are changed, and the files of each that are left as they
// are: what only sets the mock up, and the half of the signature that it does not use.
var subjects = map[string]*regexp.Regexp{
	"internal/mock": regexp.MustCompile(`^(certificate|serve|seed|doc)`),
	"internal/sign": regexp.MustCompile(`^(sign|doc)\.go`), // the client signs; the mock verifies
}

// data are functions that hold what the account of the mock has, which no document fixes.
var data = map[string]bool{"Statuses": true, "NewCatalogue": true, "DefaultCredentials": true}

// mutant is one small change of the source.
type mutant struct {
	Number int
	File   string // below the root
	Line   int
	Func   string
	Kind   string // negate, always, never, constant, remove
	Text   string // the source that is changed, on one line
}

// key names a mutant without its line, so that an explanation outlives an edit elsewhere.
func (m mutant) key() string { return m.File + " " + m.Func + " " + m.Kind + " " + m.Text }

// insertion is text put into a file at an offset.
type insertion struct {
	at    int
	text  string
	close bool // stands behind what it ends
	order int
}

// instrument writes changed copies of the subjects' files to folder, with an overlay that
// puts them in the place of the originals, and returns the mutants they hold.
func instrument(ctx context.Context, root, folder string) ([]mutant, error) {
	var patterns []string
	for name := range subjects {
		patterns = append(patterns, "./"+name)
	}
	sort.Strings(patterns)
	fset := token.NewFileSet()
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Dir: root, Fset: fset,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps,
	}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("read the packages to change: %w", err)
	}
	overlay := map[string]string{}
	var all []mutant
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("read %s: %w", p.PkgPath, p.Errors[0])
		}
		below, err := filepath.Rel(root, filepath.Dir(p.GoFiles[0]))
		if err != nil {
			return nil, err
		}
		skip := subjects[filepath.ToSlash(below)]
		for i, file := range p.Syntax {
			path := p.CompiledGoFiles[i]
			if skip.MatchString(filepath.Base(path)) {
				continue
			}
			w := &writer{fset: fset, pkg: p, file: file, below: filepath.ToSlash(filepath.Join(below, filepath.Base(path))), next: len(all) + 1}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			w.source = text
			ast.Walk(w, file)
			changed := filepath.Join(folder, strings.ReplaceAll(w.below, "/", "_"))
			if err := os.WriteFile(changed, w.changed(), 0o600); err != nil {
				return nil, err
			}
			overlay[path] = changed
			all = append(all, w.mutants...)
		}
		chosen := filepath.Join(folder, p.Name+"_mutated.go")
		if err := os.WriteFile(chosen, []byte("package "+p.Name+"\n"+switchSource), 0o600); err != nil {
			return nil, err
		}
		overlay[filepath.Join(filepath.Dir(p.GoFiles[0]), "mutated.go")] = chosen
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("nothing to change was found")
	}
	return all, os.WriteFile(filepath.Join(folder, "overlay.json"), text, 0o600)
}

// switchSource is what each changed package gets besides: the switch, and what it does.
const switchSource = `
import (
	"os"
	"strconv"
)

var mutatedNumber = func() int { n, _ := strconv.Atoi(os.Getenv("CONFORMANCE_MUTANT")); return n }()

func mutated(n int) bool { return mutatedNumber == n }

func mutatedNot[T ~bool](n int, v T) T { if mutated(n) { return !v }; return v }
func mutatedTrue[T ~bool](n int, v T) T { if mutated(n) { return true }; return v }
func mutatedFalse[T ~bool](n int, v T) T { if mutated(n) { return false }; return v }
func mutatedText[T ~string](n int, v T) T { if mutated(n) { return v + "X" }; return v }
func mutatedNext[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64](n int, v T) T { if mutated(n) { return v + 1 }; return v }
func mutatedTwice[T ~int64](n int, v T) T { if mutated(n) { return 2 * v }; return v }
`

// writer walks over one file and notes where it is changed.
type writer struct {
	fset       *token.FileSet
	pkg        *packages.Package
	file       *ast.File
	source     []byte
	below      string
	next       int
	function   string
	mutants    []mutant
	insertions []insertion
}

// Visit implements ast.Visitor.
func (w *writer) Visit(n ast.Node) ast.Visitor {
	switch node := n.(type) {
	case *ast.GenDecl:
		if node.Tok == token.CONST || node.Tok == token.IMPORT || node.Tok == token.TYPE {
			return nil
		}
	case *ast.FuncDecl:
		inner := *w
		inner.function, inner.mutants, inner.insertions = node.Name.Name, nil, nil
		if node.Body != nil && !data[node.Name.Name] {
			ast.Walk(&inner, node.Body)
		}
		w.next = inner.next
		w.mutants = append(w.mutants, inner.mutants...)
		w.insertions = append(w.insertions, inner.insertions...)
		return nil
	case *ast.BlockStmt:
		w.statements(node.List)
	case *ast.CaseClause:
		w.statements(node.Body)
	case *ast.IfStmt:
		w.wrap(node.Cond, "negate", "mutatedNot")
	case *ast.ArrayType, *ast.StructType, *ast.InterfaceType, *ast.FuncType:
		return nil
	case *ast.KeyValueExpr:
		_, field := node.Key.(*ast.Ident)
		if index, ok := node.Key.(*ast.BasicLit); field || ok && index.Kind == token.INT {
			ast.Walk(w, node.Value)
			return nil
		}
	case *ast.SelectorExpr:
		ast.Walk(w, node.X)
		return nil
	case *ast.BinaryExpr:
		switch node.Op {
		case token.LAND:
			w.wrap(node.X, "always", "mutatedTrue")
			w.wrap(node.Y, "always", "mutatedTrue")
		case token.LOR:
			w.wrap(node.X, "never", "mutatedFalse")
			w.wrap(node.Y, "never", "mutatedFalse")
		}
	case *ast.BasicLit:
		w.constant(node)
	case *ast.Ident:
		w.constant(node)
	case *ast.ReturnStmt:
		for _, result := range node.Results {
			if b, ok := result.(*ast.BinaryExpr); ok && b.Op != token.LAND && b.Op != token.LOR {
				w.wrap(result, "negate", "mutatedNot")
			}
		}
	}
	return w
}

// constant changes a literal, or the use of a constant of the package.
func (w *writer) constant(e ast.Expr) {
	value, known := w.pkg.TypesInfo.Types[e]
	if !known || value.Value == nil {
		return
	}
	basic, ok := value.Type.Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsUntyped != 0 {
		return
	}
	name, ok := w.typeName(value.Type)
	if !ok {
		return
	}
	switch {
	case basic.Info()&types.IsBoolean != 0:
		w.call(e, "constant", "mutatedNot["+name+"]")
	case basic.Info()&types.IsString != 0:
		w.call(e, "constant", "mutatedText["+name+"]")
	case name == "time.Duration":
		w.call(e, "constant", "mutatedTwice["+name+"]")
	case basic.Info()&types.IsInteger != 0 && basic.Kind() != types.Uintptr:
		w.call(e, "constant", "mutatedNext["+name+"]")
	}
}

// typeName writes a type as this file would.
func (w *writer) typeName(t types.Type) (string, bool) {
	ok := true
	name := types.TypeString(t, func(p *types.Package) string {
		if p == w.pkg.Types {
			return ""
		}
		ok = false
		for _, spec := range w.file.Imports {
			if strings.Trim(spec.Path.Value, `"`) == p.Path() && spec.Name == nil {
				ok = true
			}
		}
		return p.Name()
	})
	return name, ok
}

// wrap puts a condition into a call that changes it.
func (w *writer) wrap(e ast.Expr, kind, function string) {
	value, known := w.pkg.TypesInfo.Types[e]
	if !known || value.Value != nil {
		return
	}
	if b, ok := value.Type.Underlying().(*types.Basic); !ok || b.Info()&types.IsBoolean == 0 {
		return
	}
	w.call(e, kind, function)
}

func (w *writer) call(e ast.Expr, kind, function string) {
	n := w.note(e, kind)
	w.insert(e.Pos(), fmt.Sprintf("%s(%d, ", function, n), false)
	w.insert(e.End(), ")", true)
}

// statements leaves out one statement of a list at a time.
func (w *writer) statements(list []ast.Stmt) {
	for _, s := range list {
		switch node := s.(type) {
		case *ast.AssignStmt:
			if node.Tok == token.DEFINE {
				continue
			}
		case *ast.ExprStmt:
			if call, ok := node.X.(*ast.CallExpr); ok {
				if untouched[name(call.Fun)] {
					continue
				}
			}
		case *ast.IncDecStmt:
		default:
			continue
		}
		n := w.note(s, "remove")
		w.insert(s.Pos(), fmt.Sprintf("if !mutated(%d) { ", n), false)
		w.insert(s.End(), " }", true)
	}
}

// untouched are calls that are never left out: a lock that is missing is no other answer but
// a race, and a function that must not return needs its panic.
var untouched = map[string]bool{"panic": true, "Lock": true, "Unlock": true, "RLock": true, "RUnlock": true}

// name returns the last name of what is called.
func name(e ast.Expr) string {
	switch node := e.(type) {
	case *ast.Ident:
		return node.Name
	case *ast.SelectorExpr:
		return node.Sel.Name
	default:
		return ""
	}
}

var space = regexp.MustCompile(`\s+`)

func (w *writer) note(n ast.Node, kind string) int {
	at := w.fset.Position(n.Pos())
	text := space.ReplaceAllString(string(w.source[at.Offset:w.fset.Position(n.End()).Offset]), " ")
	if len(text) > 90 {
		text = text[:90] + "…"
	}
	w.mutants = append(w.mutants, mutant{Number: w.next, File: w.below, Line: at.Line, Func: w.function, Kind: kind, Text: text})
	w.next++
	return w.next - 1
}

func (w *writer) insert(pos token.Pos, text string, end bool) {
	w.insertions = append(w.insertions, insertion{w.fset.Position(pos).Offset, text, end, len(w.insertions)})
}

// changed returns the source with all insertions. At one place what ends comes before what
// begins; of several that begin the outermost, noted first, comes first; of several that end
// the innermost, noted last.
func (w *writer) changed() []byte {
	sort.SliceStable(w.insertions, func(i, j int) bool {
		a, b := w.insertions[i], w.insertions[j]
		switch {
		case a.at != b.at:
			return a.at < b.at
		case a.close != b.close:
			return a.close
		case a.close:
			return a.order > b.order
		default:
			return a.order < b.order
		}
	})
	var out []byte
	last := 0
	for _, in := range w.insertions {
		out = append(append(out, w.source[last:in.at]...), in.text...)
		last = in.at
	}
	return append(out, w.source[last:]...)
}
