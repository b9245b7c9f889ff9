package generate_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/zec-tools/conformance/internal/generate"
)

var parameters = []generate.Parameter{
	{Name: "instanceIds", Type: "array", Pool: []string{"ins-1"}},
	{Name: "pageSize", Type: "integer"},
	{Name: "name", Type: "string"},
	{Name: "zoneId"},
}

func TestTheSameSeedMakesTheSameRequests(t *testing.T) {
	a, b, other := generate.New(parameters, 7), generate.New(parameters, 7), generate.New(parameters, 8)
	var same, different strings.Builder
	for range 50 {
		body := a.Next().Body()
		require.Equal(t, string(body), string(b.Next().Body()))
		same.Write(body)
		different.Write(other.Next().Body())
	}
	assert.NotEqual(t, same.String(), different.String())
}

func TestEveryRequestIsAJSONObjectAndEveryParameterMeetsEveryOddText(t *testing.T) {
	source := generate.New(parameters, 1)
	met := map[string]map[string]bool{}
	for range 400 {
		body := source.Next().Body()
		require.True(t, json.Valid(body), "%s", body)
		var object map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(body, &object))
		for name, value := range object {
			if met[name] == nil {
				met[name] = map[string]bool{}
			}
			met[name][string(value)] = true
		}
	}
	for _, p := range parameters {
		assert.Greater(t, len(met[p.Name]), 10, p.Name)
	}
	assert.Contains(t, met["name"], `"`+strings.Repeat("x", 300)+`"`)
	assert.Contains(t, met["name"], `"实例"`)
	assert.Contains(t, met["name"], `"\u0000\\'"`)
}

func TestShrinkFindsTheSmallestRequestThatFails(t *testing.T) {
	cases := []struct {
		name  string
		from  generate.Request
		fails func(generate.Request) bool
		want  string
	}{
		{"one member matters", generate.Request{"a": "x", "b": "y", "c": "z"},
			func(r generate.Request) bool { _, has := r["b"]; return has }, `{"b":"y"}`},
		{"a text of some length", generate.Request{"a": strings.Repeat("x", 300), "b": true},
			func(r generate.Request) bool { s, _ := r["a"].(string); return len(s) > 64 }, `{"a":"` + strings.Repeat("x", 65) + `"}`},
		{"a list that is not empty", generate.Request{"a": []any{"x", "y", "z"}},
			func(r generate.Request) bool { l, _ := r["a"].([]any); return len(l) > 0 }, `{"a":["z"]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.JSONEq(t, c.want, string(generate.Shrink(c.from, 1000, c.fails).Body()))
		})
	}
}

// However it is asked, shrinking ends, and with a request that fails.
func TestShrinkEndsWithARequestThatFails(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := generate.New(parameters, rapid.Int64().Draw(t, "seed")).Next()
		limit := rapid.IntRange(0, 40).Draw(t, "limit")
		fails := func(r generate.Request) bool { return len(r.Body()) > limit }
		if !fails(r) {
			return
		}
		assert.True(t, fails(generate.Shrink(r, 10000, fails)))
	})
}
