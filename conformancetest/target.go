package conformancetest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Target is the endpoint under test and what may be done there. It is either a target of a
// configuration file, as the command line reads it, or an endpoint given here.
type Target struct {
	ConfigFile string // a configuration file; then Name is a target of it, and nothing else is set
	Name       string // with an Endpoint: what it is called in reports; "": endpoint

	Endpoint    string      // scheme://host[:port], as of an httptest.Server
	Ephemeral   bool        // it ends with the test, as an httptest.Server does: nothing outlives a test that is killed
	Credentials Credentials // what the endpoint accepts
	Allow       []string    // the actions that may change a listed instance, as ModifyInstanceType
	Instances   []Instance  // the only instances that are named in a call
	Types       Types
	Timing      Timing
	Parallel    int // scenarios at once; 0: one

	RequestsPerSecond float64 // 0: no limit worth naming, which is for an endpoint of the test itself
	Generate          bool    // send generated requests, many of them
}

// Credentials authenticate requests: a key with its password, a bearer token, or both. They
// are written nowhere, and removed from what is.
type Credentials struct {
	KeyID       string
	KeyPassword string
	Token       string
}

// Instance is an instance that may be named in a call.
type Instance struct {
	ID     string
	Status string // in which it is found, as STOPPED
	GPU    bool
}

// Types are the instance types that scenarios may name.
type Types struct {
	Resizable   []string // a resize moves between them
	Unsupported []string // exist, but not for the listed instances
	GPU         []string // of GPU instances
}

// Timing is how long things may take at the target; what is 0 is as on the command line.
type Timing struct {
	ResizeTimeout time.Duration
	PollInterval  time.Duration
	Settle        time.Duration
}

// The environment variables that the configuration of an endpoint given here names. They
// exist for the run alone, and not in the process's environment.
const (
	keyIDVariable    = "CONFORMANCETEST_KEY_ID"
	passwordVariable = "CONFORMANCETEST_KEY_PASSWORD"
	tokenVariable    = "CONFORMANCETEST_TOKEN"
)

// unlimited is a rate that no endpoint of a test reaches.
const unlimited = 100_000

// configuration is a target in a configuration file.
type configuration struct {
	Endpoint    string `yaml:"endpoint"`
	Credentials struct {
		KeyID       string `yaml:"keyIdEnv"`
		KeyPassword string `yaml:"keyPasswordEnv"`
		Token       string `yaml:"tokenEnv,omitempty"`
		KnownGood   bool   `yaml:"knownGood"`
	} `yaml:"credentials"`
	Allow     []string             `yaml:"allow,omitempty"`
	Generate  bool                 `yaml:"generate"`
	Instances []configuredInstance `yaml:"instances,omitempty"`
	Types     configuredTypes      `yaml:"instanceTypes"`
	Timing    map[string]string    `yaml:"timing,omitempty"`
	Rate      float64              `yaml:"requestsPerSecond"`
	Parallel  int                  `yaml:"parallel"`
}

type configuredInstance struct {
	ID     string `yaml:"id"`
	Status string `yaml:"status"`
	GPU    bool   `yaml:"gpu,omitempty"`
}

type configuredTypes struct {
	Resizable   []string `yaml:"resizable,omitempty"`
	Unsupported []string `yaml:"unsupported,omitempty"`
	GPU         []string `yaml:"gpu,omitempty"`
}

// prepare returns the configuration file and the target's name in it. For an endpoint that
// is given here the file is written to the report folder, where a cleanup finds it.
func (t Target) prepare(folder string) (file, name string, err error) {
	if err := t.check(); err != nil {
		return "", "", fmt.Errorf("target: %w", err)
	}
	if t.ConfigFile != "" {
		return t.ConfigFile, t.Name, nil
	}
	if name = t.Name; name == "" {
		name = "endpoint"
	}
	text, err := yaml.Dump(map[string]map[string]configuration{"targets": {name: t.configured()}})
	if err != nil {
		return "", "", fmt.Errorf("target: %w", err)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", "", fmt.Errorf("target: %w", err)
	}
	file = filepath.Join(folder, "conformance.yaml")
	return file, name, os.WriteFile(file, text, 0o600)
}

// check refuses what would be passed over, or be refused in words of the configuration file.
func (t Target) check() error {
	c := t.Credentials
	switch {
	case t.ConfigFile != "" && t.Endpoint != "":
		return errors.New("give ConfigFile with Name, or Endpoint, not both")
	case t.ConfigFile != "" && !reflect.DeepEqual(t, Target{ConfigFile: t.ConfigFile, Name: t.Name}):
		return errors.New("ConfigFile says all of it: give Name with it, and nothing else")
	case t.ConfigFile != "":
		return nil
	case t.Endpoint == "":
		return errors.New("give an Endpoint, or ConfigFile with Name")
	case (c.KeyID == "") != (c.KeyPassword == ""):
		return errors.New("Credentials: KeyID and KeyPassword go together")
	case c == Credentials{}:
		return errors.New("give Credentials that the endpoint accepts: a key with its password, a bearer token, or both")
	case t.Parallel < 0:
		return fmt.Errorf("give how many scenarios run at once as Parallel, not %d", t.Parallel)
	case min(t.Timing.ResizeTimeout, t.Timing.PollInterval, t.Timing.Settle) < 0:
		return errors.New("Timing: give times above zero, or 0 for those of the command line")
	}
	return nil
}

func (t Target) configured() configuration {
	c := configuration{
		Endpoint: t.Endpoint, Allow: t.Allow, Generate: t.Generate, Types: configuredTypes(t.Types),
		Rate: t.RequestsPerSecond, Parallel: max(1, t.Parallel), Timing: map[string]string{},
	}
	if c.Rate == 0 {
		c.Rate = unlimited
	}
	c.Credentials.KeyID, c.Credentials.KeyPassword, c.Credentials.KnownGood = keyIDVariable, passwordVariable, true
	if t.Credentials.Token != "" {
		c.Credentials.Token = tokenVariable
	}
	for _, in := range t.Instances {
		c.Instances = append(c.Instances, configuredInstance(in))
	}
	for key, value := range map[string]time.Duration{"resizeTimeout": t.Timing.ResizeTimeout, "pollInterval": t.Timing.PollInterval, "settle": t.Timing.Settle} {
		if value > 0 {
			c.Timing[key] = value.String()
		}
	}
	return c
}

// env is the environment that the run sees.
func (t Target) env(name string) string {
	switch name {
	case keyIDVariable:
		return t.Credentials.KeyID
	case passwordVariable:
		return t.Credentials.KeyPassword
	case tokenVariable:
		return t.Credentials.Token
	}
	if strings.HasPrefix(name, "GITHUB_") { // annotations are for the command line
		return ""
	}
	return os.Getenv(name)
}
