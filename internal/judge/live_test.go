package judge_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/judge"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// TestLiveTakesWhatEndsInAnyOrder ends many exchanges at once, and one never.
func TestLiveTakesWhatEndsInAnyOrder(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	heard, found := 0, 0
	live := judge.NewLive(judge.New(judge.Options{Contract: c}), "live", judge.Handlers{
		Found: func(verdict.Finding) { found++ }, Exchange: func(wire.Exchange) { heard++ },
	})
	const many = 2000
	live.Begin() // it never ends, and holds nothing up in the end
	var group sync.WaitGroup
	for range many {
		ended := live.Begin()
		group.Go(func() {
			ended(wire.Exchange{
				Operation: wire.Operation{Path: "/api/v2/zec", Action: "DescribeInstancesStatus", Version: "2024-04-01"}, Attempt: 1,
				Sent:     wire.Sent{Method: "POST", URL: "https://host.example/api/v2/zec"},
				Received: &wire.Received{Status: 200, Body: wire.Body(`{}`)},
			})
		})
	}
	group.Wait()
	late := live.Begin()
	run, err := live.Conclude()
	require.NoError(t, err)
	assert.Equal(t, many, heard)
	assert.Equal(t, many, run.Recording.Entries)
	assert.Equal(t, verdict.NonConformant, run.Verdict)
	late(wire.Exchange{}) // it waits for nobody
	assert.Equal(t, many, heard)
}
