package journal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheStateFolder(t *testing.T) {
	for name, c := range map[string]struct {
		system string
		env    map[string]string
		want   string
	}{
		"named":                   {"linux", map[string]string{"XDG_STATE_HOME": "/var/state", "HOME": "/home/u"}, "/var/state/zec-conformance"},
		"named, on a Mac":         {"darwin", map[string]string{"XDG_STATE_HOME": "/var/state", "HOME": "/home/u"}, "/var/state/zec-conformance"},
		"named relatively: void":  {"linux", map[string]string{"XDG_STATE_HOME": "state", "HOME": "/home/u"}, "/home/u/.local/state/zec-conformance"},
		"Linux":                   {"linux", map[string]string{"HOME": "/home/u"}, "/home/u/.local/state/zec-conformance"},
		"macOS":                   {"darwin", map[string]string{"HOME": "/home/u"}, "/home/u/Library/Application Support/zec-conformance"},
		"Windows":                 {"windows", map[string]string{"LOCALAPPDATA": "/local", "HOME": "/home/u"}, "/local/zec-conformance"},
		"an environment of a job": {"linux", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, filepath.ToSlash(stateFolder(c.system, func(name string) string { return c.env[name] })))
		})
	}
}

func TestAnEndpointIsHostAndPort(t *testing.T) {
	for address, want := range map[string]string{
		"https://api.example.com":       "api.example.com:443",
		"HTTPS://API.Example.com.:443/": "api.example.com:443",
		"http://api.example.com":        "api.example.com:80",
		"http://127.0.0.1:8080":         "127.0.0.1:8080",
		"http://localhost:8080":         "localhost:8080",
		"https://[2001:DB8:0::1]:8443":  "[2001:db8::1]:8443",
	} {
		got, err := Endpoint(address)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := Endpoint("api.example.com")
	require.ErrorContains(t, err, "is no endpoint")
}

func TestEveryTargetHasAJournalOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]string{}
	for _, name := range []string{"staging", "测试", "生产", "ステージング", "a/b", "a_b", "a:b", "_", "..", "x y", "", string(make([]byte, 300))} {
		file := File(dir, name)
		assert.Equal(t, dir, filepath.Dir(file), name)
		assert.Less(t, len(filepath.Base(file)), 120)
		assert.Empty(t, seen[file], "%q and %q", name, seen[file])
		seen[file] = name + " "
	}
	assert.Equal(t, "journal-staging.jsonl", filepath.Base(File(dir, "staging")))
}

// TestTheJournalOfAnEarlierVersionIsFound: it named those of several targets alike.
func TestTheJournalOfAnEarlierVersionIsFound(t *testing.T) {
	dir := t.TempDir()
	shared := filepath.Join(dir, "journal-_.jsonl")
	require.NoError(t, os.WriteFile(shared, []byte(`{"mark":"target","target":"测试","endpoint":"https://api.example.com"}`+"\n"), 0o600))
	assert.Equal(t, shared, File(dir, "测试"))
	assert.NotEqual(t, shared, File(dir, "生产"))
}
