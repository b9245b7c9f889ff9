package plan_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/spec"
)

// TestWhatAPlanProposesIsAccepted adds each line that a plan says would let scenarios run to the
// configuration, and reads that: advice that is refused helps nobody.
func TestWhatAPlanProposesIsAccepted(t *testing.T) {
	for name, test := range map[string]struct {
		contract fs.FS
		listed   string
		none     string // of the reasons that nothing takes away
	}{
		"instances": {spec.Files, "{id: ins-1, status: STOPPED}", ""},
		"vaults":    {os.DirFS("../derive/testdata/vaults"), "{id: vault-1, status: SEALED, kind: vault}", ""},
		"disks":     {os.DirFS("../../examples/disks"), "{id: disk-1, status: AVAILABLE, kind: disk}", "nothing undoes ResizeDisk, so it may not change a listed disk"},
	} {
		t.Run(name, func(t *testing.T) {
			api, err := contract.Load(test.contract)
			require.NoError(t, err)
			listing := "    instances:\n      - " + test.listed + "\n"
			p := plannedOf(t, api, listing)
			var proposed, reasons []string
			for _, s := range p.Skipped {
				proposed, reasons = append(proposed, s.Unlock), append(reasons, s.Reason)
			}
			slices.Sort(proposed)
			for _, line := range slices.Compact(proposed) {
				text := listing + "    " + line + "\n"
				if strings.HasPrefix(line, "- ") {
					text = listing + "      " + strings.Replace(line, "ID", "another", 1) + "\n"
				}
				_, err := target.ReadConfig(written(t, strings.ReplaceAll(strings.Replace(text, "TYPE, TYPE", "1, 2", 1), "TYPE", "3")), "it", api) // a name or a number
				assert.NoError(t, err, line)
			}
			if test.none != "" {
				assert.Contains(t, reasons, test.none)
			}
		})
	}
}

// plannedOf makes the plan of every scenario of a contract at a target.
func plannedOf(t *testing.T, api *contract.Contract, keys string) plan.Plan {
	t.Helper()
	texts := derive.Features(api)
	if _, built := api.Operation("ModifyInstanceType"); built {
		var err error
		texts, err = suite.Files(features.FS)
		require.NoError(t, err)
	}
	all, err := suite.Read(texts, suite.ContractOf(api))
	require.NoError(t, err)
	config, err := target.ReadConfig(written(t, keys), "it", api)
	require.NoError(t, err)
	p, err := plan.Make(all.Cases, config.Named(), plan.Options{API: api})
	require.NoError(t, err)
	return p
}

// written is a configuration with one target, which has some keys.
func written(t *testing.T, keys string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	require.NoError(t, os.WriteFile(file, []byte("targets:\n  it:\n    endpoint: https://api.example.com\n"+keys), 0o600))
	return file
}
