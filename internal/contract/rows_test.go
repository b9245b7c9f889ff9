package contract

import (
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

func loaded(t *testing.T) *Contract {
	t.Helper()
	c, err := Load(spec.Files)
	require.NoError(t, err)
	return c
}

// list is an answer of DescribeInstances with rows.
func list(rows ...string) string {
	return `{"requestId":"T1","response":{"requestId":"T1","totalCount":1,"dataSet":[` + strings.Join(rows, ",") + `]}}`
}

func answer200(op wire.Operation, body string) wire.Exchange {
	header := http.Header{"Content-Type": {"application/json"}}
	return wire.Exchange{Operation: op, Sent: wire.Sent{Method: http.MethodPost}, Received: &wire.Received{Status: 200, Header: header, Body: wire.Body(body)}}
}

// TestLongArraysAreJudgedAsShortOnes holds what is found in an array that is judged item
// by item against what the library finds in all of it at once.
func TestLongArraysAreJudgedAsShortOnes(t *testing.T) {
	c := loaded(t)
	const good = `{"instanceId":"i","instanceName":"n","instanceType":"z2a.cpu.1","status":"STOPPED","cpu":1,"memory":2}`
	var whole checker
	for _, op := range c.operations {
		if op.key.Action == "DescribeInstances" {
			whole = op.answers[200].check
		}
	}
	for name, faulty := range map[string][]string{
		"none": {good}, "no members": {"{}"}, "not an object": {"7", "null"}, "members of other types": {`{"instanceId":1,"status":[]}`, good},
		"a value that is none": {`{"instanceId":"i","instanceType":"t","status":"NEVER"}`},
	} {
		for _, place := range []int{0, 99, 250} {
			rows := slices.Repeat([]string{good}, 300)
			rows = slices.Insert(rows, place, faulty...)
			for _, body := range []string{list(rows...), strings.Replace(list(rows...), `"requestId":"T1","totalCount":1`, `"totalCount":"1"`, 1)} {
				value, broken := readBody([]byte(body))
				require.Nil(t, broken)
				kinds := map[string]bool{}
				for _, v := range whole.all(value) {
					kinds[kindOf(v)] = true
				}
				found := map[string]bool{}
				for _, v := range whole.violations(value) {
					found[kindOf(v)] = true
				}
				assert.Equal(t, kinds, found, "%s at %d", name, place)
			}
		}
	}
}

// TestManyRowsAreJudgedInBoundedMemory judges 330,000 rows that break every clause of a row.
func TestManyRowsAreJudgedInBoundedMemory(t *testing.T) {
	c := loaded(t)
	var op *operation
	for _, each := range c.operations {
		if each.key.Action == "DescribeInstances" {
			op = each
		}
	}
	body := list(slices.Repeat([]string{"{}"}, 330_000)...)
	judge := c.NewJudge()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	judgement := judge.Exchange(answer200(op.key, body))
	runtime.ReadMemStats(&after)
	assert.NotEmpty(t, judgement.Findings)
	assert.LessOrEqual(t, len(judgement.Findings), maxViolations)
	runtime.GC()
	var left runtime.MemStats
	runtime.ReadMemStats(&left)
	assert.Less(t, left.HeapAlloc, before.HeapAlloc+4<<20, "nothing of the rows is kept")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(100<<20), "in all, most of it the values")
}
