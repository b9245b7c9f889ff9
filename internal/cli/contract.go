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

// contractVariable names the folder of the contract if there is no flag.
const contractVariable = "CONFORMANCE_CONTRACT"

// withoutContract are the commands that do not read a contract.
var withoutContract = []string{"diff", "man", "report"}

// contractFlag adds the flag for the contract folder to every command that reads the contract.
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
	folder string // "" for the built-in contract
}

// builtIn reads the built-in contract once. It is the same for every command and never changes.
var builtIn = sync.OnceValues(func() (*contract.Contract, error) { return contract.LoadValid(spec.Files) })

// contract reads the contract from the folder named by the flag, the environment or the
// configuration of a target, in this order, or else the built-in one.
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

// collectSeldom lets the runtime collect garbage only above sys.Memory, until the returned function
// is called, because a run creates much garbage and keeps little. It respects a limit from the
// environment (GOMEMLIMIT).
func (sys System) collectSeldom() (end func()) {
	if sys.Memory == 0 {
		return func() {} // other code runs in this process, too
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

// A run of many scenarios always uses more memory. Without a higher limit, it would collect garbage
// all the time.
const (
	scenarioMemory = 6 << 10  // bytes per scenario of the features
	mostMemory     = 80 << 20 // bytes
)

// collectFor raises the memory limit set by collectSeldom according to the number of scenarios.
func (sys System) collectFor(scenarios int) {
	if sys.Memory > 0 && sys.Env("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(min(sys.Memory+int64(scenarios)*scenarioMemory, mostMemory))
	}
}

// contractOf reads the contract of a target. If it was set by the flag, the commands shown later
// repeat the flag.
func (sys System) contractOf(a *targetOptions) (*contract.Contract, source, error) {
	a.contract = sys.named()
	configured := ""
	if a.target != "" {
		text, _ := a.text(sys) // whoever reads the configuration reports the error
		configured = target.ContractFolder(text, a.target)
	}
	return sys.contract(configured)
}

// naming says what sets the contract folder, if that may be unexpected for the user.
func (sys System) naming() string {
	if sys.named() == "" && sys.Env(contractVariable) != "" {
		return contractVariable + "="
	}
	return ""
}

// named returns the folder from the flag.
func (sys System) named() string {
	if sys.contractFolder == nil {
		return ""
	}
	return *sys.contractFolder
}

// features returns the folder of the contract's own features, "" for the built-in ones.
func (s source) features() string {
	if s.folder == "" {
		return ""
	}
	return filepath.Join(s.folder, "features")
}

// texts returns the features of the contract. For a folder, it adds the scenarios that the
// documents imply, except those in files that the folder already has.
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
		if len(all) == 0 {
			err := c.Fault("/paths", "no action has an x-lifecycle, so no scenario follows from the documents", "add one, or write features in the folder features")
			return nil, fmt.Errorf("%s/%w", s.folder, err)
		}
		return all, nil
	}
	written, err := suite.Files(own)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.features(), err)
	}
	maps.Copy(all, written)
	return all, nil
}
