package mockserver

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "mock.md"))
	require.NoError(t, err)
	return string(text)
}

func TestTheSeedOfThePageIsRead(t *testing.T) {
	block := regexp.MustCompile("(?s)```yml\n(# seed.yaml.*?)```").FindStringSubmatch(page(t))
	require.NotNil(t, block)
	s, err := New(Options{Seed: document(t, block[1])})
	require.NoError(t, err)
	assert.Len(t, s.Document().Instances, 2)
}

// TestTheRequestsOfThePageAreServed sends each request of the table of the control interface.
func TestTheRequestsOfThePageAreServed(t *testing.T) {
	rows := regexp.MustCompile("`(GET|POST|PATCH|DELETE) (/[a-zA-Z/]*)`(?: `({[^`]*})`)?(?:, `({[^`]*})`)?").FindAllStringSubmatch(page(t), -1)
	sent := map[string]bool{}
	for _, row := range rows {
		if strings.HasSuffix(row[2], "z") { // health and readiness
			continue
		}
		_, do := controlled(t, Options{})
		bodies := row[3:4]
		if row[4] != "" {
			bodies = row[3:]
		}
		for _, body := range bodies {
			status, got := do(row[1], strings.Replace(row[2], "ID", "ins-000005", 1), body)
			assert.Less(t, status, 300, "%s %s %s: %s", row[1], row[2], body, got.Raw)
		}
		sent[row[1]+" "+row[2]] = true
	}
	assert.Len(t, sent, 14, "each of them is on the page")
}

func TestTheCurlOfThePageIsServed(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	block := regexp.MustCompile("(?s)```sh\n(curl .*?)```").FindStringSubmatch(page(t))
	require.NotNil(t, block)
	_, served := started(t, Options{})
	cmd := exec.CommandContext(t.Context(), "sh", "-c", block[1])
	cmd.Env = append(os.Environ(), "URL="+served.URL)
	out, err := cmd.Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), `"status":"STOPPED"`)
}
