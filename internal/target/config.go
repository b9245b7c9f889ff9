package target

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Config is one target of a configuration file.
type Config struct {
	Name              string    `yaml:"-"`
	Endpoint          string    `yaml:"endpoint"`
	Credentials       Variables `yaml:"credentials"`
	AllowResize       bool      `yaml:"allowResize"`
	Generate          bool      `yaml:"generate"` // send generated requests, many of them
	Production        bool      `yaml:"production"`
	AllowPlainHTTP    bool      `yaml:"allowPlainHTTP"`
	Instances         []Listed  `yaml:"instances"`
	InstanceTypes     Types     `yaml:"instanceTypes"`
	Timing            Timing    `yaml:"timing"`
	RequestsPerSecond float64   `yaml:"requestsPerSecond"`
	Parallel          int       `yaml:"parallel"`
	TLS               TLS       `yaml:"tls"`
}

// Variables are the names of the environment variables that hold the credentials.
type Variables struct {
	KeyID       string `yaml:"keyIdEnv"`
	KeyPassword string `yaml:"keyPasswordEnv"`
	Token       string `yaml:"tokenEnv"`
}

// Listed is an instance that may be named in a call.
type Listed struct {
	ID     string `yaml:"id"`
	Status string `yaml:"status"`
	GPU    bool   `yaml:"gpu"`
}

// Types are the instance types that scenarios may name.
type Types struct {
	Resizable   []string `yaml:"resizable"`   // a resize moves between them
	Unsupported []string `yaml:"unsupported"` // exist, but not for the listed instances
	GPU         []string `yaml:"gpu"`         // of GPU instances
}

// Timing is how long things may take at the target.
type Timing struct {
	ResizeTimeout  time.Duration `yaml:"resizeTimeout"`
	RestoreTimeout time.Duration `yaml:"restoreTimeout"` // for restoring an instance, from when the endpoint answers again
	PollInterval   time.Duration `yaml:"pollInterval"`
	Settle         time.Duration `yaml:"settle"`
	RequestTimeout time.Duration `yaml:"requestTimeout"`
}

// TLS is how the endpoint's certificate is checked.
type TLS struct {
	CAFile             string `yaml:"caFile"`
	InsecureSkipVerify bool   `yaml:"insecureSkipVerify"`
}

// ReadConfig reads one target of a configuration file. Whatever is wrong with the file
// is an error of one line, with file and line. The statuses are the documented ones.
func ReadConfig(file, name string, statuses []string) (Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w; name the file with --config", err)
	}
	var document struct {
		Targets map[string]Config `yaml:"targets"`
	}
	if err := yaml.Load(data, &document, yaml.WithKnownFields()); err != nil {
		return Config{}, located(file, err)
	}
	names := strings.Join(slices.Sorted(maps.Keys(document.Targets)), ", ")
	c, listed := document.Targets[name]
	switch {
	case names == "":
		return c, fmt.Errorf("%s:1: targets is empty: list at least one target by its name", file)
	case name == "":
		return c, fmt.Errorf("%s: no target named: choose one of %s with --target", file, names)
	case !listed:
		return c, fmt.Errorf("%s: no target %q: it has %s", file, name, names)
	}
	c.Name = name
	c.fillDefaults()
	return c, c.check(statuses, positions(file, data, name))
}

// Names returns the names of the targets of a configuration file, as far as it can be read.
func Names(file string) []string {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var document struct {
		Targets map[string]any `yaml:"targets"`
	}
	if yaml.Load(data, &document) != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(document.Targets))
}

// fillDefaults sets what a configuration need not say.
func (c *Config) fillDefaults() {
	fill(&c.Credentials.KeyID, "ZENLAYERCLOUD_ACCESS_KEY_ID")
	fill(&c.Credentials.KeyPassword, "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD")
	fill(&c.Timing.ResizeTimeout, 15*time.Minute)
	fill(&c.Timing.RestoreTimeout, max(4*c.Timing.ResizeTimeout, 10*time.Minute))
	fill(&c.Timing.PollInterval, 2*time.Second)
	fill(&c.Timing.Settle, 10*time.Second)
	fill(&c.Timing.RequestTimeout, 30*time.Second)
	fill(&c.RequestsPerSecond, 5)
	fill(&c.Parallel, 1)
}

func fill[T comparable](value *T, standard T) {
	var unset T
	if *value == unset {
		*value = standard
	}
}

// check looks for what cannot work. at makes an error at a key of the target.
func (c Config) check(statuses []string, at func(key, format string, args ...any) error) error {
	if names := []string{c.Credentials.KeyID, c.Credentials.KeyPassword, c.Credentials.Token}; slices.ContainsFunc(names, noVariable) {
		return at("credentials", "one of these is no name of a variable: give the name, never the value") // which may be a secret
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" { // the text may hold a secret
		return at("endpoint", "it is no endpoint: give scheme://host[:port] alone; credentials are named under credentials")
	}
	if u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "" {
		return at("endpoint", "%q is no endpoint: give scheme://host[:port] alone, the path is the contract's", c.Endpoint)
	}
	for _, d := range []time.Duration{c.Timing.ResizeTimeout, c.Timing.RestoreTimeout, c.Timing.PollInterval, c.Timing.Settle, c.Timing.RequestTimeout} {
		if d < 0 {
			return at("timing", "%s is below zero: give a time such as 2s or 15m", d)
		}
	}
	if c.Parallel < 1 {
		return at("parallel", "%d scenarios at once: give 1 or more", c.Parallel)
	}
	if c.RequestsPerSecond < 0 {
		return at("requestsPerSecond", "%g is below zero: give how many requests a second may leave", c.RequestsPerSecond)
	}
	return c.checkInstances(statuses, at)
}

// variable is what the name of an environment variable looks like.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func noVariable(name string) bool { return name != "" && !variable.MatchString(name) }

func (c Config) checkInstances(statuses []string, fault func(key, format string, args ...any) error) error {
	seen := map[string]bool{}
	for _, in := range c.Instances {
		switch {
		case in.ID == "":
			return fault("instances", "an instance has no id")
		case seen[in.ID]:
			return fault("instances", "instance %s is listed twice", in.ID)
		case !slices.Contains(statuses, in.Status):
			return fault("instances", "instance %s: %q is no documented status: use one of %s", in.ID, in.Status, strings.Join(statuses, ", "))
		}
		seen[in.ID] = true
	}
	return nil
}

// positions returns what makes an error at a key of a target: file, line and key.
func positions(file string, data []byte, target string) func(key, format string, args ...any) error {
	var root yaml.Node
	_ = yaml.Load(data, &root) // it was read before
	node := child(child(&root, "targets"), target)
	return func(key, format string, args ...any) error {
		line := 1
		if value := child(node, key); value != nil {
			line = value.Line
		} else if node != nil {
			line = node.Line
		}
		return fmt.Errorf("%s:%d: %s: %s", file, line, key, fmt.Sprintf(format, args...))
	}
}

// child returns the value of a mapping's key, or nil.
func child(node *yaml.Node, key string) *yaml.Node {
	if node != nil && node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}

// located turns the reader's complaints into one line: file, line, and the first of them.
func located(file string, err error) error {
	var several *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &several) && len(several.Errors) > 0:
		one = several.Errors[0]
	case !errors.As(err, &one):
		return fmt.Errorf("%s: %w", file, err)
	}
	return fmt.Errorf("%s:%d: %s", file, one.Mark.Line, plainly(one.Message))
}

// plainly says in our words what the library says of an unknown key.
func plainly(message string) string {
	if field, found := strings.CutPrefix(message, "field "); found {
		key, _, _ := strings.Cut(field, " ")
		return fmt.Sprintf("unknown key %q: see the README for the keys of a target", key)
	}
	return message
}
