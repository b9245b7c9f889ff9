package benchmark

import (
	"sync"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// kept takes the scenarios of a run as the command line does: into a spool on disk.
type kept struct {
	spool *report.Spool

	mu      sync.Mutex
	brief   []verdict.Scenario // without their evidence
	trouble string             // why the first scenario that did not pass did not
}

func keep(dir string) (*kept, error) {
	spool, err := report.Create(dir)
	return &kept{spool: spool}, err
}

func (k *kept) close() { _ = k.spool.Close() } // the folder goes with all that is in it

func (k *kept) done(index int, s verdict.Scenario) error {
	k.mu.Lock()
	k.brief = append(k.brief, verdict.Scenario{ID: s.ID, Outcome: s.Outcome, Duration: s.Duration})
	if s.Outcome != verdict.Passed && k.trouble == "" {
		k.trouble = s.ID + ": " + s.Reason
		for _, f := range s.Findings {
			k.trouble += " " + f.Error()
		}
	}
	k.mu.Unlock()
	return k.spool.Add(index, s)
}
