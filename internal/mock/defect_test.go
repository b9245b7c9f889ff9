package mock

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the golden files anew")

// clause is what this test needs to know of a clause.
type clause struct {
	ID         string `yaml:"id"`
	Level      string `yaml:"level"`
	Untestable string `yaml:"untestable"`
}

func clauses(t *testing.T) map[string]clause {
	t.Helper()
	text, err := os.ReadFile("../../spec/clauses.yaml")
	require.NoError(t, err)
	var file struct {
		Clauses []clause `yaml:"clauses"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	byID := map[string]clause{}
	for _, c := range file.Clauses {
		byID[c.ID] = c
	}
	require.Greater(t, len(byID), 100)
	return byID
}

func TestEveryDefectNamesAClauseThatCanBeSeenBroken(t *testing.T) {
	known, names := clauses(t), map[string]bool{}
	for _, d := range Defects() {
		assert.False(t, names[d.Name], "%s is there twice", d.Name)
		names[d.Name] = true
		assert.Regexp(t, regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), d.Name)
		assert.Regexp(t, `^[A-Z].*[^.]\.$`, d.Text, d.Name)
		assert.NotContains(t, d.Allied, d.Clause, d.Name)
		assert.Equal(t, "must", known[d.Clause].Level, "%s: %s", d.Name, d.Clause)
		assert.Empty(t, known[d.Clause].Untestable, "%s: %s cannot be seen", d.Name, d.Clause)
		for _, id := range d.Allied {
			assert.Contains(t, known, id, d.Name)
		}
	}
	assert.GreaterOrEqual(t, len(names), 110)
}

func TestEveryClauseThatCanBeSeenBrokenHasADefect(t *testing.T) {
	broken := map[string]bool{}
	for _, d := range Defects() {
		broken[d.Clause] = true
	}
	for id, c := range clauses(t) {
		if c.Level == "must" && c.Untestable == "" {
			assert.True(t, broken[id], "no defect breaks %s", id)
		}
	}
}

func TestDefectsAreSorted(t *testing.T) {
	assert.True(t, slices.IsSortedFunc(Defects(), func(a, b Defect) int {
		return strings.Compare(a.Clause+" "+a.Name, b.Clause+" "+b.Name)
	}))
}

// TestEveryDefectShows takes the walk through each defective mock. The golden file says
// which answers differ from those of a right mock: those of the fact that is broken, and no other.
func TestEveryDefectShows(t *testing.T) {
	right := walked(t, Options{})
	var lines []string
	for _, d := range Defects() {
		if apart[d.Name] != nil {
			lines = append(lines, d.Name+": has a test of its own")
			continue
		}
		shown := shows(t, d, right)
		assert.NotEmpty(t, shown, "%s changes nothing", d.Name)
		lines = append(lines, fmt.Sprintf("%s (%s): %s", d.Name, d.Clause, strings.Join(shown, " | ")))
	}
	golden(t, "testdata/defects.txt", strings.Join(lines, "\n")+"\n")
}

// shows returns the names of the answers that a defect makes differ, or how many, when they are most.
func shows(t *testing.T, d Defect, right []sight) []string {
	t.Helper()
	wrong := walked(t, Options{Defect: &d})
	require.Len(t, wrong, len(right))
	var names []string
	count := 0
	for i := range right {
		if !differs(wrong[i], right[i]) {
			continue
		}
		count++
		name, share, timed := strings.Cut(right[i].name, " at ")
		before := slices.IndexFunc(names, func(seen string) bool { return timed && strings.HasPrefix(seen, name+" at ") })
		if before >= 0 {
			names[before] += "," + share
		} else if !slices.Contains(names, right[i].name) {
			names = append(names, right[i].name)
		}
	}
	if len(names) > 25 {
		return []string{fmt.Sprintf("%d of %d answers", count, len(right))}
	}
	return names
}

// apart are the defects that the walk cannot show, each with the probe that does.
var apart = map[string]func(t *testing.T, d Defect){
	"blocks-until-done":                blocksUntilDone,
	"action-name-by-case":              readsNamesByCase("x-zc-action"),
	"timestamp-name-by-case":           readsNamesByCase("x-zc-timestamp"),
	"concurrent-request-ids-shared":    concurrently(func(a, b reply) bool { return a.body.Get("requestId").Str == b.body.Get("requestId").Str }),
	"concurrent-request-ids-mixed":     concurrently(func(a, _ reply) bool { return a.body.Get("requestId").Str != a.body.Get("response.requestId").Str }),
	"concurrent-filters-mixed":         concurrently(func(a, b reply) bool { return slices.Equal(ids(a), ids(b)) }),
	"concurrent-resizes-both-accepted": resizesAtOnce,
}

func TestDefectsThatTheWalkDoesNotShow(t *testing.T) {
	for name, probe := range apart {
		t.Run(name, func(t *testing.T) {
			d, err := DefectNamed(name)
			require.NoError(t, err)
			probe(t, d)
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func TestADefectIsFoundByItsName(t *testing.T) {
	d, err := DefectNamed("unknown-instance-400")
	require.NoError(t, err)
	assert.Equal(t, "M-INSTANCE-NOT-FOUND", d.Clause)
	_, err = DefectNamed("unknown-instance-40")
	assert.EqualError(t, err, `there is no defect "unknown-instance-40": did you mean "unknown-instance-400"?`)
	_, err = DefectNamed("")
	assert.ErrorContains(t, err, "did you mean")
}
