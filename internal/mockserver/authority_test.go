package mockserver

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAuthorityIsUsedAgain(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "authority")
	_, caFile, err := Authority(folder, nil)
	require.NoError(t, err)
	ca, err := os.ReadFile(caFile)
	require.NoError(t, err)
	config, again, err := Authority(folder, []string{"mock", "zec.local", "10.1.2.3"})
	require.NoError(t, err)
	assert.Equal(t, caFile, again)
	same, err := os.ReadFile(caFile)
	require.NoError(t, err)
	assert.Equal(t, ca, same)

	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(ca), "it was trusted at the first start")
	leaf, err := x509.ParseCertificate(config.Certificates[0].Certificate[0])
	require.NoError(t, err)
	for _, name := range []string{"mock", "zec.local", "10.1.2.3", "127.0.0.1", "localhost", "::1"} {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
		assert.NoError(t, err, name)
	}
	_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "elsewhere"})
	require.Error(t, err)
	info, err := os.Stat(filepath.Join(folder, authorityKey))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestAnAuthorityThatIsNoneIsLeftAlone(t *testing.T) {
	for name, spoil := range map[string]func(folder string) error{
		"half of it": func(folder string) error { return os.Remove(filepath.Join(folder, authorityKey)) },
		"no PEM": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, authorityCert), []byte("no"), 0o600)
		},
	} {
		folder := t.TempDir()
		_, _, err := Authority(folder, nil)
		require.NoError(t, err)
		require.NoError(t, spoil(folder))
		_, _, err = Authority(folder, nil)
		require.ErrorContains(t, err, "remove ca.pem and ca.key in it for a new one", name)
	}
}
