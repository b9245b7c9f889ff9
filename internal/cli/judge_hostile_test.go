package cli_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAHostileRecordingHarmsNoReport judges a recording with scripts and terminal escapes in
// every member that has a text, and credentials of unknown value.
func TestAHostileRecordingHarmsNoReport(t *testing.T) {
	const evil = "</script><script>alert(1)</script>]]>\x1b[2J\x1b]0;title\x07\u202e\r\n::error::x"
	quoted := func(text string) string {
		out, err := json.Marshal(text)
		require.NoError(t, err)
		return string(out)
	}
	answer := quoted(`{"requestId":` + quoted(evil) + `,"response":{"requestId":` + quoted(evil+"2") + `,"totalCount":1,"dataSet":[{"instanceId":` + quoted(evil) + `,"instanceStatus":` + quoted(evil) + `}]}}`)
	entry := func(n int) string {
		return fmt.Sprintf(`{"startedDateTime":"2026-11-26T12:00:0%dZ","time":1,"_findings":[%s],"comment":%[3]s,"request":{"method":"POST","url":"https://host.example/api/v2/zec?token=unknown-secret-1#<script>","headers":[
{"name":"content-type","value":"application/json"},{"name":"x-zc-action","value":"DescribeInstancesStatus"},{"name":"x-zc-version","value":"2024-04-01"},
{"name":"Authorization","value":"unknown-secret-2"},{"name":"Cookie","value":"sid=unknown-secret-3"},{"name":"X-Api-Key","value":"unknown-secret-4"},{"name":%[3]s,"value":%[3]s}],
"postData":{"mimeType":%[3]s,"text":%[4]s}},"response":{"status":200,"statusText":%[3]s,"httpVersion":%[3]s,"headers":[{"name":"Set-Cookie","value":"sid=unknown-secret-5"},{"name":"content-type","value":%[3]s}],
"content":{"size":-1,"text":%[5]s}}}`, n, quoted("C-STATUS-TOTAL (C): "+evil), quoted(evil), quoted(`{"instanceIds":[`+quoted(evil+"3")+`]}`), answer)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "hostile.har")
	require.NoError(t, os.WriteFile(file, []byte(`{"log":{"version":"1.2","creator":{"name":`+quoted(evil)+`},"comment":`+quoted(evil)+`,"entries":[`+entry(1)+","+entry(2)+`]}}`), 0o600))
	out := filepath.Join(dir, "judged")
	code, stdout, stderr := call(t, nil, "judge", "--exclusive", "--format", "json,html,junit,har,md,ctrf,messages", "--out", out, file)
	assert.Equal(t, 1, code, stderr)
	shown := map[string]string{"stdout": stdout, "stderr": stderr}
	files, err := os.ReadDir(out)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 5)
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(out, f.Name()))
		require.NoError(t, err)
		shown[f.Name()] = string(text)
	}
	for name, text := range shown {
		assert.NotContains(t, text, "unknown-secret", name)
		assert.NotContains(t, text, "\x1b", name)
		if strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".md") {
			assert.NotContains(t, text, "<script>alert", name)
		}
		if strings.HasSuffix(name, ".xml") {
			dec := xml.NewDecoder(strings.NewReader(text))
			for err = nil; err == nil; _, err = dec.Token() {
			}
			assert.True(t, errors.Is(err, io.EOF), "%s: %v", name, err)
		}
	}
}
