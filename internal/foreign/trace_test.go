package foreign

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
)

// script writes a program that can send requests: "ask ACTION BODY" prints the answer.
func script(t *testing.T, lines string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(name, []byte(`set -u
ask() {
	curl -s "$1/api/v2/zec" -H "Authorization: Bearer $ZENLAYER_TOKEN" -H "x-zc-action: $2" -H 'x-zc-version: 2024-04-01' -H 'Content-Type: application/json' -d "$3"
}
echo run >>"$0.runs"
`+lines), 0o600))
	return name
}

// runsOf returns how often a script was run.
func runsOf(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile(name + ".runs")
	require.NoError(t, err)
	return strings.Count(string(text), "run\n")
}

// met runs a script against the mocks of these names and returns those that it was run against,
// besides the right one.
func met(t *testing.T, name string, names ...string) map[string]Verdict {
	t.Helper()
	results, err := Measure(t.Context(), Options{
		Command: "sh " + name + " {url}", Contract: t.TempDir(), Cases: Only(Cases(0), names), Limit: time.Minute,
		Resize: 2 * time.Second, AtOnce: 2, Env: []string{"PATH=/usr/local/bin:/usr/bin:/bin"},
	})
	require.NoError(t, err)
	require.Len(t, results, len(names)+1)
	seen := map[string]Verdict{}
	for _, r := range results[1:] {
		if r.Unmet {
			assert.Equal(t, Cleared, r.Verdict, r.Name)
			assert.Zero(t, r.Took, r.Name)
		} else {
			seen[r.Name] = r.Verdict
		}
	}
	assert.Equal(t, recordings+len(seen), runsOf(t, name))
	return seen
}

func TestOnlyWhatAnswersOtherwiseIsRun(t *testing.T) {
	for name, c := range map[string]struct {
		program string
		mocks   []string
		met     map[string]Verdict
	}{
		"an action that is not known": {
			`ask "$1" None '{}' | grep -q '"code"'`,
			[]string{"unknown-action-500", "stuck-in-resizing", "plan-before-status", "further-headers"},
			map[string]Verdict{"unknown-action-500": Cleared, "further-headers": Cleared},
		},
		"a header in lower case": {
			`ask "$1" DescribeInstances '{}' | grep -q totalCount`,
			[]string{"action-name-by-case", "stuck-in-resizing"},
			map[string]Verdict{"action-name-by-case": Accused},
		},
		"a change and its end": {
			`ask "$1" ModifyInstanceType '{"instanceId":"ins-000005","instanceType":"z2a.cpu.2"}' | grep -q requestId
			ask "$1" DescribeInstances '{"instanceIds":["ins-000005"]}' | grep -q RESIZING || exit 1
			n=0
			while [ $n -lt 40 ]; do
				ask "$1" DescribeInstances '{"instanceIds":["ins-000005"]}' | grep -q STOPPED && exit 0
				sleep 0.1
				n=$((n + 1))
			done
			exit 1`,
			[]string{"stuck-in-resizing", "type-unchanged", "unknown-action-500"},
			map[string]Verdict{"stuck-in-resizing": Accused, "type-unchanged": Cleared},
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.met, met(t, script(t, c.program), c.mocks...))
		})
	}
}

// TestWhatOverlapsProvesNothing: what requests do to each other depends on when they meet.
func TestWhatOverlapsProvesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		nested  bool
		partial bool
	}{
		"one after the other": {false, false},
		"at the same time":    {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			sent, m := &trace{start: time.Now()}, newMock(mock.Options{})
			sent.record(m)
			var url string
			asked := false
			ask := func() {
				response, err := http.Post(url, "application/json", strings.NewReader("{}")) //nolint:noctx // ends with the test
				require.NoError(t, err)
				_, err = io.Copy(io.Discard, response.Body)
				require.NoError(t, errors.Join(err, response.Body.Close()))
			}
			h := sent.before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.nested && !asked {
					asked = true
					ask()
				}
				m.ServeHTTP(w, r)
			}))
			require.NoError(t, serve(t.Context(), m, h, func(address string) {
				url = "http://" + address + mock.Path
				ask()
				ask()
			}))
			assert.Equal(t, c.partial, sent.partial)
			known, err := newTraces(t.Context(), time.Second, []*trace{sent})
			require.NoError(t, err)
			assert.Equal(t, c.partial, known == nil)
		})
	}
}

// TestWhatIsLeftOutWouldHaveBeenCleared runs a program against a sample of the mocks, with and
// without those that it does not meet.
func TestWhatIsLeftOutWouldHaveBeenCleared(t *testing.T) {
	program := script(t, `rows=$(ask "$1" DescribeInstances '{"status":"RUNNING","pageSize":2}')
		refused=$(ask "$1" ModifyInstanceType '{"instanceId":"ins-000005"}')
		case $rows$refused in *'"totalCount":'*'"imageId"'*'"code":"MISSING_PARAMETER"'*) exit 0 ;; esac
		exit 1`)
	options := Options{Command: "sh " + program + " {url}", Contract: t.TempDir(), Cases: Cases(4), Limit: 20 * time.Second, AtOnce: 2, Env: []string{"PATH=/usr/local/bin:/usr/bin:/bin"}}
	some, err := Measure(t.Context(), options)
	require.NoError(t, err)
	options.All = true
	all, err := Measure(t.Context(), options)
	require.NoError(t, err)
	unmet := 0
	for i, r := range all {
		assert.Equal(t, r.Verdict, some[i].Verdict, r.Name)
		if some[i].Unmet {
			unmet++
		}
	}
	score := ScoreOf("", some, time.Second)
	assert.Equal(t, unmet, score.Defects.Unmet+score.Variants.Unmet)
	assert.Greater(t, unmet, 15)
	assert.Greater(t, len(all)-unmet, 5)
}
