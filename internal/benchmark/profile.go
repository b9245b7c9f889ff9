package benchmark

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/spec"
)

// Profile is the top of one processor profile.
type Profile struct {
	Title, Top string
}

// profiles takes a profile of exchanges and one of what happens before the first.
func (b *Bench) profiles(ctx context.Context) ([]Profile, error) {
	exchanges := func() error {
		_, _, err := b.play(ctx, refusing(997).memory(10), mock.Options{}, 1)
		return err
	}
	start := func() error {
		for range 30 {
			c, err := contract.Load(spec.Files)
			if err != nil {
				return err
			}
			if _, err := suite.Load(features.FS, suiteContract(c)); err != nil {
				return err
			}
		}
		return nil
	}
	one, err := b.profile(ctx, "10,000 exchanges, client and mock in one process", exchanges)
	if err != nil {
		return nil, err
	}
	other, err := b.profile(ctx, "Reading the contract and the built-in features, 30 times", start)
	return []Profile{one, other}, err
}

// telling are the functions that a profile shows: those of the program, and of the
// libraries and the runtime the ones that tell what they do.
const telling = `conformance/(internal|steps)|godog\.\(\*suite\)|net/http\.\(\*(conn|persistConn|Transport)\)|openapi3\.\(\*Schema|` +
	`openapi3\.\(\*Loader|gherkin|yaml\.|regexp\.\(\*Regexp\)|regexp\.Compile|Syscall6|gcBgMarkWorker$|mallocgc$|json\.(Unmarshal|Marshal)`

func (b *Bench) profile(ctx context.Context, title string, work func() error) (Profile, error) {
	name := filepath.Join(b.temp, "cpu.prof")
	file, err := os.Create(name)
	if err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	defer func() { _ = file.Close() }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	err = work()
	pprof.StopCPUProfile()
	if err != nil {
		return Profile{}, fmt.Errorf("profile %q: %w", title, err)
	}
	text, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-cum", "-nodecount=40", "-show", telling, name).Output() //nolint:gosec // the tool of the Go installation
	if err != nil {
		return Profile{}, fmt.Errorf("read the profile: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i, line := range lines {
		if strings.Contains(line, "flat%") {
			lines = lines[i:]
			break
		}
	}
	return Profile{Title: title, Top: strings.ReplaceAll(strings.Join(lines, "\n"), "github.com/zec-tools/conformance/", "")}, nil
}
