package selftest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/judge"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/recording"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Passive is what the traffic of one suite shows when it is judged as a recording. The judge knows
// the mock's credentials and that nobody else used the mock, but not the scenarios, steps and tags.
type Passive struct {
	Seen    bool     `json:"seen"`                   // a clause was found violated
	Named   bool     `json:"named"`                  // the defect's own clause
	Besides bool     `json:"alsoAffected,omitempty"` // not that clause, but another one that the defect violates, too
	Clauses []string `json:"clauses,omitempty"`
}

// Family is what the traffic shows of the defects whose clauses have the same source.
type Family struct {
	Source                  string // its mark
	Defects, Named, Besides int
}

// Families returns what the traffic shows by the source of the clauses, in the order of their marks.
func (s Score) Families() []Family {
	by := map[string]*Family{}
	for _, r := range s.Defects {
		mark, _, _ := strings.Cut(r.Clause, "-")
		f := by[mark]
		if f == nil {
			f = &Family{Source: mark}
			by[mark] = f
		}
		f.Defects++
		switch {
		case r.Passive == nil:
		case r.Passive.Named:
			f.Named++
		case r.Passive.Besides:
			f.Besides++
		}
	}
	var list []Family
	for _, mark := range slices.Sorted(maps.Keys(by)) {
		list = append(list, *by[mark])
	}
	return list
}

// traffic collects the exchanges of a suite.
type traffic struct {
	mu   sync.Mutex
	list []wire.Exchange
}

func (t *traffic) add(x wire.Exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(t.list, x)
}

// write writes the traffic to a file, one exchange per line, in the order in which the exchanges
// began.
func (t *traffic) write(name string) error {
	t.sort()
	file, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the traffic: %w", err)
	}
	to := bufio.NewWriter(file)
	lines := json.NewEncoder(to)
	for _, x := range t.list {
		err = errors.Join(err, lines.Encode(x))
	}
	if err := errors.Join(err, to.Flush(), file.Close()); err != nil {
		return fmt.Errorf("write the traffic: %w", err)
	}
	return nil
}

func (t *traffic) sort() {
	slices.SortStableFunc(t.list, func(a, b wire.Exchange) int { return a.Timing.Start.Compare(b.Timing.Start) })
}

// passiveWithin is the longest duration of a change, as a multiple of the usual one: those of some variants take longer.
const passiveWithin = 19

// judge judges the traffic as a recording, in which a change usually takes the given time. own is the clause of the defect, and related are the
// clauses connected with it.
func (t *traffic) judge(c *contract.Contract, change time.Duration, own string, related []string) (*Passive, error) {
	t.sort()
	known := mock.DefaultCredentials()
	found := map[string]bool{}
	s := judge.New(judge.Options{
		Contract: c,
		Account: account.Options{Exclusive: true, Redacted: true, Within: passiveWithin * change, Credentials: &account.Credentials{
			KeyID: known.KeyID, Password: secret.New(known.Password), Token: secret.New(known.Token),
		}},
		Done: func(_ int, s verdict.Scenario) error {
			for _, f := range s.Findings {
				found[f.Clause] = found[f.Clause] || f.Level != verdict.Should
			}
			return nil
		},
	})
	for i, x := range t.list {
		s.Add(recording.Entry{File: "suite", Number: i + 1, Exchange: recording.Canonical(x)})
	}
	if _, err := s.Conclude(); err != nil {
		return nil, err
	}
	p := &Passive{}
	for clause := range found {
		p.Clauses = append(p.Clauses, clause)
		p.Seen = true
		p.Named = p.Named || clause == own
		p.Besides = p.Besides || slices.Contains(related, clause)
	}
	p.Besides = p.Besides && !p.Named
	slices.Sort(p.Clauses)
	return p, nil
}
