package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
)

// listing is an answer to a read of instances.
type listing struct {
	RequestID string `json:"requestId"`
	Response  struct {
		RequestID  string           `json:"requestId"`
		TotalCount int              `json:"totalCount"`
		DataSet    []map[string]any `json:"dataSet"`
	} `json:"response"`
}

// relisted has the rows of every successful read changed; asked is how many ids it names.
func relisted(change func(asked int, rows []map[string]any) []map[string]any) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			var asked struct{ InstanceIDs []any }
			_ = json.Unmarshal(body, &asked) // what is no object names none
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, r)
			var l listing
			text := answer.Body.Bytes()
			if answer.Code == http.StatusOK && strings.HasPrefix(r.Header.Get("X-Zc-Action"), "Describe") && json.Unmarshal(text, &l) == nil {
				l.Response.DataSet = change(len(asked.InstanceIDs), l.Response.DataSet)
				text, _ = json.Marshal(l)
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(answer.Code)
			_, _ = w.Write(text)
		})
	}
}

// without removes a member of every row.
func without(members ...string) func(int, []map[string]any) []map[string]any {
	return func(_ int, rows []map[string]any) []map[string]any {
		for _, row := range rows {
			for _, m := range members {
				delete(row, m)
			}
		}
		return rows
	}
}

// TestPreflightReadsAnInstanceAloneBeforeTheConfigurationIsBlamed for what the endpoint does
// wrong: the run goes on, and judges it.
func TestPreflightReadsAnInstanceAloneBeforeTheConfigurationIsBlamed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil func(int, []map[string]any) []map[string]any
		warns string
	}{
		"only the first of several ids": {func(asked int, rows []map[string]any) []map[string]any {
			if asked > 1 {
				return rows[:min(1, len(rows))]
			}
			return rows
		}, "and 16 more when each is read alone, but not beside others"},
		"the last of several rows is lost": {func(_ int, rows []map[string]any) []map[string]any {
			return rows[:max(min(1, len(rows)), len(rows)-1)]
		}, "when each is read alone, but not beside others"},
		"rows without a type":   {without("instanceType"), "its row has no instanceType that is a string or null"},
		"rows without an id":    {without("instanceId"), "none of which has its instanceId"},
		"rows without a status": {without("instanceStatus", "status"), "is shown by DescribeInstancesStatus without its instanceStatus"},
		"ids that find nothing": {func(asked int, rows []map[string]any) []map[string]any {
			if asked > 0 {
				return []map[string]any{}
			}
			return rows
		}, "is not found by DescribeInstancesStatus, which does not find by id what it lists without a filter"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, relisted(c.spoil), mock.Options{})
			e := b.run("--scenario", "status-of-one", "--scenario", "instances-of-one", "--scenario", "status-of-several")
			assert.Equal(t, verdict.ExitNonConformant, e.code, e.out+e.err)
			assert.Contains(t, e.err, "warn  ")
			assert.Contains(t, e.err, c.warns)
			assert.NotContains(t, e.err, "fail  ")
			assert.Less(t, strings.Count(e.err, "warn  "), 6, "one fault is told once: %s", e.err)
		})
	}
}

// TestPreflightBlamesTheConfigurationWhereTheEndpointRefusesAnUnknownID as it may: the ids
// beside it are right.
func TestPreflightBlamesTheConfigurationWhereTheEndpointRefusesAnUnknownID(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]string{404: "INVALID_INSTANCE_NOT_FOUND", 400: "INVALID_PARAMETER_PATTERN_ERROR"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			refuses := func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					body, _ := io.ReadAll(r.Body)
					r.Body = io.NopCloser(bytes.NewReader(body))
					if bytes.Contains(body, []byte("ins-typo")) {
						always(status, map[string]string{"Content-Type": "application/json"}, `{"requestId":"r","code":"`+code+`","message":""}`)(nil).ServeHTTP(w, r)
						return
					}
					h.ServeHTTP(w, r)
				})
			}
			b := newBench(t, readsOnly(t, refuses), mock.Options{})
			b.replace("    instances:\n", "    instances:\n      - {id: ins-typo, status: STOPPED}\n")
			e := b.command("run")
			assert.Equal(t, verdict.ExitUsage, e.code, e.out+e.err)
			assert.Equal(t, 1, strings.Count(e.err, "fail  "), e.err)
			assert.Contains(t, e.err, "fail  instance ins-typo: does not exist\n      fix: correct its id")
			assert.NotContains(t, e.err, "warn  ")
		})
	}
}

// examinedChecks returns what doctor finds that is not as it ought to be, apart from what
// cannot be judged, and how many requests that took.
func examinedChecks(t *testing.T, alter func(*mock.Mock)) (blamed, doubted []string, requests int64) {
	t.Helper()
	var count atomic.Int64
	b := newBench(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { count.Add(1); h.ServeHTTP(w, r) })
	}, mock.Options{Alter: alter})
	var found struct {
		Checks []struct {
			OK                      bool
			Name, Found, Fix, Cause string
		}
	}
	e := b.command("doctor", "--json")
	require.NoError(t, json.Unmarshal([]byte(e.out), &found), e.err)
	for _, c := range found.Checks {
		switch {
		case c.OK, c.Cause != "":
		case strings.HasPrefix(c.Fix, "nothing to configure"):
			doubted = append(doubted, c.Name+": "+c.Found)
		default:
			blamed = append(blamed, c.Name+": "+c.Found)
		}
	}
	return blamed, doubted, count.Load()
}

// TestNoFaultOfTheEndpointIsBlamedOnTheConfiguration takes every defect that shows in lists.
func TestNoFaultOfTheEndpointIsBlamedOnTheConfiguration(t *testing.T) {
	t.Parallel()
	alike := []string{"instances-type-upper-case"} // the configuration may have it in the wrong letter case as well
	for _, d := range defects.All() {
		if !slices.Contains([]string{"listing", "envelope"}, d.Category()) || slices.Contains(alike, d.Name) {
			continue
		}
		blamed, _, _ := examinedChecks(t, d.Alter)
		assert.Empty(t, blamed, d.Name)
	}
}

// TestNoFreedomOfTheEndpointIsDoubted takes every variant: nothing is wrong, and nothing is
// asked twice.
func TestNoFreedomOfTheEndpointIsDoubted(t *testing.T) {
	t.Parallel()
	_, _, plain := examinedChecks(t, nil)
	assert.EqualValues(t, 6, plain, "one read for each credential, and for 21 instances two of the statuses and two of the types")
	for _, v := range defects.Variants() {
		if v.TLS {
			continue
		}
		blamed, doubted, requests := examinedChecks(t, v.Alter)
		assert.Empty(t, blamed, v.Name)
		assert.Empty(t, doubted, v.Name)
		assert.Equal(t, plain, requests, v.Name)
	}
}
