package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// copied copies the contract that is built in to a folder of its own.
func copied(t *testing.T, title string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, spec.Files))
	file := filepath.Join(dir, "openapi.yaml")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	text = regexp.MustCompile(`(?m)^  title: .*$`).ReplaceAll(text, []byte("  title: "+title))
	require.Contains(t, string(text), "\n  title: "+title+"\n")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return dir
}

// alone runs a command that needs no target.
func alone(env map[string]string, args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	sys := cli.System{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Env: func(name string) string { return env[name] }}
	code = cli.Main(context.Background(), args, sys)
	return code, stdout.String(), stderr.String()
}

func TestTheFlagBeatsTheEnvironmentBeatsTheConfiguration(t *testing.T) {
	flag, variable, file := copied(t, "of the flag"), copied(t, "of the variable"), copied(t, "of the file")
	b := newBench(t, untouched, mock.Options{})
	text, err := os.ReadFile(b.config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(b.config, append(text, "    contract: "+file+"\n"...), 0o600))
	title := func(args ...string) string {
		got := b.run(append([]string{"--no-preflight", "--scenario", "describe-instances-status-several"}, args...)...)
		require.Equal(t, 0, got.code, got.out+got.err)
		return got.report.Contract.Title
	}
	assert.Equal(t, "of the file", title())
	b.env["CONFORMANCE_CONTRACT"] = variable
	assert.Equal(t, "of the variable", title())
	assert.Equal(t, "of the flag", title("--contract", flag))
	got := b.run("--no-preflight", "--contract", flag, "--scenario", "describe-instances-status-several")
	assert.Contains(t, got.report.Scenarios[0].Repeat, "--contract '"+flag+"'", "what repeats a scenario names the contract")
}

func TestACopyOfTheBuiltInContractIsNoOtherContract(t *testing.T) {
	dir := copiedWithFeatures(t, "a copy")
	_, built, _ := alone(nil, "list")
	code, out, errs := alone(nil, "list", "--contract", dir, "--features", filepath.Join(dir, "features"))
	require.Equal(t, 0, code, errs)
	assert.Equal(t, built, out, "with its features alone")
	_, out, _ = alone(nil, "list", "--contract", dir)
	assert.Contains(t, out, "resize-succeeds ")
	assert.Contains(t, out, "modify-instance-type-carried-out[STOPPED] ", "what the documents imply is added")
	code, quiet, errs := alone(nil, "coverage", "--quiet", "--contract", dir)
	assert.Equal(t, 0, code, quiet+errs)
}

func TestDerivedScenariosHoldAgainstTheMock(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	var changing []string
	for _, op := range c.Operations() {
		if c.Changes(op) {
			changing = append(changing, op.Action)
		}
	}
	text, err := os.ReadFile(b.config)
	require.NoError(t, err)
	text = bytes.Replace(text, []byte("allowResize: true"), []byte("allow: ["+strings.Join(changing, ", ")+"]"), 1)
	require.NoError(t, os.WriteFile(b.config, text, 0o600))
	got := b.run("--contract", copied(t, "a copy"))
	require.Equal(t, 0, got.code, got.out+got.err)
	require.NotEmpty(t, got.report.Scenarios)
	for _, s := range got.report.Scenarios {
		assert.Equal(t, verdict.Passed, s.Outcome, "%s: %s", s.ID, s.Reason)
	}
}

func TestDerivedFeaturesAreEdited(t *testing.T) {
	dir := copied(t, "a copy")
	_, before, _ := alone(nil, "list", "--contract", dir)
	code, out, errs := alone(nil, "features", "--contract", dir, "--out", filepath.Join(dir, "features"))
	require.Equal(t, 0, code, errs)
	assert.Contains(t, out, filepath.Join("features", "derived", "ModifyInstanceType.feature"))
	_, after, errs := alone(nil, "list", "--contract", dir)
	assert.Equal(t, before, after, "a file takes the place of the derived one with its path: %s", errs)

	file := filepath.Join(dir, "features", "derived", "ModifyInstanceType.feature")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	edited := strings.Replace(string(text), "@modify-instance-type-repeated", "@my-own-id", 1)
	require.NoError(t, os.WriteFile(file, []byte(edited), 0o600))
	_, after, _ = alone(nil, "list", "--contract", dir)
	assert.Contains(t, after, "my-own-id ")
	assert.NotContains(t, after, "modify-instance-type-repeated ")

	_, _, errs = alone(nil, "features", "--contract", dir, "--out", filepath.Join(dir, "features"))
	assert.Contains(t, errs, "is there already and was left as it is")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, edited, string(kept))
}

func TestAContractThatCannotBeReadIsNamed(t *testing.T) {
	broken := copied(t, "broken")
	require.NoError(t, os.WriteFile(filepath.Join(broken, "clauses.yaml"), []byte("clauses: []\n"), 0o600))
	b := newBench(t, func(http.Handler) http.Handler { return refusing(t)(nil) }, mock.Options{})
	for name, test := range map[string]struct{ folder, want string }{
		"no folder":   {filepath.Join(t.TempDir(), "none"), `none: read the contract: open openapi\.yaml: .*: a contract is a folder with`},
		"broken YAML": {broken, `clauses\.yaml:1:1: the document does not have exactly the lists`},
	} {
		t.Run(name, func(t *testing.T) {
			got := b.run("--contract", test.folder)
			assert.Equal(t, 2, got.code)
			assert.Regexp(t, regexp.MustCompile(test.want), got.err)
		})
	}
}

// TestADoubleSaysWhatItIs looks at the verdict line, the report and the banner.
func TestADoubleSaysWhatItIs(t *testing.T) {
	const is = "a double derived from the contract, which tests the features and no endpoint"
	disks, out := filepath.Join("..", "..", "examples", "disks"), t.TempDir()
	code, text, errs := alone(map[string]string{"CONFORMANCE_CONTRACT": disks}, "run", "--out", out)
	require.Equal(t, 0, code, text+errs)
	assert.Contains(t, text, "conformant  "+is)
	report, err := os.ReadFile(filepath.Join(out, "report.json"))
	require.NoError(t, err)
	assert.Contains(t, string(report), is)
	page, err := os.ReadFile(filepath.Join(out, "report.html"))
	require.NoError(t, err)
	assert.Contains(t, string(page), is)
	assert.NotContains(t, string(page), "(built-in mock)")

	ctx, stop := context.WithCancel(t.Context())
	var stdout, banner bytes.Buffer
	stop()
	code = cli.Main(ctx, []string{"mock", "--contract", disks}, cli.System{In: strings.NewReader(""), Out: &stdout, Err: &banner, Env: func(string) string { return "" }})
	assert.Equal(t, 0, code, banner.String())
	assert.Contains(t, banner.String(), is)
	assert.Contains(t, banner.String(), "kind: disk}")
}

// TestTheConfigurationOfADoubleLetsEverythingRun plans with what a double prints, which allows what can be undone.
func TestTheConfigurationOfADoubleLetsEverythingRun(t *testing.T) {
	for folder, c := range map[string]struct{ allow, skipped string }{
		filepath.Join("..", "derive", "testdata", "vaults"): {"allow: [SealVaults, UnsealVaults, RetierVault]", ""},
		filepath.Join("..", "..", "examples", "disks"):      {"", "nothing undoes ResizeDisk, so it may not change a listed disk"}, // it never shrinks
	} {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var stdout, banner bytes.Buffer
		cli.Main(ctx, []string{"mock", "--contract", folder}, cli.System{In: strings.NewReader(""), Out: &stdout, Err: &banner, Env: func(string) string { return "" }})
		assert.Equal(t, c.allow != "", strings.Contains(banner.String(), "allow: ["), folder)
		assert.Contains(t, banner.String(), c.allow)
		config := filepath.Join(t.TempDir(), "conformance.yaml")
		require.NoError(t, os.WriteFile(config, banner.Bytes(), 0o600))
		code, out, errs := alone(nil, "plan", "--json", "--config", config, "--target", "double", "--out", t.TempDir())
		require.Zero(t, code, errs)
		var p plan.Plan
		require.NoError(t, json.Unmarshal([]byte(out), &p))
		for _, s := range p.Skipped {
			assert.Equal(t, c.skipped, s.Reason, s.ID)
		}
		assert.Equal(t, c.skipped != "", len(p.Skipped) > 0, folder)
	}
}

// copiedWithFeatures copies the features, too.
func copiedWithFeatures(t *testing.T, title string) string {
	t.Helper()
	dir := copied(t, title)
	require.NoError(t, os.CopyFS(filepath.Join(dir, "features"), features.FS))
	return dir
}

// TestTheDoubleOfACopyKeepsTheFeatures plays the built-in features beside those that are derived: nothing is accused, and
// only what no contract says how to make is skipped.
func TestTheDoubleOfACopyKeepsTheFeatures(t *testing.T) {
	out := t.TempDir()
	_, printed, errs := alone(nil, "run", "--contract", copiedWithFeatures(t, "a copy"), "--format", "json", "--out", out)
	text, err := os.ReadFile(filepath.Join(out, "report.json"))
	require.NoError(t, err, printed+errs)
	var report struct{ Scenarios []verdict.Scenario }
	require.NoError(t, json.Unmarshal(text, &report))
	require.NotEmpty(t, report.Scenarios)
	skipped := map[string]int{}
	for _, s := range report.Scenarios {
		if s.Outcome == verdict.Skipped {
			skipped[s.Reason]++
			continue
		}
		assert.Equal(t, verdict.Passed, s.Outcome, "%s: %s %v", s.ID, s.Reason, s.Findings)
	}
	assert.Equal(t, map[string]int{
		"a double that is derived from a contract has no such instance":                                           18, // a GPU instance
		"a double that is derived from a contract knows no value that exists and that a subject does not support": 2,
	}, skipped)
}

// TestTheDoubleOfACopyKeepsItsContract plays the scenarios that the built-in documents imply.
func TestTheDoubleOfACopyKeepsItsContract(t *testing.T) {
	code, out, errs := alone(nil, "run", "--contract", copied(t, "a copy"), "--out", t.TempDir())
	assert.Equal(t, 0, code, out+errs)
	assert.Contains(t, out, "selected passed  ", "some clauses have no scenario that can be derived")
}

func TestADoubleTakesNoFlagOfTheBuiltInMock(t *testing.T) {
	disks := filepath.Join("..", "..", "examples", "disks")
	for _, args := range [][]string{
		{"mock", "--tls"}, {"mock", "--variant", "name-begins"}, {"mock", "--defect", "stuck-in-resizing"},
		{"selftest", "--defect", "stuck-in-resizing"}, {"selftest", "--json"},
	} {
		code, _, errs := alone(nil, append(args, "--contract", disks)...)
		assert.Equal(t, 2, code, args)
		assert.Contains(t, errs, "conformance: ", args)
	}
}

// TestADefectIsNotNamedByWhatIsFoundWithoutIt gives the double features that are wrong about it: what they find in every
// run is no sign of a defect.
func TestADefectIsNotNamedByWhatIsFoundWithoutIt(t *testing.T) {
	const one = "@derived @DescribeDisks\nFeature: Disks\n  @A-DISKS-TOTAL\n  Rule: The totalCount of DescribeDisks is the number of matching disks.\n    @disks-%s\n    Example: %s\n" +
		"      Given 2 AVAILABLE disks\n      When DescribeDisks is asked for them\n      Then the answer is a success\n      And %s\n"
	for name, row := range map[string]struct{ then, named, without string }{ // with the one that every exchange shows
		"wrong": {"the total is 7", "1", "without   a defect: non-conformant A-DISKS-TOTAL\n"},
		"right": {"the total is 2", "2", "without   a defect: selected passed \n"},
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "total.feature"), fmt.Appendf(nil, one, name, name, row.then), 0o600))
		code, out, errs := alone(nil, "selftest", "--contract", filepath.Join("..", "..", "examples", "disks"), "--features", dir)
		assert.Equal(t, 1, code, errs)
		assert.Contains(t, out, row.without, name)
		assert.Contains(t, out, "\nnamed     "+row.named+" of 24 defects\n", name)
		assert.Equal(t, name == "wrong", strings.Contains(out, "survived  total-one-too-many: "), out)
	}
}

// TestAFeatureThatBreaksIsNamedByTheSelfTest gives the double a feature with statuses that the action does not go through.
func TestAFeatureThatBreaksIsNamedByTheSelfTest(t *testing.T) {
	dir := t.TempDir()
	const one = "Feature: Disks\n  @A-RESIZE-DISK-END\n  Rule: When the status goes from CHANGING to AVAILABLE, the disk has grown.\n    @wrong-path\n    Example: wrong\n" +
		"      Given an AVAILABLE disk\n      When ResizeDisk is called on it\n      Then the disk goes through IN_USE to AVAILABLE and stays there\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "path.feature"), []byte(one), 0o600))
	code, out, errs := alone(nil, "selftest", "--contract", filepath.Join("..", "..", "examples", "disks"), "--features", dir)
	assert.Equal(t, 1, code, errs)
	assert.Equal(t, 1, strings.Count(out, "\nbroken    wrong-path: ResizeDisk goes through CHANGING to AVAILABLE: write that\n"), out)
}

// TestEveryCommandThatReadsAContractTakesAnother names a folder that is not there.
func TestEveryCommandThatReadsAContractTakesAnother(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	b := newBench(t, untouched, mock.Options{})
	for _, args := range [][]string{
		{"run"}, {"list"}, {"steps"}, {"coverage"}, {"selftest"}, {"spec", "--action", "X"}, {"docs", "--check"}, {"features"}, {"rejudge", "x.json"},
		{"judge", "x.har"},
		{"plan", "--config", b.config, "--target", "it"}, {"doctor", "--config", b.config, "--target", "it"},
		{"call", "X", "--config", b.config, "--target", "it"}, {"cleanup", "--config", b.config, "--target", "it"},
	} {
		code, _, errs := alone(b.env, append(args, "--contract", none)...)
		assert.Equal(t, 2, code, args)
		assert.Contains(t, errs, none+": read the contract", args)
	}
}
