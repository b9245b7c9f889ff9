package run

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

func read(action, body string) wire.Request {
	return wire.Request{Operation: wire.Operation{Action: action}, Body: []byte(body), Effect: wire.Reads}
}

func act(body string) wire.Request {
	return wire.Request{Operation: wire.Operation{Action: "Change"}, Body: []byte(body), Effect: wire.Changes}
}

// recorded is a tape of one change, and of a second one that leads back.
func recorded() *tape {
	t := &tape{}
	for i, req := range []wire.Request{
		read("Status", `{"ids":["a","b"]}`), read("List", `{"ids":["a","b"]}`),
		act(`{"id":"a","to":"large"}`),
		read("Status", `{"ids":["a","b"]}`), read("List", `{"ids":["a","b"]}`), read("Status", `{"ids":["a","b"]}`),
		act(`{"id":"a","to":"small"}`),
		read("Status", `{"ids":["a","b"]}`),
	} {
		t.add(req, steps.Answer{Exchange: i + 1}, nil)
	}
	return t
}

func TestATapeAnswersInTheOrderInWhichItWasRecorded(t *testing.T) {
	p := &player{tape: recorded()}
	for _, step := range []struct {
		req  wire.Request
		want int
	}{
		{read("Status", `{"ids":["a"]}`), 1},
		{act(`{"id":"a","to":"large"}`), 3}, // the list is passed over: the scenario does not want it
		{read("Status", `{"ids":["a"]}`), 4},
		{read("Status", `{"ids":["b","a"]}`), 6},
		{act(`{"id":"a","to":"small"}`), 7},
		{read("Status", `{"ids":["a"]}`), 8},
	} {
		answer, err := p.answer(step.req)
		require.NoError(t, err)
		assert.Equal(t, step.want, answer.Exchange)
	}
}

func TestWhatWasNotAskedIsNotOnATape(t *testing.T) {
	for name, asked := range map[string][]wire.Request{
		"another change":                      {act(`{"id":"a","to":"huge"}`)},
		"an instance nobody watched":          {read("Status", `{"ids":["c"]}`)},
		"a further parameter":                 {read("Status", `{"ids":["a"],"page":1}`)},
		"another operation":                   {read("Other", `{"ids":["a"]}`)},
		"a read that only a later change has": {read("Status", `{"ids":["a"]}`), act(`{"id":"a","to":"large"}`), read("Status", `{"ids":["a"]}`), read("Status", `{"ids":["a"]}`), read("Status", `{"ids":["a"]}`)},
		"more changes than there were":        {act(`{"id":"a","to":"large"}`), act(`{"id":"a","to":"small"}`), act(`{"id":"a","to":"large"}`)},
	} {
		t.Run(name, func(t *testing.T) {
			p := &player{tape: recorded()}
			var err error
			for i, req := range asked {
				_, err = p.answer(req)
				if i < len(asked)-1 {
					require.NoError(t, err)
				}
			}
			assert.ErrorIs(t, err, errNotOnTape)
		})
	}
}

func TestATapeLendsOnlyWhatItHasWatched(t *testing.T) {
	tp := recorded()
	tp.fixture = steps.Fixture{
		Instances: []steps.Instance{{ID: "a", Status: "S"}}, Bystanders: []steps.Instance{{ID: "b", Status: "S"}, {ID: "c", Status: "R"}}, Shared: true,
	}
	needs := func(statuses ...string) (n steps.Needs) {
		for _, s := range statuses {
			n.Instances = append(n.Instances, steps.Need{Status: s})
		}
		return n
	}
	fixture, has := tp.lend(needs("S", "R"))
	require.True(t, has)
	assert.Equal(t, []steps.Instance{{ID: "a", Status: "S"}, {ID: "c", Status: "R"}}, fixture.Instances)
	assert.False(t, fixture.Shared)
	_, has = tp.lend(needs("S", "R", "R"))
	assert.False(t, has)
}
