package recording

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// TestWhatRecordersWrite reads a small recording of each recorder. Each holds a read of
// ins-000005 and a resize of it to a type that does not exist, in this order.
func TestWhatRecordersWrite(t *testing.T) {
	for name, row := range map[string]struct {
		actions []string // "" for what a browser asks for besides
		bearer  bool
	}{
		"chrome.har":                 {[]string{"", "", "DescribeInstancesStatus", "ModifyInstanceType", "DescribeInstances"}, true},
		"chrome-sanitized.har":       {[]string{"", "", "DescribeInstancesStatus", "ModifyInstanceType", "DescribeInstances"}, false},
		"firefox.har":                {[]string{"", "DescribeInstancesStatus", "", "ModifyInstanceType", "DescribeInstances"}, true},
		"playwright.har":             {[]string{"", "DescribeInstancesStatus", "ModifyInstanceType", "DescribeInstances"}, true},
		"mitmproxy.har":              {[]string{"", "DescribeInstancesStatus", "ModifyInstanceType"}, true},
		"newman.json":                {[]string{"DescribeInstancesStatus", "ModifyInstanceType"}, true},
		"charles.made.har":           {[]string{"DescribeInstancesStatus", "ModifyInstanceType"}, true},
		"fiddler.made.har":           {[]string{"DescribeInstancesStatus", "ModifyInstanceType"}, true},
		"k6-studio.made.har":         {[]string{"DescribeInstancesStatus", "ModifyInstanceType"}, true},
		"mitmproxy-savehar.made.har": {[]string{"DescribeInstancesStatus", "ModifyInstanceType"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			all := read(t, "", filepath.Join("testdata", "recorders", name))
			assert.Equal(t, row.actions, actions(all))
			for _, e := range all {
				x := e.Exchange
				assert.True(t, x.Judgeable(), "entry %d: %s", e.Number, x.Detail)
				assert.False(t, x.Timing.Start.IsZero(), "entry %d has no time", e.Number)
				if x.Operation.Action == "" {
					continue
				}
				assert.NotZero(t, x.Timing.End, "entry %d took no time", e.Number)
				assert.Equal(t, "/api/v2/zec", x.Operation.Path)
				assert.Equal(t, "2024-04-01", x.Operation.Version)
				assert.Contains(t, string(x.Sent.Body), "ins-000005")
				require.True(t, gjson.ValidBytes(x.Received.Body), "entry %d: %s", e.Number, x.Received.Body)
				assert.NotEmpty(t, gjson.GetBytes(x.Received.Body, "requestId").Str)
				assert.Equal(t, row.bearer, x.Sent.Header.Get("Authorization") == "Bearer mock-token")
				if x.Operation.Action == "ModifyInstanceType" {
					assert.Equal(t, 404, x.Received.Status)
				}
			}
		})
	}
}
