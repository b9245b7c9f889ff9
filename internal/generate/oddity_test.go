package generate_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/generate"
)

func TestOddities(t *testing.T) {
	limit := 1000.0
	all := []generate.Parameter{
		{Name: "id", Type: "string", Required: true, Pool: []string{"ins-1"}},
		{Name: "ids", Type: "array", Items: "string", Pool: []string{"ins-1"}},
		{Name: "size", Type: "integer", Maximum: &limit},
		{Name: "force", Type: "boolean"},
		{Name: "any"},
	}
	with := func(name string, value any) generate.Request { return generate.Request{"id": "ins-1", name: value} }
	for name, c := range map[string]struct {
		request generate.Request
		want    []generate.Oddity
	}{
		"as it should be":        {generate.Request{"id": "ins-1", "ids": []any{"ins-1"}, "size": json.Number("1000"), "force": false}, nil},
		"a required one absent":  {generate.Request{}, []generate.Oddity{generate.Missing}},
		"required and null":      {generate.Request{"id": nil}, []generate.Oddity{generate.EmptyRequired}},
		"required and empty":     {generate.Request{"id": ""}, []generate.Oddity{generate.EmptyRequired}},
		"optional and null":      {with("size", nil), []generate.Oddity{generate.EmptyOptional}},
		"an empty list":          {with("ids", []any{}), []generate.Oddity{generate.EmptyOptional}},
		"a number as no text":    {with("size", ""), []generate.Oddity{generate.EmptyOptional}},
		"a boolean as no list":   {with("force", []any{}), []generate.Oddity{generate.EmptyOptional}},
		"a text as no list":      {generate.Request{"id": []any{}}, []generate.Oddity{generate.EmptyRequired}},
		"a number for a text":    {generate.Request{"id": json.Number("7")}, []generate.Oddity{generate.WrongType}},
		"a number nobody holds":  {generate.Request{"id": json.Number("1e300")}, []generate.Oddity{generate.Strange}},
		"one within a list":      {generate.Request{"id": []any{json.Number("0.5")}}, []generate.Oddity{generate.Strange}},
		"a NUL within an object": {generate.Request{"id": map[string]any{"a": "\x00"}}, []generate.Oddity{generate.Strange}},
		"an object for a text":   {generate.Request{"id": map[string]any{"a": "b"}}, []generate.Oddity{generate.WrongType}},
		"a list for a text":      {generate.Request{"id": []any{"ins-1"}}, []generate.Oddity{generate.WrongType}},
		"a text for a list":      {with("ids", "ins-1"), []generate.Oddity{generate.WrongType}},
		"a number in a list":     {with("ids", []any{"ins-1", json.Number("7")}), []generate.Oddity{generate.WrongType}},
		"an object for a list":   {with("ids", map[string]any{}), []generate.Oddity{generate.WrongType}},
		"a text for a boolean":   {with("force", "true"), []generate.Oddity{generate.WrongType}},
		"a number for one":       {with("force", json.Number("1")), []generate.Oddity{generate.WrongType}},
		"a text for a number":    {with("size", "10"), []generate.Oddity{generate.WrongType}},
		"above the maximum":      {with("size", json.Number("1001")), []generate.Oddity{generate.AboveMaximum}},
		"with a fraction":        {with("size", json.Number("0.5")), []generate.Oddity{generate.Strange}},
		"in another notation":    {with("size", json.Number("1E2")), []generate.Oddity{generate.Strange}},
		"beyond 32 bits":         {with("size", json.Number("2147483648")), []generate.Oddity{generate.FarAbove}},
		"the same below zero":    {with("size", json.Number("-2147483649")), []generate.Oddity{generate.Strange}},
		"beyond, without limit":  {with("any", json.Number("2147483648")), []generate.Oddity{generate.Strange}},
		"below one":              {with("size", json.Number("0")), []generate.Oddity{generate.Strange}},
		"a text of nobody":       {generate.Request{"id": "ins-none"}, []generate.Oddity{generate.Strange}},
		"null in a list":         {with("ids", []any{nil}), []generate.Oddity{generate.Strange}},
		"nobody says the type":   {with("any", true), []generate.Oddity{generate.Strange}},
		"a member of no name":    {with("", true), []generate.Oddity{generate.Unknown}},
		"several":                {generate.Request{"size": "10", "further": nil}, []generate.Oddity{generate.Missing, generate.WrongType, generate.Unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, generate.Oddities(all, c.request))
		})
	}
}
