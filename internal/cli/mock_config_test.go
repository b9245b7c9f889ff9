package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/yamlfile"
)

func TestTheConfigurationOfAMockIsReadAsItWasSeeded(t *testing.T) {
	m := mock.New(mock.Options{
		Credentials: mock.Credentials{KeyID: "key", Password: "it's $HOME", Token: "a;b"},
		Types:       []mock.Type{{ID: "no", CPU: 1, Memory: 1, Use: mock.UseResizable}, {ID: "a, b: c\n- d", CPU: 1, Memory: 1, Use: mock.UseResizable}},
	})
	_, err := m.Add(mock.State{Instance: mock.Instance{ID: "null", Type: "a, b: c\n- d"}})
	require.NoError(t, err)
	_, err = m.Add(mock.State{Instance: mock.Instance{ID: "1e3"}})
	require.NoError(t, err)
	text := summary(m, m.Instances(), "http://127.0.0.1:1", "/tmp/my, own/ca.pem")

	var file struct {
		Targets map[string]struct {
			Instances     []map[string]string `yaml:"instances"`
			InstanceTypes map[string][]string `yaml:"instanceTypes"`
			TLS           map[string]string   `yaml:"tls"`

			Rest map[string]any `yaml:",inline"`
		} `yaml:"targets"`
	}
	require.NoError(t, yamlfile.Load("conformance.yaml", []byte(text), &file), text)
	got := file.Targets["mock"]
	require.Len(t, got.Instances, 2)
	assert.Equal(t, []string{"null", "1e3"}, []string{got.Instances[0]["id"], got.Instances[1]["id"]})
	assert.Equal(t, []string{"no", "a, b: c\n- d"}, got.InstanceTypes["resizable"])
	assert.Equal(t, "/tmp/my, own/ca.pem", got.TLS["caFile"])
	assert.Contains(t, text, `ZENLAYERCLOUD_ACCESS_KEY_PASSWORD='it'\''s $HOME' ZENLAYER_TOKEN='a;b'`)
}
