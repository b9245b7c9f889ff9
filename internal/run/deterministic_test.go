package run_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// ticking is a clock of which every look takes a millisecond, and nothing else any time.
func ticking() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2025, 3, 4, 12, 0, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}
}

// recorded runs the suite, one scenario after the other, and returns all its reports.
func recorded(t *testing.T, tags string, options mock.Options) map[string]string {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(features.FS, contractOf(c))
	require.NoError(t, err)
	cases, err := all.Select(tags, nil)
	require.NoError(t, err)
	options.Clock, options.Seed = ticking(), 7
	local, err := target.Mock(t.Context(), options)
	require.NoError(t, err)
	defer func() { assert.NoError(t, local.Close()) }()
	local.Timing.PollInterval = time.Millisecond // of the machine's time, which nothing here depends on
	dir := t.TempDir()
	spool, err := report.Create(dir)
	require.NoError(t, err)
	defer func() { assert.NoError(t, spool.Close()) }()
	head, err := run.Execute(t.Context(), run.Plan{
		Contract: c, Suite: all, Cases: cases, Target: local.Target, Parallel: 1, Seed: 7, Clock: options.Clock, Done: spool.Add,
		Tool: verdict.Tool{Name: "zec-conformance", Version: "test"},
	})
	require.NoError(t, err)
	reader, err := spool.Reader(head)
	require.NoError(t, err)
	require.NoError(t, report.Write(reader, dir, report.Formats()))
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[filepath.Base(file)] = string(text)
	}
	return texts
}

func contractOf(c *contract.Contract) suite.Contract {
	l := suite.ContractOf(c)
	return l
}

var volatileBlock = regexp.MustCompile(`(?s)\n  "volatile": \{.*?\n  \}`)

// inTurn leaves out what is sent at the same moment: which of two requests comes first
// is for nobody to say. A resize takes so many looks at the clock that none is missed.
const inTurn = "not @two-at-once and not @zh-two-at-once"

func TestTheSameRunGivesTheSameBytes(t *testing.T) {
	options := mock.Options{ResizeTime: 60 * time.Millisecond}
	first, second := recorded(t, inTurn, options), recorded(t, inTurn, options)
	require.Greater(t, len(first), 5)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "reports", "report.schema.json"))
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(first["report.json"]))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(doc), "what a run writes keeps the schema")
	for name, text := range first {
		if name == "report.json" {
			require.Regexp(t, volatileBlock, text)
			text, second[name] = volatileBlock.ReplaceAllString(text, ""), volatileBlock.ReplaceAllString(second[name], "")
		}
		a, b := strings.Split(text, "\n"), strings.Split(second[name], "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				assert.Fail(t, name+" differs", "line %d:\n%.300s\n%.300s", i+1, strings.Join(a[max(0, i-3):i+1], "\n"), b[i])
				break
			}
		}
		assert.Len(t, b, len(a), name)
	}
}
