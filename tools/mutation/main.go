// Command mutation measures what the tests of single packages notice. gremlins mutates the source,
// one small change at a time, and runs the package's own tests against each mutant.
//
// Go counts no coverage for the condition of a case, and gremlins mutates only covered code (its
// issue 298). So gremlins gets a copy of the module in which each condition of a switch without a
// tag is in its own function, which has the same meaning and is counted.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// gremlins is the program, at its version. It has no place in tools/go.mod, where it would
// choose other versions of what golangci-lint is built of.
const gremlins = "github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0"

func main() {
	root := flag.String("root", ".", "the root of the module")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx, *root, flag.Args(), os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

// measure prints a row of the table for each package, a folder below the root.
func measure(ctx context.Context, root string, folders []string, out, progress io.Writer) error {
	if len(folders) == 0 {
		return errors.New("name the packages to measure, as internal/verdict")
	}
	dir, err := os.MkdirTemp("", "mutation-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program, module := filepath.Join(dir, "gremlins"), filepath.Join(dir, "module")
	install := exec.CommandContext(ctx, "go", "install", gremlins)
	install.Env = append(os.Environ(), "GOBIN="+dir)
	if text, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("install %s: %w\n%s", gremlins, err, text)
	}
	if err := copyModule(ctx, root, module); err != nil {
		return fmt.Errorf("copy the module: %w", err)
	}
	fmt.Fprint(out, "| package | changes | reached | noticed | not noticed |\n|---|---|---|---|---|\n")
	for _, folder := range folders {
		row, err := one(ctx, program, module, folder, progress)
		if err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		fmt.Fprint(out, row)
	}
	return nil
}

// copyModule copies what git knows or would add.
func copyModule(ctx context.Context, root, to string) error {
	list := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed, and not committed yet
		}
		target := filepath.Join(to, name)
		if err = errors.Join(err, os.MkdirAll(filepath.Dir(target), 0o755)); err == nil {
			err = os.WriteFile(target, text, 0o755)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// one measures one package.
func one(ctx context.Context, program, module, folder string, progress io.Writer) (string, error) {
	if err := countConditions(filepath.Join(module, folder)); err != nil {
		return "", err
	}
	result := filepath.Join(module, "mutation.json")
	run := exec.CommandContext(ctx, program, "unleash", "--workers", "1", "--timeout-coefficient", "30", "--output", result, "./"+folder)
	run.Dir, run.Stdout, run.Stderr = module, progress, progress
	if err := run.Run(); err != nil {
		return "", err
	}
	text, err := os.ReadFile(result)
	if err != nil {
		return "", err
	}
	var read struct {
		Files []struct {
			Name      string `json:"file_name"`
			Mutations []struct {
				Status string `json:"status"`
				Line   int    `json:"line"`
			} `json:"mutations"`
		} `json:"files"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return "", err
	}
	var all, reached, noticed int
	var lived []string
	for _, file := range read.Files {
		for _, m := range file.Mutations {
			switch m.Status {
			case "KILLED", "TIMED OUT":
				noticed++
				reached++
			case "LIVED":
				reached++
				lived = append(lived, fmt.Sprintf("%s:%d", file.Name, m.Line))
			case "NOT COVERED":
				lived = append(lived, fmt.Sprintf("%s:%d (not reached)", file.Name, m.Line))
			default:
				continue // it does not compile
			}
			all++
		}
	}
	slices.Sort(lived)
	for _, place := range slices.Compact(lived) {
		fmt.Fprintf(progress, "%s/%s\n", folder, place)
	}
	return fmt.Sprintf("| `%s` | %d | %s | %s | %d |\n", folder, all, percent(reached, all), percent(noticed, reached), all-noticed), nil
}

func percent(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(whole))
}

// countConditions puts each condition of a switch without a tag into a function of its own.
func countConditions(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, wrapped(set, file, text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func wrapped(set *token.FileSet, file *ast.File, text []byte) []byte {
	var conditions []ast.Expr
	ast.Inspect(file, func(n ast.Node) bool {
		if s, is := n.(*ast.SwitchStmt); is && s.Tag == nil {
			for _, clause := range s.Body.List {
				conditions = append(conditions, clause.(*ast.CaseClause).List...)
			}
		}
		return true
	})
	slices.SortFunc(conditions, func(a, b ast.Expr) int { return int(b.Pos() - a.Pos()) }) // from the end, so that places before stay
	for _, c := range conditions {
		from, to := set.Position(c.Pos()).Offset, set.Position(c.End()).Offset
		text = slices.Concat(text[:from], []byte("func() bool { return "), text[from:to], []byte(" }()"), text[to:])
	}
	return text
}
