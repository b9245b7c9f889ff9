package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestWhatNobodyJudgesMayChangeAnInstance: an action that the contract does not have, and another
// version of one, stand in the traffic without being judged. What they name may be changed or gone.
func TestWhatNobodyJudgesMayChangeAnInstance(t *testing.T) {
	c := theContract(t)
	before, after, gone := shows("i-1", "STOPPED"), shows("i-1", "IMAGING"), ask(statuses, `{"instanceIds":["i-1"]}`, rows())
	for name, row := range map[string]struct {
		body   string
		status int
		then   call
		broken []string
	}{
		"it names the instance":         {`{"instanceId":"i-1"}`, 200, after, nil},
		"it names it deep inside":       {`{"of":[{"id":"i-1"}]}`, 200, after, nil},
		"it removes the instance":       {`{"instanceId":"i-1"}`, 200, gone, nil},
		"its body cannot be read":       {``, 200, after, nil},
		"it names another one":          {`{"instanceId":"i-2"}`, 200, after, []string{"C-STATUS-TRUE"}},
		"it names another one, and i-1": {`{"instanceId":"i-2"}`, 200, gone, []string{"C-STATUS-FILTER"}},
		"it is refused":                 {`{"instanceId":"i-1"}`, 400, after, []string{"C-STATUS-TRUE"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := account.New(account.Read(c), account.Options{Exclusive: true})
			op, known := c.Operation(statuses)
			require.True(t, known)
			other := call{action: "CreateImage", body: row.body, status: row.status}.exchange(2, wire.Operation{Path: op.Path, Action: "CreateImage", Version: op.Version})
			broken := []string{}
			take := func(found []account.Finding) {
				for _, f := range found {
					broken = append(broken, f.Clause)
				}
			}
			take(j.Add("1", before.exchange(1, op), false))
			j.Other(other)
			take(j.Add("3", row.then.exchange(3, op), false))
			take(j.End())
			assert.Equal(t, append([]string{}, row.broken...), broken)
		})
	}
}

// TestWhatTheServiceDoesByItself: what is released or in the recycle bin goes, and a recording may begin
// in the middle of a change, which one of two readers shows late.
func TestWhatTheServiceDoesByItself(t *testing.T) {
	c := theContract(t)
	gone := ask(statuses, `{"instanceIds":["i-1"]}`, rows())
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"a released instance goes":               {[]call{shows("i-1", "RELEASING"), gone}, nil},
		"one in the recycle bin goes":            {[]call{shows("i-1", "RECYCLE"), gone}, nil},
		"one in the recycle bin is destroyed":    {[]call{shows("i-1", "RECYCLE"), shows("i-1", "RECYCLING")}, nil},
		"a released instance is absent":          {[]call{shows("i-1", "RELEASING"), refused("StartInstances", `{"instanceIds":["i-1"]}`, 404, "INVALID_INSTANCE_NOT_FOUND")}, nil},
		"a stopped instance is absent":           {[]call{shows("i-1", "STOPPED"), refused("StartInstances", `{"instanceIds":["i-1"]}`, 404, "INVALID_INSTANCE_NOT_FOUND")}, []string{"A-START-CARRIED-OUT"}},
		"a change that one reader shows late":    {[]call{has("i-1", "STOPPED", "a"), resize("i-1", "b"), shows("i-1", "RESIZING"), has("i-1", "STOPPED", "a"), refused(modify, resize("i-1", "c").body, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")}, nil},
		"a change that is over for both readers": {append(resized(), refused(modify, resize("i-1", "a").body, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")), []string{"M-RESIZE"}},
		"a stopped instance goes":                {[]call{shows("i-1", "STOPPED"), gone}, []string{"C-STATUS-FILTER"}},
		"a stopped one is in the recycle bin":    {[]call{shows("i-1", "STOPPED"), shows("i-1", "RECYCLE")}, []string{"C-STATUS-TRUE"}},
		"a change began before":                  {[]call{shows("i-1", "STOPPED"), shows("i-1", "RESIZING"), shows("i-1", "STOPPED")}, nil},
		"a change began before, one read lags":   {[]call{shows("i-1", "RESIZING"), has("i-1", "STOPPED", "a"), shows("i-1", "RESIZING"), has("i-1", "STOPPED", "b")}, nil},
		"a change begins by itself after a call": {append(resized(), shows("i-1", "RUNNING")), []string{"M-RESIZE-STOPPED"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, append([]string{}, row.broken...), clauses(t, c, true, row.session))
		})
	}
}
