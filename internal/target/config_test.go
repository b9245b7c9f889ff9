package target

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/spec"
)

// readLines reads the configuration of the target "it", whose keys stand from line 3 on.
func readLines(t *testing.T, lines string) (Config, string, error) {
	t.Helper()
	loaded, err := contract.Load(spec.Files)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "c.yaml")
	text := "targets:\n  it:\n"
	for line := range strings.Lines(lines) {
		text += "    " + line
	}
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	c, err := ReadConfig(file, "it", loaded)
	return c, file, err
}

const address = "endpoint: https://api.example.com\n"

func TestAWrongValueIsRefusedWithItsLine(t *testing.T) {
	for lines, want := range map[string]string{
		`allowResize: "yes"`:  `:4: allowResize: want true or false, without quotes`,
		`allowResize: yes`:    `:4: allowResize: want true or false`,
		`allowResize: "true"`: `:4: allowResize: want true or false`,
		`allowResize: 1`:      `:4: allowResize: want true or false`,
		`allowResize:`:        `:4: allowResize: it has no value`,
		`production: on`:      `:4: production: want true or false`,
		`generate: [true]`:    `:4: generate: want one value`,

		`allow: ModifyInstanceType`:                            `:4: allow: want a list`,
		"allow:\n  - ModifyInstanceType\n  - EraseEverything":  `:6: allow: "EraseEverything" is no action of the contract: use some of ModifyInstanceType`,
		`allow: [modifyinstancetype]`:                          `:4: allow: "modifyinstancetype" is no action`,
		`allow: [DescribeInstances]`:                           `:4: allow: DescribeInstances only reads`,
		`allow: [ModifyInstanceType, ModifyInstanceType]`:      `:4: allow: ModifyInstanceType is listed twice`,
		"allow: [ModifyInstanceType]\nallowResize: false":      `:5: allowResize: false contradicts allow, which lists ModifyInstanceType: remove one of them`,
		"proxy: 'http://127.0.0.1:99999'":                      `:4: proxy: "http://127.0.0.1:99999" has no possible port: give 1 to 65535`,
		"instances:\n  - ~\n  - {id: ins-a1, status: STOPPED}": `:5: instances: an item has no value: give one, or remove it`,

		`allow: ["*"]`: `:4: allow: "*" is no action`,

		"instances:\n  - {id: ins-a1, status: STOPPED}\n  - {id: 'ins-a1 ', status: STOPPED}": `:6: instances: "ins-a1 " is no id of an instance`,
		"instances:\n  - {id: ins-a1, status: STOPPED}\n  - {id: INS-A1, status: STOPPED}":    `:6: instances: instance INS-A1 is listed twice`,
		"instances:\n  - {id: \"*\", status: STOPPED}":                                        `:5: instances: "*" is no id`,
		"instances:\n  - {id: \"ins-\u200ba1\", status: STOPPED}":                             `:5: instances: "ins-\u200ba1" is no id`,
		"instances:\n  - {id: \"ins-\\ta1\", status: STOPPED}":                                `:5: instances: "ins-\ta1" is no id`,
		"instances:\n  - {id: \"ins-a1,ins-a2\", status: STOPPED}":                            `:5: instances: "ins-a1,ins-a2" is no id`,
		"instances:\n  - {id: \"\", status: STOPPED}":                                         `:5: instances: an instance has no id`,
		"instances:\n  - {status: STOPPED}":                                                   `:5: instances: an instance has no id`,
		"instances:\n  - {id: true, status: STOPPED}":                                         `:5: id: want a text`,
		"instances:\n  - {id: ins-a1}":                                                        `:5: instances: instance ins-a1: "" is no documented status`,
		"instances:\n  - {id: ins-a1, status: stopped}":                                       `:5: instances: instance ins-a1: "stopped" is no documented status`,
		"instances:\n  - {id: ins-a1, status: STOPPED, gpu: \"no\"}":                          `:5: gpu: want true or false`,
		"instances:\n  - {id: ins-a1, status: STOPPED, zone: x}":                              `:5: unknown key "zone"`,
		"instances:\n  - {id: ins-a1, id: ins-a2, status: STOPPED}":                           `:5: `,
		"instances:\n  - ins-a1":                                                              `:5: instances: want keys`,
		"instances: {id: ins-a1}":                                                             `:4: instances: want a list`,
		"instanceTypes:\n  resizable: [small, small]":                                         `:5: instanceTypes: small is listed twice`,
		"instanceTypes:\n  resizable: [small]\n  unsupported: [small]":                        `: instanceTypes: small is listed twice`,
		"instanceTypes:\n  resizable: ['small ']":                                             `:5: instanceTypes: "small " is no instance type`,
		"instanceTypes:\n  resizable: small":                                                  `:5: resizable: want a list`,

		`parallel: 0`:                          `:4: parallel: 0 scenarios at once`,
		`parallel: -1`:                         `:4: parallel: -1 scenarios at once`,
		`parallel: 100000`:                     `:4: parallel: 100000 scenarios at once`,
		`parallel: "2"`:                        `:4: parallel: want a whole number`,
		`parallel: 1.5`:                        `:4: parallel: want a whole number`,
		`requestsPerSecond: .nan`:              `:4: requestsPerSecond: want a number`,
		`requestsPerSecond: .inf`:              `:4: requestsPerSecond: want a number`,
		`requestsPerSecond: "5"`:               `:4: requestsPerSecond: want a number`,
		`requestsPerSecond: 0`:                 `:4: requestsPerSecond: 0: nothing could leave`,
		`requestsPerSecond: -2`:                `:4: requestsPerSecond: -2: nothing could leave`,
		`timing: {settle: 0s}`:                 `:4: timing: settle: 0 is no time`,
		`timing: {settle: 0}`:                  `:4: timing: settle: 0 is no time`,
		`timing: {settle: -1s}`:                `:4: timing: -1s is below zero`,
		`timing: {resizeTimeout: 5}`:           `:4: timing: resizeTimeout: want a time`,
		`timing: {settle: .nan}`:               `:4: timing: settle: want a time`,
		`timing: 5s`:                           `:4: timing: want keys`,
		`tls: {insecureSkipVerify: "false"}`:   `:4: insecureSkipVerify: want true or false`,
		`credentials: {keyIdEnv: my password}`: `:4: credentials: one of these is no name of a variable`,
		`credentials: {keyPasswordEnv: ""}`:    `:4: credentials: one of these is no name of a variable`,
		`allowsResize: true`:                   `:4: unknown key "allowsResize"`,
	} {
		_, file, err := readLines(t, address+lines+"\n")
		if assert.Error(t, err, lines) {
			assert.True(t, strings.HasPrefix(err.Error(), file+":"), err)
			assert.Contains(t, err.Error(), want, lines)
			assert.NotContains(t, err.Error(), "\n", lines)
			assert.NotContains(t, err.Error(), "my password", "it may be a secret")
		}
	}
}

func TestAConfigurationMeansWhatItSays(t *testing.T) {
	c, _, err := readLines(t, address+"allowResize: true\nparallel: 3\nrequestsPerSecond: 0.5\ntiming: {settle: 1m}\ninstances:\n"+
		"  - &first {id: 1305623471299530496, status: STOPPED}\n  - {<<: *first, id: ins-b7, gpu: true}\ninstanceTypes:\n")
	require.NoError(t, err)
	assert.True(t, c.Allows("ModifyInstanceType"), "allowResize is the short form")
	assert.False(t, c.Allows("DescribeInstances"))
	assert.Equal(t, []Listed{{ID: "1305623471299530496", Status: "STOPPED"}, {ID: "ins-b7", Status: "STOPPED", GPU: true}}, c.Instances)
	assert.Equal(t, 3, c.Parallel)
	assert.InDelta(t, 0.5, c.RequestsPerSecond, 0)
	assert.Equal(t, Timing{ResizeTimeout: 15 * time.Minute, RestoreTimeout: time.Hour, PollInterval: 2 * time.Second, Settle: time.Minute, RequestTimeout: 30 * time.Second}, c.Timing)

	c, _, err = readLines(t, address+"allow: [ModifyInstanceType]\n")
	require.NoError(t, err)
	assert.True(t, c.Allows("ModifyInstanceType"))
	c, _, err = readLines(t, address)
	require.NoError(t, err)
	assert.Empty(t, c.Allow)
	assert.Equal(t, time.Hour, c.Timing.RestoreTimeout, "four times the time of a resize")
}

func TestAFlagHasNoLines(t *testing.T) {
	loaded, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for endpoint, want := range map[string]string{
		"ftp://a.test":            `--endpoint: "ftp://a.test" is no endpoint: give scheme://host[:port] and perhaps a base path`,
		"https://127.0.0.1:99999": `--endpoint: "https://127.0.0.1:99999" has no possible port: give 1 to 65535`,
	} {
		_, err := ConfigAt(endpoint, func(string) string { return "" }, loaded)
		assert.EqualError(t, err, want)
	}
}

func TestTargetsAreNamedOnOneLine(t *testing.T) {
	loaded, err := contract.Load(spec.Files)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(file, []byte("targets:\n  \"a\\nb\": {endpoint: https://a.test}\n  \"\": {endpoint: https://a.test}\n  c: {endpoint: https://a.test}\n"), 0o600))
	_, err = ReadConfig(file, "it", loaded)
	assert.EqualError(t, err, file+`: no target "it": it has "", "a\nb", c`)
}
