package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
)

// aFew are the scenarios that the defects here fail, and one that they do not.
var aFew = []string{
	"--scenario", "unknown-type", "--scenario", "zh-unknown-type",
	"--scenario", "unknown-instance", "--scenario", "zh-unknown-instance", "--scenario", "gpu-instance",
}

// broken returns a bench whose mock has a defect, and the finding that names it.
func broken(t *testing.T, name string) (*bench, verdict.Finding) {
	t.Helper()
	d, err := defects.Named(name)
	require.NoError(t, err)
	b := newBench(t, untouched, mock.Options{Alter: d.Alter})
	e := b.run(aFew...)
	require.Equal(t, verdict.ExitNonConformant, e.code, e.out+e.err)
	for _, s := range e.report.Scenarios {
		for _, f := range s.Findings {
			return b, f
		}
	}
	t.Fatal("no finding in the report")
	return nil, verdict.Finding{}
}

func (b *bench) waive(text string) string {
	file := filepath.Join(b.dir, "waivers.yaml")
	require.NoError(b.t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestWaiversKeepARunGoingAndCannotRot(t *testing.T) {
	b, f := broken(t, "unknown-type-as-instance")
	waiver := func(target, subject, print, expires string) string {
		return fmt.Sprintf("waivers:\n  - target: %s\n    %s\n    fingerprint: %q\n    reason: known to the team\n    owner: someone\n    expires: %q\n", target, subject, print, expires)
	}
	clause := "clause: " + f.Clause
	// The scenario stands in two languages: a waiver of a scenario is for that one alone.
	one, other := waiver("it", "scenario: unknown-type", f.Fingerprint(), "2999-12-31"), waiver("it", "scenario: zh-unknown-type", f.Fingerprint(), "2999-12-31")
	both := one + strings.TrimPrefix(other, "waivers:\n")
	cases := []struct {
		name, file string
		code       int
		says       string
	}{
		{"a waiver of the clause", waiver("it", clause, f.Fingerprint(), "2999-12-31"), 0, "known to the team"},
		{"a waiver of the scenario", both, 0, "known to the team"},
		{"a waiver of one scenario of two", one, 1, "zh-unknown-type"},
		{"another target's", waiver("other", clause, f.Fingerprint(), "2999-12-31"), 1, "M-TYPE-NOT-FOUND"},
		{"expired", waiver("it", clause, f.Fingerprint(), "2020-12-31"), 1, "expired at the end of 2020-12-31 (UTC)"},
		{"another cause", waiver("it", clause, "000000000000", "2999-12-31"), 1, "for another cause now, fingerprint " + f.Fingerprint()},
		{"nothing to waive", waiver("it", clause, f.Fingerprint(), "2999-12-31") + "  - {target: it, clause: M-GPU, fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}\n", 1, "M-GPU waives nothing"},
		{"an unknown clause", waiver("it", "clause: M-NOTHING", "0", "2999-12-31"), 2, "waivers.yaml:2: the contract has no clause"},
		{"an unknown scenario", waiver("it", "scenario: nothing", "0", "2999-12-31"), 2, "the features have no scenario"},
		{"an unknown key", "waivers:\n  - target: it\n    because: x\n", 2, "waivers.yaml:3"},
		{"no reason", "waivers:\n  - {target: it, clause: M-GPU, fingerprint: \"0\", owner: o, expires: \"2999-12-31\"}\n", 2, "without reason"},
		{"no day", waiver("it", clause, "0", "soon"), 2, "is no day"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"--waivers", b.waive(c.file)}, aFew...)
			if c.name == "nothing to waive" { // which only a run of all scenarios can tell
				args = []string{"--waivers", b.waive(c.file), "--features", filepath.Join("..", "..", "features", "resize")}
			}
			e := b.run(args...)
			assert.Equal(t, c.code, e.code, e.out+e.err)
			assert.Contains(t, e.out+e.err, c.says)
			if c.code == 0 {
				assert.Equal(t, verdict.NonConformant, e.report.Verdict, "what is waived is still a finding")
				assert.Equal(t, 2, e.report.Summary.Scenarios.Waived)
			}
		})
	}
}

func TestABaselineFailsOnlyOnWhatIsNew(t *testing.T) {
	b, _ := broken(t, "unknown-type-as-instance")
	baseline := filepath.Join(b.dir, "baseline.json")
	text, err := os.ReadFile(filepath.Join(b.dir, "reports", "report.json"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(baseline, text, 0o600))
	again := b.run(append(aFew, "--baseline", baseline)...)
	assert.Zero(t, again.code, again.out+again.err)
	assert.Contains(t, again.out, "known from the baseline")

	healthy := newBench(t, untouched, mock.Options{}).run(append(aFew, "--baseline", baseline)...)
	assert.Zero(t, healthy.code)
	assert.Contains(t, healthy.out, "fixed      unknown-type")

	other, _ := broken(t, "unknown-instance-500")
	worse := other.run(append(aFew, "--baseline", baseline)...)
	assert.Equal(t, verdict.ExitNonConformant, worse.code)
	assert.Contains(t, worse.out, "M-INSTANCE-NOT-FOUND")

	selected := newBench(t, untouched, mock.Options{}).run("--scenario", "gpu-instance", "--baseline", baseline)
	assert.NotContains(t, selected.out, "fixed", "what did not run is not fixed")
}

func TestABaselineIsOfThisTargetAndContractAndNeverTheRunsOwnReport(t *testing.T) {
	b, f := broken(t, "unknown-type-as-instance")
	own := filepath.Join(b.dir, "reports", "report.json")
	link := filepath.Join(b.dir, "link.json")
	require.NoError(t, os.Symlink(own, link))
	for _, c := range []struct{ name, path, want string }{
		{"missing", filepath.Join(b.dir, "nothing.json"), "no such file"},
		{"the run's own", own, "this run would overwrite it"},
		{"a link to the run's own", link, "this run would overwrite it"},
		{"another target", changed(t, own, `"name": "it"`, `"name": "other"`), "it is of the target other"},
		{"another host", changed(t, own, `"endpoint": "http://127.0.0.1`, `"endpoint": "http://192.0.2.1`), "it is of the target it at http://192.0.2.1"},
		{"another contract", changed(t, own, contractOf(t, own), strings.Repeat("a", 64)), "judged by another contract"},
		{"no report", filepath.Join(b.dir, "conformance.yaml"), "--baseline"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := b.run(append(aFew, "--baseline", c.path)...)
			assert.Equal(t, verdict.ExitUsage, e.code, e.out+e.err)
			assert.Contains(t, e.err, c.want)
			assert.Equal(t, 1, strings.Count(e.err, "\n"), e.err)
		})
	}
	again := b.run(aFew...)
	assert.Equal(t, verdict.ExitNonConformant, again.code, "the run before did not become its own excuse")
	assert.Contains(t, again.out, f.Fingerprint())
}

func TestAWaiverIsWrittenFromTheFindingOfAReport(t *testing.T) {
	b, f := broken(t, "unknown-type-as-instance")
	from, to := filepath.Join(b.dir, "reports", "report.json"), filepath.Join(b.dir, "waivers.yaml")
	waive := func(args ...string) (int, string) {
		code, out, err := call(t, nil, append([]string{"waive", "--from", from, "--waivers", to}, args...)...)
		return code, out + err
	}
	because := []string{"--reason", "known to the team", "--owner", "someone", "--expires", "2999-12-31"}
	for want, args := range map[string][]string{
		"the command needs --":            {},
		"no finding with the fingerprint": append([]string{"000000000000"}, because...),
		"has of gpu-instance no finding":  append([]string{"--scenario", "gpu-instance"}, because...),
		"expires \"soon\" is no day":      {"--reason", "r", "--owner", "o", "--expires", "soon"},
		"a waiver without reason":         {"--reason", " ", "--owner", "o", "--expires", "2999-12-31"},
	} {
		code, said := waive(args...)
		assert.Equal(t, verdict.ExitUsage, code, said)
		assert.Contains(t, said, want)
		assert.NoFileExists(t, to)
	}
	code, said := waive(because...)
	assert.Zero(t, code, said)
	assert.Contains(t, said, f.Fingerprint()+" of M-TYPE-NOT-FOUND is waived until 2999-12-31 UTC")
	e := b.run(append(aFew, "--waivers", to)...)
	assert.Zero(t, e.code, e.out+e.err)
	assert.Contains(t, e.out, "waived     M-TYPE-NOT-FOUND: 2 findings, known to the team (someone, until 2999-12-31 UTC)")

	one := b.run("--scenario", "unknown-type", "--waivers", to)
	assert.Contains(t, one.out, "waived     M-TYPE-NOT-FOUND: 1 finding, ")
}

func TestWhatDidNotPassIsRunAgain(t *testing.T) {
	b, _ := broken(t, "unknown-type-as-instance")
	again := b.run("--last-failed")
	assert.Equal(t, verdict.ExitNonConformant, again.code, again.out+again.err)
	var ids []string
	for _, s := range again.report.Scenarios {
		ids = append(ids, s.ID)
	}
	assert.Equal(t, []string{"unknown-type", "zh-unknown-type"}, ids)
	assert.Equal(t, 2, again.report.Selection.Selected)

	right := newBench(t, untouched, mock.Options{})
	e := right.run("--last-failed")
	assert.Equal(t, verdict.ExitUsage, e.code)
	assert.Contains(t, e.err, "no such file", "without a report there is nothing to go by")
	require.Zero(t, right.run("--scenario", "gpu-instance").code)
	e = right.run("--last-failed")
	assert.Equal(t, verdict.ExitUsage, e.code)
	assert.Contains(t, e.err, "there is nothing to run again")
}
