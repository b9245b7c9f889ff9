package target

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAProxyOfTheEnvironmentDoesNotPassResolveOver: a proxy would look the host up itself.
func TestAProxyOfTheEnvironmentDoesNotPassResolveOver(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"ALL_PROXY": "socks5://127.0.0.1:1080", "HTTPS_PROXY": "http://127.0.0.1:3128"}[name]
	}
	endpoint, err := url.Parse("https://api.example.com")
	require.NoError(t, err)
	proxied := func(c Config) bool {
		c.Endpoint = endpoint.String()
		connection, err := c.connection(env)
		require.NoError(t, err)
		proxy, err := connection.ProxyOf(endpoint)
		require.NoError(t, err)
		return proxy != nil
	}
	assert.True(t, proxied(Config{}))
	assert.False(t, proxied(Config{Resolve: []string{"api.example.com:443:127.0.0.1"}}))
}

// TestPlainHTTPToThisMachineStaysHere names this machine in each way that may go without TLS.
func TestPlainHTTPToThisMachineStaysHere(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"ALL_PROXY": "http://proxy.example.com:3128"}[name]
	}
	for address, proxied := range map[string]bool{
		"http://localhost:8080": false, "http://localhost.:8080": false, "http://LOCALHOST.": false, "http://127.0.0.2": false, "http://[::1]:8080": false,
		"http://localhost.example.com": true, "http://10.0.0.7": true,
	} {
		endpoint, err := url.Parse(address)
		require.NoError(t, err)
		connection, err := Config{Endpoint: address}.connection(env)
		require.NoError(t, err)
		proxy, err := connection.ProxyOf(endpoint)
		require.NoError(t, err)
		assert.Equal(t, proxied, proxy != nil, address)
	}
}
