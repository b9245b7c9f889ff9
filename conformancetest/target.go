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

// Target is the endpoint under test, with what a run may do there. It is either a target in a
// configuration file, as for the command line, or an endpoint given here.
type Target struct {
	ConfigFile string // a configuration file; Name is a target in it, and no other field may be set
	Name       string // with an Endpoint: its name in reports; "" means endpoint

	Endpoint    string      // scheme://host[:port], as for an httptest.Server
	Ephemeral   bool        // it ends with the test, like an httptest.Server, so that a killed test leaves nothing changed
	Credentials Credentials // what the endpoint accepts
	Allow       []string    // the actions that may change a listed instance, such as ModifyInstanceType
	Instances   []Instance  // the only instances that calls may name
	Types       Types
	Timing      Timing
	Parallel    int // the number of concurrent scenarios; 0 means one

	RequestsPerSecond float64 // 0 means practically no limit, for an endpoint within the test
	Generate          bool    // send many generated requests
}

// Credentials authenticate requests: a key with its password, a bearer token, or both. They are
// never written, and are removed from all output.
type Credentials struct {
	KeyID       string
	KeyPassword string
	Token       string
}

// Instance is an instance that calls may name.
type Instance struct {
	ID     string
	Status string // its current status, such as STOPPED
	GPU    bool
}

// Types are the instance types that scenarios may name.
type Types struct {
	Resizable   []string // a resize moves between these
	Unsupported []string // these exist, but do not suit the listed instances
	GPU         []string // types of GPU instances
}

// Timing limits how long things may take at the target. 0 means the default of the command line.
type Timing struct {
	ResizeTimeout time.Duration
	PollInterval  time.Duration
	Settle        time.Duration
}

// The environment variables in the configuration of an endpoint given here. They exist only for the
// run and not in the process's environment.
const (
	keyIDVariable    = "CONFORMANCETEST_KEY_ID"
	passwordVariable = "CONFORMANCETEST_KEY_PASSWORD"
	tokenVariable    = "CONFORMANCETEST_TOKEN"
)

// unlimited is a rate that no endpoint in a test reaches.
const unlimited = 100_000

// configuration is a target in the form of a configuration file.
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

// prepare returns the configuration file and the target's name in it. For an endpoint given here,
// it writes the file to the report folder, where a cleanup finds it.
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

// check rejects settings that would be ignored, or rejected with an error about the configuration
// file.
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

// env returns the environment variables for the run.
func (t Target) env(name string) string {
	switch name {
	case keyIDVariable:
		return t.Credentials.KeyID
	case passwordVariable:
		return t.Credentials.KeyPassword
	case tokenVariable:
		return t.Credentials.Token
	}
	if strings.HasPrefix(name, "GITHUB_") { // annotations are only for the command line
		return ""
	}
	return os.Getenv(name)
}
