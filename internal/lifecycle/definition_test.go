package lifecycle_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

func TestWhatCanBeUndone(t *testing.T) {
	for name, c := range map[string]struct {
		definition                   lifecycle.Definition
		returns, reversible, repeats bool
	}{
		"it ends where it began":                      {lifecycle.Definition{Start: []string{"A"}, End: []string{"A"}}, true, true, true},
		"it ends elsewhere":                           {lifecycle.Definition{Start: []string{"A"}, End: []string{"B"}}, false, false, false},
		"it ends elsewhere, and an action leads back": {lifecycle.Definition{Start: []string{"A"}, End: []string{"B"}, Inverse: "Back"}, false, true, true},
		"it changes a value":                          {lifecycle.Definition{Start: []string{"A"}, End: []string{"A"}, Wanted: "type"}, false, false, true},
		"it changes a value that it can change back":  {lifecycle.Definition{Start: []string{"A"}, End: []string{"A"}, Wanted: "type", Inverse: "Same"}, false, true, true},
		"it may begin in two statuses":                {lifecycle.Definition{Start: []string{"A", "B"}, End: []string{"A", "B"}}, false, false, true},
	} {
		assert.Equal(t, c.returns, c.definition.Returns(), name)
		assert.Equal(t, c.reversible, c.definition.Reversible(), name)
		assert.Equal(t, c.repeats, c.definition.Repeats(), name)
	}
}

func TestWhereAStatusIsRead(t *testing.T) {
	first, second := wire.Operation{Action: "First"}, wire.Operation{Action: "Second"}
	d := lifecycle.Definition{
		Observed: lifecycle.Reading{Operation: first, Field: "one"}, Also: []lifecycle.Reading{{Operation: second, Field: "two", Numeric: true}},
		Start: []string{"A"}, Transient: []string{"B"}, End: []string{"C", "D"}, Failure: []string{"E"}, Passing: []string{"B", "F", "A"}, States: []string{"A", "B", "C", "D", "E", "F"},
	}
	for action, want := range map[wire.Operation]string{first: "one", second: "two", {Action: "Third"}: ""} {
		r, has := d.StatusAt(action)
		assert.Equal(t, want, r.Field)
		assert.Equal(t, want != "", has)
	}
	assert.Equal(t, []string{"a string", "a number"}, []string{d.Observed.Wants(), d.Also[0].Wants()})
	r := d.Rules(time.Second)
	assert.Equal(t, lifecycle.Rules{Start: d.Start, Transient: d.Transient, End: d.End, Failure: d.Failure, Passing: d.Passing, Known: d.States, Settle: time.Second}, r)
	for status, unended := range map[string]bool{"A": false, "B": true, "C": false, "E": false, "F": true, "G": true} {
		assert.Equal(t, unended, d.Unended(status), status)
	}
	d.States = nil
	assert.False(t, d.Unended("G"), "nobody knows which statuses there are")
	assert.Equal(t, []string{"B, then C or D", "C or D to stay"}, []string{r.Path(), r.Kept()})
}

func TestWhichPlaceIsAListOfRows(t *testing.T) {
	d := lifecycle.Definition{Observed: lifecycle.Reading{Rows: "disks"}, Also: []lifecycle.Reading{{Rows: "volumes"}}, Changed: lifecycle.Reading{Rows: "sizes"}}
	for place, want := range map[string]bool{
		"/response/disks": true, "/response/volumes": true, "/response/sizes": true,
		"/response/disks/3": false, "/response": false, "/response/": false, "/disks": false, "/response/total": false,
	} {
		assert.Equal(t, want, d.Lists(place), place)
	}
	assert.False(t, lifecycle.Definition{}.Lists("/response/"))
}

func TestWhatAValueIsCalled(t *testing.T) {
	for field, want := range map[string]string{"diskSize": "size", "disk": "disk", "diskette": "diskette", "tier": "tier", "sizeOfDisk": "sizeOfDisk", "disk_size": "disk_size", "": ""} {
		assert.Equal(t, want, lifecycle.Definition{Kind: "disk", Wanted: "wanted", Changed: lifecycle.Reading{Field: field}}.ValueName(), field)
	}
}

// TestAnEndHoldsForExactlyTheTimeItMust holds the limits to the nanosecond: an end counts once it
// was asked for Settle after it was first seen, and not before.
func TestAnEndHoldsForExactlyTheTimeItMust(t *testing.T) {
	for status, phases := range map[string][2]lifecycle.Phase{
		"STOPPED": {lifecycle.Settling, lifecycle.Settled},
		"RUNNING": {lifecycle.Astray, lifecycle.Lost},
	} {
		for i, late := range []time.Duration{-1, 0} {
			w := watch("STOPPED RESIZING")
			assert.True(t, w.Ran())
			w.See(verdict.Observation{Asked: 20 * time.Millisecond, Seen: 21 * time.Millisecond, Status: status})
			at := 21*time.Millisecond + rules.Settle + late
			assert.Equal(t, phases[i], w.See(verdict.Observation{Asked: at, Seen: at, Status: status}), "%s %d", status, late)
		}
	}
	assert.False(t, watch("STOPPED STOPPED").Ran())
}

// TestAReadCountsFromTheMomentOfTheAnswer holds the limits of what was seen after an answer.
func TestAReadCountsFromTheMomentOfTheAnswer(t *testing.T) {
	see := func(asked, seen time.Duration) verdict.Observation {
		return verdict.Observation{Asked: asked, Seen: seen, Status: "RESIZING"}
	}
	for name, c := range map[string]struct {
		answered time.Duration
		seen     []verdict.Observation
		want     lifecycle.Seen
	}{
		"asked at that moment":                       {100, []verdict.Observation{see(1, 2), see(100, 101)}, lifecycle.AfterAnswer},
		"asked a moment before":                      {100, []verdict.Observation{see(1, 2), see(99, 100)}, lifecycle.BeforeAnswer},
		"seen three reads before the answer":         {33, []verdict.Observation{see(20, 30), see(23, 33)}, lifecycle.AfterAnswer},
		"seen exactly three reads before the answer": {60, []verdict.Observation{see(20, 30)}, lifecycle.AfterAnswer},
		"seen more than three reads before":          {61, []verdict.Observation{see(20, 30)}, lifecycle.BeforeAnswer},
		"first seen by the later question":           {60, []verdict.Observation{see(20, 45), see(19, 30)}, lifecycle.AfterAnswer},
	} {
		assert.Equal(t, c.want, lifecycle.SeenRunning(rules, verdict.Trajectory{Answered: c.answered, Observations: c.seen}), name)
	}
}

// TestAValueIsAskedForInItsOwnType holds numbers and texts, as a request asks for them and as one did.
func TestAValueIsAskedForInItsOwnType(t *testing.T) {
	number, text := lifecycle.Definition{Wanted: "size", Number: true}, lifecycle.Definition{Wanted: "size"}
	for value, want := range map[string]string{"40": "40", "1.5": "1.5", "large": `"large"`, "": `""`} {
		body, err := json.Marshal(map[string]any{"size": number.Asked(value)})
		require.NoError(t, err)
		assert.Equal(t, `{"size":`+want+`}`, string(body))
		assert.Equal(t, value, number.AskedIn(body))
	}
	assert.Equal(t, "40", text.Asked("40"))
	assert.Equal(t, "40", text.AskedIn([]byte(`{"size":"40"}`)))
	for _, body := range []string{`{"size":40}`, `{}`, `[]`, `{"size":null}`, `hello`, ``} {
		assert.Empty(t, text.AskedIn([]byte(body)), body)
	}
	assert.Empty(t, number.AskedIn([]byte(`{"size":{}}`)))
	assert.Empty(t, lifecycle.Definition{}.AskedIn([]byte(`{"":"x"}`)))
}
