package defects

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

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
	"github.com/zec-tools/conformance/internal/verdict"
	documents "github.com/zec-tools/conformance/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

// clauses returns the clauses of the contract by id: the mock does not know them, its test does.
func clauses(t *testing.T) map[string]verdict.Clause {
	t.Helper()
	c, err := contract.Load(documents.Files)
	require.NoError(t, err)
	byID := map[string]verdict.Clause{}
	for _, clause := range c.Clauses() {
		byID[clause.ID] = clause
	}
	require.Greater(t, len(byID), 100)
	return byID
}

func TestEveryDefectNamesAClauseThatCanBeSeenBroken(t *testing.T) {
	known, names := clauses(t), map[string]bool{}
	for _, d := range All() {
		assert.False(t, names[d.Name], "%s is there twice", d.Name)
		names[d.Name] = true
		assert.Regexp(t, regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), d.Name)
		assert.Regexp(t, `^[A-Z].*[^.]\.$`, d.Text, d.Name)
		assert.NotContains(t, d.AlsoAffected, d.Clause, d.Name)
		assert.Equal(t, verdict.Must, known[d.Clause].Level, "%s: %s", d.Name, d.Clause)
		assert.Empty(t, known[d.Clause].Untestable, "%s: %s cannot be seen", d.Name, d.Clause)
		for _, id := range d.AlsoAffected {
			assert.Contains(t, known, id, d.Name)
		}
	}
	assert.GreaterOrEqual(t, len(names), 110)
}

func TestEveryClauseThatCanBeSeenBrokenHasADefect(t *testing.T) {
	broken := map[string]bool{}
	for _, d := range All() {
		broken[d.Clause] = true
	}
	for id, c := range clauses(t) {
		if c.Level == verdict.Must && c.Untestable == "" {
			assert.True(t, broken[id], "no defect breaks %s", id)
		}
	}
}

func TestDefectsAreSorted(t *testing.T) {
	assert.True(t, slices.IsSortedFunc(All(), func(a, b Defect) int {
		return strings.Compare(a.Clause+" "+a.Name, b.Clause+" "+b.Name)
	}))
}

// TestEveryDefectShows takes the walk through each defective mock. The golden file says
// which answers differ from those of a right mock: those of the fact that is broken, and no other.
func TestEveryDefectShows(t *testing.T) {
	golden(t, "testdata/defects.txt", shown(t, false))
}

// TestEveryDefectOfAListShows does so by the brief walk, for the defects of the actions
// that name a list of instances.
func TestEveryDefectOfAListShows(t *testing.T) {
	golden(t, "testdata/power.txt", shown(t, true))
}

// ofLists reports whether a defect is one of an action that names a list of instances, or
// of one that is called while another runs.
func ofLists(d Defect) bool {
	while := slices.ContainsFunc(powers(), func(p power) bool { return strings.Contains(d.Name, "-during-"+p.short) })
	return while || strings.HasPrefix(d.Clause, "A-") || d.Action() != "" && d.Action() != mock.ModifyType
}

func shown(t *testing.T, brief bool) string {
	t.Helper()
	right := mocktest.Taken(t, nil, mock.Options{}, brief)
	lines := make([]string, len(All()))
	t.Run("walks", func(t *testing.T) {
		for i, d := range All() {
			switch {
			case ofLists(d) != brief:
				continue
			case apart[d.Name] != nil, strings.HasSuffix(d.Name, "blocks-until-done"):
				lines[i] = d.Name + ": has a test of its own\n"
				continue
			}
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				names := shows(t, d, right, brief)
				assert.NotEmpty(t, names, "%s changes nothing", d.Name)
				lines[i] = fmt.Sprintf("%s (%s): %s\n", d.Name, d.Clause, strings.Join(names, " | "))
			})
		}
	})
	return strings.Join(lines, "")
}

// shows returns the names of the answers that a defect makes differ, or how many, when they are most.
func shows(t *testing.T, d Defect, right []mocktest.Observation, brief bool) []string {
	t.Helper()
	wrong := mocktest.Taken(t, nil, mock.Options{Alter: d.Alter}, brief)
	require.Len(t, wrong, len(right))
	var names []string
	count := 0
	for i := range right {
		if !mocktest.Differs(wrong[i], right[i]) {
			continue
		}
		count++
		name, share, timed := strings.Cut(right[i].Name, " at ")
		before := slices.IndexFunc(names, func(seen string) bool { return timed && strings.HasPrefix(seen, name+" at ") })
		if before >= 0 {
			names[before] += "," + share
		} else if !slices.Contains(names, right[i].Name) {
			names = append(names, right[i].Name)
		}
	}
	if len(names) > 25 {
		return []string{fmt.Sprintf("%d of %d answers", count, len(right))}
	}
	return names
}

// apart are the defects that the walk cannot show, each with the probe that does.
var apart = map[string]func(t *testing.T, d Defect){
	"blocks-until-done":             blocksUntilDone,
	"action-name-by-case":           readsNamesByCase("x-zc-action"),
	"timestamp-name-by-case":        readsNamesByCase("x-zc-timestamp"),
	"concurrent-request-ids-shared": concurrently(func(a, b mocktest.Reply) bool { return a.Body.Get("requestId").Str == b.Body.Get("requestId").Str }),
	"concurrent-request-ids-mixed": concurrently(func(a, _ mocktest.Reply) bool {
		return a.Body.Get("requestId").Str != a.Body.Get("response.requestId").Str
	}),
	"concurrent-filters-mixed":         concurrently(func(a, b mocktest.Reply) bool { return slices.Equal(mocktest.IDs(a), mocktest.IDs(b)) }),
	"concurrent-resizes-both-accepted": resizesAtOnce,
}

func TestDefectsThatTheWalkDoesNotShow(t *testing.T) {
	for name, probe := range apart {
		t.Run(name, func(t *testing.T) {
			d, err := Named(name)
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
	d, err := Named("unknown-instance-400")
	require.NoError(t, err)
	assert.Equal(t, "M-INSTANCE-NOT-FOUND", d.Clause)
	_, err = Named("unknown-instance-40")
	assert.EqualError(t, err, `there is no defect "unknown-instance-40": did you mean "unknown-instance-400"?`)
	_, err = Named("")
	assert.ErrorContains(t, err, "selftest --list")
}

// calling selects the calls of an action.
func calling(action string) func(c *mock.Call) bool {
	return func(c *mock.Call) bool { return c.Action() == action }
}

// TestADefectOfAnActionNeedsItsCalls walks through each defect of one action without the
// calls of that action: every answer is then that of a right mock.
func TestADefectOfAnActionNeedsItsCalls(t *testing.T) {
	right := map[string][]mocktest.Observation{}
	for action := range mock.Changes() {
		right[action] = mocktest.Taken(t, calling(action), mock.Options{}, true)
	}
	for _, d := range All() {
		action := d.Action()
		if action == "" {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			for i, s := range mocktest.Taken(t, calling(action), mock.Options{Alter: d.Alter}, true) {
				if mocktest.Differs(s, right[action][i]) {
					assert.Fail(t, "it shows without its action", "%s: %s", s.Name, s.Body)
				}
			}
		})
	}
}
