package target_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/spec"
)

// reach examines a target that is reached in some way, as doctor does, and returns what it
// found, a line for each check.
func reach(t *testing.T, config string, env map[string]string) string {
	t.Helper()
	api, err := contract.Load(spec.Files)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	require.NoError(t, os.WriteFile(file, []byte("targets:\n  it:\n    "+strings.ReplaceAll(strings.TrimSpace(config), "\n", "\n    ")+"\n"), 0o600))
	c, err := target.ReadConfig(file, "it", api)
	if err != nil {
		return err.Error()
	}
	remote, err := target.Open(c, target.Access{
		Env: func(name string) string { return env[name] }, Contract: api, Filter: secret.NewFilter(), Journal: t.TempDir(), State: t.TempDir(), GaveUp: context.Background(),
	})
	if err != nil {
		return err.Error()
	}
	defer func() { assert.NoError(t, remote.Close()) }()
	checks, err := remote.Examine(t.Context())
	require.NoError(t, err)
	var lines []string
	for _, check := range checks {
		lines = append(lines, fmt.Sprintf("%s: %s %s", check.Name[0], check.Found[0], check.Cause))
	}
	return strings.Join(lines, "\n")
}

// behind serves a mock over plain HTTP, for what stands in front of it.
func behind(t *testing.T) (address string, env map[string]string) {
	t.Helper()
	m := mock.New(mock.Options{})
	m.SeedAccount()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx, l, nil) }()
	t.Cleanup(func() { stop(); assert.NoError(t, <-served) })
	return l.Addr().String(), map[string]string{
		"ZENLAYERCLOUD_ACCESS_KEY_ID": "mock-key-id", "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD": "mock-key-password", "GATE": "opens-the-gate",
	}
}

// freePort returns a port that nobody listened on a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

// program starts a server that is installed, and waits until it listens.
func program(t *testing.T, port, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.Command(path, args...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, time.Minute, 20*time.Millisecond, "%s does not listen: %s", name, &said)
}

// papers are certificates of one authority, in a folder: ca.pem, server.pem with server.key,
// and client.pem with client.key.
func papers(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	now := time.Now()
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		return k
	}
	write := func(name, kind string, der []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	}
	caKey := key()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	require.NoError(t, err)
	write("ca.pem", "CERTIFICATE", der)
	for i, who := range []string{"server", "client"} {
		leafKey := key()
		leaf := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i + 2)), Subject: pkix.Name{CommonName: who}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, DNSNames: names,
		}
		der, err := x509.CreateCertificate(rand.Reader, leaf, ca, leafKey.Public(), caKey)
		require.NoError(t, err)
		write(who+".pem", "CERTIFICATE", der)
		keyDER, err := x509.MarshalPKCS8PrivateKey(leafKey)
		require.NoError(t, err)
		write(who+".key", "PRIVATE KEY", keyDER)
	}
	return folder
}

const haproxyConfig = `
defaults
  mode tcp
  timeout connect 5s
  timeout client 20s
  timeout server 20s
frontend names
  bind 127.0.0.1:%[1]s
  tcp-request inspect-delay 5s
  tcp-request content accept if { req_ssl_hello_type 1 }
  use_backend blue if { req_ssl_sni -i blue.example.test }
backend blue
  server blue 127.0.0.1:%[2]s
`

// TestBehindHAProxy goes through a load balancer that tells its backends apart by the name
// that a handshake asks for, where the endpoint is addressed by a tunnel's own address.
func TestBehindHAProxy(t *testing.T) {
	m := mock.New(mock.Options{})
	m.SeedAccount()
	serving, ca, err := mock.SelfMade(time.Now(), "blue.example.test")
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx, l, serving) }()
	t.Cleanup(func() { stop(); assert.NoError(t, <-served) })
	_, backend, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	folder, port := t.TempDir(), freePort(t)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.pem"), ca, 0o600))
	file := filepath.Join(folder, "haproxy.cfg")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, haproxyConfig, port, backend), 0o600))
	program(t, port, "haproxy", "-db", "-f", file)
	env := map[string]string{"ZENLAYERCLOUD_ACCESS_KEY_ID": "mock-key-id", "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD": "mock-key-password"}
	config := "endpoint: https://127.0.0.1:" + port + "\ntls: {caFile: " + folder + "/ca.pem, serverName: blue.example.test}"
	found := reach(t, config, env)
	assert.Contains(t, found, "connection: the certificate has to be for blue.example.test")
	assert.Contains(t, found, "is accepted")
	assert.NotContains(t, reach(t, strings.Replace(config, ", serverName: blue.example.test", "", 1), env), "is accepted", "no backend has that name")
	assert.Contains(t, reach(t, strings.Replace(config, "blue.example.test", "console.zenlayer.com", 1), env), "is the production host")
}

func TestATokenFromAFileOrACommand(t *testing.T) {
	address, _ := behind(t)
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("mock-token\n"), 0o600))
	for from, way := range map[string]string{
		"tokenFile: " + file:                "with a token from the file " + file,
		`tokenCommand: [cat, ` + file + `]`: "with a token from the command cat",
	} {
		found := reach(t, "endpoint: http://"+address+"\ncredentials: {"+from+"}", nil)
		assert.Contains(t, found, way)
		assert.Contains(t, found, "is accepted")
	}
	for from, message := range map[string]string{
		"tokenFile: " + file + ".none":     "credentials.tokenFile: open ",
		`tokenCommand: ["false"]`:          "credentials.tokenCommand false: exit status 1",
		`tokenCommand: [echo, two, words]`: "it gives more than one word",
		`tokenCommand: ["true"]`:           "it gives no token",
		`tokenCommand: [printf, abc]`:      "too short to be kept out of reports",
		"tokenFile: a, tokenCommand: [b]":  "give one of them",
		"tokenEnv: A, tokenFile: a":        "give one of them",
		"tokenFile: a, tokenCommand: b":    "want a list",
	} {
		assert.Contains(t, reach(t, "endpoint: http://"+address+"\ncredentials: {"+from+"}", nil), message)
	}
}

func TestAWayThatCannotBeIsRefused(t *testing.T) {
	env := map[string]string{"ZENLAYERCLOUD_ACCESS_KEY_ID": "id", "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD": "a-password", "SHORT": "abc", "LINES": "opens\nthe-gate"}
	for config, message := range map[string]string{
		"endpoint: https://a.test/../b":                                                           "give plain segments",
		"endpoint: https://a.test/x/%2e%2e":                                                       "give plain segments",
		"endpoint: https://a.test/api/v2/zec":                                                     "ends with the contract's own path",
		"endpoint: https://a.test/x?y":                                                            "it is no endpoint",
		"endpoint: https://a.test\nresolve: [a.test]":                                             "give host:port:address",
		"endpoint: https://a.test\nresolve: ['a.test:443:b.test']":                                "give host:port:address",
		"endpoint: https://a.test\nresolve: ['*:443:127.0.0.1']":                                  "give host:port:address",
		"endpoint: https://a.test\nproxy: b":                                                      "is no proxy",
		"endpoint: https://a.test\nproxy: http://u:secret@b":                                      "it is no proxy",
		"endpoint: https://a.test\nproxy: http://b\nresolve: ['a.test:443:::1']":                  "give resolve or proxy, not both",
		"endpoint: https://a.test\nheaders: {Authorization: A}":                                   "the header Authorization is the protocol's own",
		"endpoint: https://a.test\nheaders: {x-zc-action: A}":                                     "is the protocol's own",
		"endpoint: https://a.test\nheaders: {X_ZC_Action: A}":                                     "the header X_ZC_Action is the protocol's own",
		"endpoint: https://a.test\nheaders: {X-A: a value}":                                       "give the name of an environment variable, never the value",
		"endpoint: https://a.test\nheaders: {X-A: A, x-a: A}":                                     "is listed twice",
		"endpoint: https://a.test\nheaders: [X-A]":                                                "want keys with their values",
		"endpoint: https://a.test\nheaders: {X-A: UNSET}":                                         "UNSET is not set: export it",
		"endpoint: https://a.test\nheaders: {X-A: SHORT}":                                         "fewer than 6 bytes",
		"endpoint: https://a.test\nheaders: {X-A: LINES}":                                         "holds a line end",
		"endpoint: https://a.test\ntls: {certFile: a}":                                            "certFile and keyFile go together",
		"endpoint: https://a.test\ntls: {certFile: /none, keyFile: /none}":                        "tls.certFile, tls.keyFile: open /none",
		"endpoint: https://console.zenlayer.com\nresolve: ['console.zenlayer.com:443:127.0.0.1']": "is the production host",
		"endpoint: http://localhost\nresolve: ['localhost:80:192.0.2.1']":                         "plain http would carry credentials",
		"allow: []": "the target names none: give scheme://host[:port] and perhaps a base path here, with --endpoint, or in ZENLAYER_ENDPOINT",
	} {
		got := reach(t, config, env)
		assert.Contains(t, got, message, config)
		assert.NotContains(t, got, "secret@")
		assert.NotContains(t, got, "%!", "a text that was formatted wrongly")
	}
}
