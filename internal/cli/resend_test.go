package cli_test

import (
	"bufio"
	"html"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
)

// TestASignedHeaderServesAnotherProgram sends what --sign prints by other means.
func TestASignedHeaderServesAnotherProgram(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	e := b.command("call", "DescribeInstancesStatus", "--sign", "--data", `{"pageSize":1}`)
	require.Zero(t, e.code, e.err)
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(e.out + "\r\n"))).ReadMIMEHeader()
	require.NoError(t, err)
	for body, status := range map[string]int{`{"pageSize":1}`: http.StatusOK, `{"pageSize":2}`: http.StatusUnauthorized} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.endpoint+"/api/v2/zec", strings.NewReader(body))
		require.NoError(t, err)
		req.Header = http.Header(header)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, status, resp.StatusCode, body)
	}
	assert.NotContains(t, e.out, "password")

	refused := b.command("call", "ModifyInstanceType", "--sign")
	assert.Equal(t, 2, refused.code)
	assert.Contains(t, refused.err, "what another program changes nobody restores")
}

// TestAnExchangeCanBeSentAgain takes the commands out of a report's page.
func TestAnExchangeCanBeSentAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	require.Zero(t, b.run("--scenario", "resize-succeeds", "--format", "html").code)
	page, err := os.ReadFile(filepath.Join(b.dir, "reports", "report.html"))
	require.NoError(t, err)
	var changing, reading, curl int
	for _, m := range regexp.MustCompile(`class="resend soft">.*? <code>([^<]*)</code>`).FindAllStringSubmatch(string(page), -1) {
		command := html.UnescapeString(m[1])
		require.True(t, strings.HasPrefix(command, "conformance call --config '"+b.config+"' --target 'it' --out '"), command)
		assert.NotContains(t, command, "Signature")
		switch {
		case strings.Contains(command, " --sign | curl --header @- --data-raw '"):
			curl++
			assert.NotContains(t, command, "ModifyInstanceType")
		case strings.Contains(command, " 'ModifyInstanceType' --data '{"):
			changing++
		default:
			reading++
		}
	}
	assert.NotZero(t, changing)
	assert.NotZero(t, reading)
	assert.Equal(t, reading, curl)
}
