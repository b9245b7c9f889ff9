package selftest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// traces are the calls that each scenario makes at the unaltered mock, by scenario id. Only
// scenarios that passed have one.
type traces map[string][]*mock.Call

// trace runs every scenario by itself against the unaltered mock.
func (o Options) trace(ctx context.Context) (calls traces, err error) {
	local, err := o.served(nil)(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, local.Close()) }()
	var mu sync.Mutex
	calls = traces{}
	_, err = run.Execute(ctx, run.Plan{
		Contract: o.Contract, Suite: o.Suite, Cases: o.Suite.Cases, Target: local.Target, Parallel: max(1, o.Parallel), Seed: o.Seed,
		Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			if s.Outcome == verdict.Passed {
				calls[s.ID] = callsOf(s.Exchanges)
			}
			return nil
		},
	})
	if err != nil {
		return nil, fmt.Errorf("the suite against the mock as it is: %w", err)
	}
	return calls, nil
}

// callsOf returns requests as a mock receives them.
func callsOf(exchanges []wire.Exchange) []*mock.Call {
	calls := make([]*mock.Call, len(exchanges))
	for i, x := range exchanges {
		r := &http.Request{Method: x.Sent.Method, URL: &url.URL{Path: x.Operation.Path}, Header: http.Header{}}
		for name, values := range x.Sent.Header {
			for _, value := range values {
				r.Header.Add(name, value)
			}
		}
		calls[i] = &mock.Call{Now: x.Timing.Start, Wall: x.Timing.Start, Request: r, Body: x.Sent.Body}
	}
	return calls
}

// showing returns the scenarios that a variant may be shown to. Up to the first call that may show
// the variant, its mock answers like the unaltered one, as tests of the mock ensure
// (TestEveryVariantTakesTheWalkAndKeepsWhatIsDocumented, TestAVariantOfAnActionNeedsItsCalls), so a
// scenario makes the calls of its trace. If none of them may show the variant, the scenario cannot
// accuse it. If that is true of all scenarios, all of them run, to show it.
func (t traces) showing(v defects.Variant, cases []suite.Case) []suite.Case {
	if v.Shows == nil {
		return cases
	}
	shown := slices.DeleteFunc(slices.Clone(cases), func(c suite.Case) bool {
		calls, traced := t[c.ID]
		return traced && !slices.ContainsFunc(calls, v.MayShow)
	})
	if len(shown) == 0 {
		return cases
	}
	return shown
}
