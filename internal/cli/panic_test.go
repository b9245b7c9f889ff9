package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

const canary = "canary-in-a-panic"

// panicking is a fixtures that panics with a secret in its words. It counts what it gets back.
type panicking struct {
	where string
	back  *int
}

func (p panicking) Acquire(context.Context, steps.Needs) (steps.Fixture, error) {
	switch p.where {
	case "lending":
		panic("no instance for " + canary)
	case "making up":
		return steps.Fixture{Resizable: []string{"a", "b"}, AbsentType: "c", AbsentID: func() string { panic(canary) }}, nil
	case "keeping":
		return steps.Fixture{
			Resizable: []string{"a", "b"}, AbsentType: "c", AbsentID: func() string { return "no-such-instance" },
			Keep:    func(map[string]steps.State) bool { panic("kept as " + canary) },
			Release: func(context.Context) error { *p.back++; return nil },
		}, nil
	default:
		return steps.Fixture{
			Resizable: []string{"a", "b"}, AbsentType: "c", AbsentID: func() string { return "no-such-instance" },
			Release: func(context.Context) error { panic(struct{ Password string }{canary}) },
		}, nil
	}
}

// TestAPanicIsAFaultOfTheHarnessAndShowsNoSecret panics in the middle of a run.
func TestAPanicIsAFaultOfTheHarnessAndShowsNoSecret(t *testing.T) {
	for _, where := range []string{"lending", "making up", "keeping", "taking back"} {
		t.Run(where, func(t *testing.T) {
			var out, errs bytes.Buffer
			sys := System{In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { return "" }}
			sys, flush := sys.filtered()
			sys.filter.Add(secret.New(canary))
			c, from, err := sys.contract("")
			require.NoError(t, err)
			local, err := target.Mock(t.Context(), mock.Options{})
			require.NoError(t, err)
			defer func() { require.NoError(t, local.Close()) }()
			back := 0
			local.Fixtures = panicking{where, &back}
			o := runOptions{}
			o.out, o.names = t.TempDir(), []string{"html", "junit", "md", "messages", "ctrf", "har"}
			o.scenarios = []string{"unknown-instance"}
			all, cases, err := o.selection.read(c, from)
			require.NoError(t, err)
			none := func() []verdict.Unrestored { return nil }
			result, err := o.play(t.Context(), sys, c, all, cases, &readyTarget{Target: local.Target, parallel: 1, unrestored: none, close: local.Close})
			require.NoError(t, err)
			require.NoError(t, flush())
			assert.Equal(t, verdict.ExitHarness, result.ExitCode(false), out.String())
			texts := map[string]string{"stdout": out.String(), "stderr": errs.String()}
			files, err := filepath.Glob(filepath.Join(o.out, "*"))
			require.NoError(t, err)
			require.NotEmpty(t, files)
			for _, file := range files {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				texts[file] = string(text)
			}
			for where, text := range texts {
				assert.NotContains(t, text, "canary", where)
			}
			assert.Contains(t, texts["stdout"], "[redacted]", "it was said, and removed")
			if where == "keeping" {
				assert.Equal(t, 1, back, "others wait for the instances")
			}
		})
	}
}

// TestAPanicOutsideARunIsFiltered panics where nothing but the command line is left to catch it.
func TestAPanicOutsideARunIsFiltered(t *testing.T) {
	var out, errs bytes.Buffer
	sys := System{In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { panic("reading the environment") }}
	code := Main(t.Context(), []string{"run"}, sys)
	assert.Equal(t, verdict.ExitHarness, code)
	assert.Contains(t, errs.String(), "conformance: a fault of the harness")
}
