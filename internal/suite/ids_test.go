package suite_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "add what is new to the golden files")

// TestIDsAreKept: waivers, baselines and --scenario name scenarios by their ids, and selections by
// their tags. An id that was there stays, with its clauses and tags; -update adds new ones.
func TestIDsAreKept(t *testing.T) {
	const golden = "testdata/ids.txt"
	is := map[string]string{}
	for _, c := range builtIn(t).Cases {
		tags := slices.Clone(c.Tags)
		slices.Sort(tags)
		is[c.ID] = strings.Join(slices.Compact(tags), " ")
	}
	text, err := os.ReadFile(golden)
	require.NoError(t, err)
	known := map[string]bool{}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, line := range lines {
		id, tags, _ := strings.Cut(line, "\t")
		known[id] = true
		if assert.Contains(t, is, id, "an id that users may have kept is gone") {
			assert.Subset(t, strings.Fields(is[id]), strings.Fields(tags), "%s: a tag by which users may select it is gone", id)
		}
	}
	if !*update {
		return
	}
	for id, tags := range is {
		if !known[id] {
			lines = append(lines, id+"\t"+tags)
		}
	}
	slices.Sort(lines)
	require.NoError(t, os.WriteFile(golden, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}
