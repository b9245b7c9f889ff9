package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/spec"
)

// contractVariable names the folder of the contract where the flag does not.
const contractVariable = "CONFORMANCE_CONTRACT"

// withoutContract are the commands that read no contract.
var withoutContract = []string{"diff", "man", "report"}

// contractFlag gives every command that reads the contract the flag that names its folder.
func contractFlag(root *cobra.Command, folder *string) {
	for _, cmd := range root.Commands() {
		if !slices.Contains(withoutContract, cmd.Name()) {
			cmd.Flags().StringVar(folder, "contract", "", "the folder of another contract: openapi.yaml, clauses.yaml and perhaps features/")
		}
	}
}

// source is where a contract comes from.
type source struct {
	files  fs.FS
	folder string // "" for the contract that is built in
}

// builtIn reads the contract that is built in: once, as it is the same in every command and
// never changes.
var builtIn = sync.OnceValues(func() (*contract.Contract, error) { return contract.LoadValid(spec.Files) })

// contract reads the contract: of the folder that the flag names, else the environment, else
// the configuration of a target, else the one that is built in.
func (sys System) contract(configured string) (*contract.Contract, source, error) {
	folder := cmp.Or(sys.named(), sys.Env(contractVariable), configured)
	if folder == "" {
		c, err := builtIn()
		return c, source{files: spec.Files}, harnessError(err)
	}
	from := source{files: os.DirFS(folder), folder: folder}
	c, err := contract.Load(from.files)
	if err == nil {
		return c, from, nil
	}
	if missing := (*fs.PathError)(nil); errors.As(err, &missing) {
		return nil, from, usageError(fmt.Errorf("%s%s: %w: a contract is a folder with openapi.yaml and clauses.yaml", sys.naming(), folder, err))
	}
	return nil, from, usageError(fmt.Errorf("%s/%w", folder, err))
}

// collectSeldom has garbage collected only where sys.Memory is in use, until the returned function is
// called: a run makes much garbage and keeps little. A bound from the environment (GOMEMLIMIT) stays.
func (sys System) collectSeldom() (end func()) {
	if sys.Memory == 0 {
		return func() {} // not the only one in this process
	}
	if sys.Env("GOMEMLIMIT") != "" {
		before := debug.SetGCPercent(gcPercent)
		return func() { debug.SetGCPercent(before) }
	}
	limit, percent := debug.SetMemoryLimit(sys.Memory), debug.SetGCPercent(-1)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// A run of many scenarios has more in use at any time, up to a bound: it would collect garbage all the
// time otherwise.
const (
	scenarioMemory = 8 << 10  // bytes for each scenario of the features
	mostMemory     = 80 << 20 // bytes
)

// collectFor has garbage collected by how many scenarios the features have, where collectSeldom says when.
func (sys System) collectFor(scenarios int) {
	if sys.Memory > 0 && sys.Env("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(min(sys.Memory+int64(scenarios)*scenarioMemory, mostMemory))
	}
}

// contractOf reads the contract of a target. Commands that are shown later name the folder
// again if the flag did.
func (sys System) contractOf(a *targetOptions) (*contract.Contract, source, error) {
	a.contract = sys.named()
	configured := ""
	if a.target != "" {
		configured = target.ContractFolder(a.config, a.target)
	}
	return sys.contract(configured)
}

// naming says what names the folder of the contract, where a user may not think of it.
func (sys System) naming() string {
	if sys.named() == "" && sys.Env(contractVariable) != "" {
		return contractVariable + "="
	}
	return ""
}

// named returns the folder that the flag names.
func (sys System) named() string {
	if sys.contractFolder == nil {
		return ""
	}
	return *sys.contractFolder
}

// features returns the folder of the contract's own features; "" for those built in.
func (s source) features() string {
	if s.folder == "" {
		return ""
	}
	return filepath.Join(s.folder, "features")
}

// texts returns the features of the contract. To those of a folder the scenarios that its
// documents imply are added, but for files that the folder has itself.
func (s source) texts(c *contract.Contract) (map[string][]byte, error) {
	if s.folder == "" {
		return suite.Files(features.FS)
	}
	all := derive.Features(c)
	own, err := fs.Sub(s.files, "features")
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(own, "."); errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	written, err := suite.Files(own)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.features(), err)
	}
	maps.Copy(all, written)
	return all, nil
}
