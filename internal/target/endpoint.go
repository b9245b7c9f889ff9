package target

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// Remote is a real endpoint, ready for a run.
type Remote struct {
	run.Target
	Filter *secret.Filter // knows the credentials; every sink goes through it
}

// Close releases the connections.
func (r *Remote) Close() error {
	r.Client.Close()
	return nil
}

// Open makes a real endpoint ready. The environment is where the credentials are; a
// missing one is an error that names the variable.
func Open(c Config, env func(string) string, law *contract.Contract, confirmHost string) (*Remote, error) {
	creds, err := c.credentials(env)
	if err != nil {
		return nil, err
	}
	endpoint, err := url.Parse(strings.TrimSuffix(c.Endpoint, "/"))
	if err != nil {
		return nil, fmt.Errorf("target %s: endpoint: %w", c.Name, err)
	}
	tlsConfig, err := c.TLS.config()
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", c.Name, err)
	}
	filter := secret.NewFilter(creds.Password, creds.Token)
	options := client.Options{
		Endpoint: endpoint, Credentials: creds, TLS: tlsConfig, Filter: filter,
		Timeout: c.Timing.RequestTimeout, RequestsPerSecond: c.RequestsPerSecond,
		Allow: client.Allowance{Production: c.Production, ConfirmHost: confirmHost, PlainHTTP: c.AllowPlainHTTP},
	}
	sender, err := client.New(options)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", c.Name, err)
	}
	r := &Remote{Filter: filter}
	r.Target = run.Target{
		Info:   verdict.Target{Name: c.Name, Kind: "endpoint", Endpoint: c.Endpoint},
		Client: sender,
		Lab:    newPool(c, creds, &changer{client: sender, law: law, timing: c.Timing}),
		Timing: steps.Timing{ResizeTimeout: c.Timing.ResizeTimeout, PollInterval: c.Timing.PollInterval, Settle: c.Timing.Settle},
	}
	return r, nil
}

// credentials reads the environment. A key needs its password; a token may stand alone.
func (c Config) credentials(env func(string) string) (client.Credentials, error) {
	creds := client.Credentials{KeyID: env(c.Credentials.KeyID)}
	creds.Password = secret.New(env(c.Credentials.KeyPassword))
	if c.Credentials.Token != "" {
		creds.Token = secret.New(env(c.Credentials.Token))
	}
	switch {
	case creds.KeyID != "" && creds.Password.Empty():
		return creds, fmt.Errorf("target %s: %s is set, %s is not: export both", c.Name, c.Credentials.KeyID, c.Credentials.KeyPassword)
	case creds.KeyID == "" && creds.Token.Empty():
		return creds, fmt.Errorf("target %s: no credentials: export %s and %s", c.Name, c.Credentials.KeyID, c.Credentials.KeyPassword)
	}
	return creds, nil
}

func (t TLS) config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.InsecureSkipVerify} //nolint:gosec // the user says so in the file
	if t.CAFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(t.CAFile)
	if err != nil {
		return nil, fmt.Errorf("tls.caFile: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("tls.caFile: no certificate in " + t.CAFile + ": give a PEM file")
	}
	return config, nil
}
