package target

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/yamlfile"
)

// Config is one target of a configuration file.
type Config struct {
	Name              string    `yaml:"-"`
	Contract          string    `yaml:"contract"` // the folder of another contract than the one built in
	Endpoint          string    `yaml:"endpoint"`
	Credentials       Variables `yaml:"credentials"`
	Allow             []string  `yaml:"allow"`       // actions that may change a listed instance
	AllowResize       bool      `yaml:"allowResize"` // short for the actions that the contract says it allows
	Generate          bool      `yaml:"generate"`    // send generated requests, many of them
	PassUnknown       bool      `yaml:"passUnknown"` // a proxy passes on operations that the contract does not have
	Production        bool      `yaml:"production"`
	AllowPlainHTTP    bool      `yaml:"allowPlainHTTP"`
	Instances         []Listed  `yaml:"instances"`
	InstanceTypes     Types     `yaml:"instanceTypes"`
	Timing            Timing    `yaml:"timing"`
	RequestsPerSecond float64   `yaml:"requestsPerSecond"`
	MaxChanges        int       `yaml:"maxChanges"` // that a run may make, of whatever kind; 0: any number
	Parallel          int       `yaml:"parallel"`
	TLS               TLS       `yaml:"tls"`

	// How the endpoint is reached.
	Resolve []string          `yaml:"resolve"` // host:port:address, which is dialled in place of where the host leads
	Proxy   string            `yaml:"proxy"`   // scheme://host:port, or none; "": the environment's
	HTTP1   bool              `yaml:"http1"`   // HTTP/1.1 alone
	Headers map[string]string `yaml:"headers"` // further headers: the environment variables that hold their values

	undo  map[string]string // the actions that lead back from others, by these
	reach ways              // how listed instances can be brought from one status to another
	calls words             // what messages call the listed instances
}

// Variables are the names of the environment variables that hold the credentials.
type Variables struct {
	KeyID       string `yaml:"keyIdEnv"`
	KeyPassword string `yaml:"keyPasswordEnv"`
	Token       string `yaml:"tokenEnv"`
	// TokenFile and TokenCommand give a bearer token that is read again when it has expired.
	TokenFile    string   `yaml:"tokenFile"`
	TokenCommand []string `yaml:"tokenCommand"` // a program and its arguments
	KnownGood    bool     `yaml:"knownGood"`    // the endpoint knows them: a refusal of them is its fault
}

// Listed is an instance that may be named in a call.
type Listed struct {
	ID     string `yaml:"id"`
	Kind   string `yaml:"kind"` // what it is, as x-resource of the contract says; "": an instance
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
	CertFile           string `yaml:"certFile"`   // the client's own certificate, and
	KeyFile            string `yaml:"keyFile"`    // its key
	ServerName         string `yaml:"serverName"` // what the certificate has to be for; "": the endpoint's host
	InsecureSkipVerify bool   `yaml:"insecureSkipVerify"`
}

// resizeKey is the key that stands for the actions which the contract marks with it.
const resizeKey = "allowResize"

// ReadConfig reads one target of a configuration file. Whatever is wrong with the file
// is an error of one line, with file and line. The contract says which statuses and
// actions there are.
func ReadConfig(file, name string, api *contract.Contract) (Config, error) {
	return ReadConfigAt(file, name, Place{}, api)
}

// Place says where a target's endpoint is, beside what its configuration says.
type Place struct {
	Endpoint string // goes before that of the configuration; "": does not
	Default  string // of a target whose configuration has none
}

// ConfigAt is the configuration of an endpoint that stands in no file: nothing may be changed
// there, and no instance is named. env has the credentials.
func ConfigAt(endpoint string, env func(string) string, api *contract.Contract) (Config, error) {
	c := defaults()
	c.Name, c.Endpoint = "endpoint", at(endpoint)
	if env("ZENLAYER_TOKEN") != "" {
		c.Credentials.Token = "ZENLAYER_TOKEN"
	}
	c.Timing.RestoreTimeout = max(4*c.Timing.ResizeTimeout, 10*time.Minute)
	if err := (checker{Config: c, api: api, fail: ofFlag("--endpoint")}).check(); err != nil {
		return Config{}, err
	}
	c.reach, c.calls = c.ways(api), c.words(api)
	return c, nil
}

// ReadConfigAt is ReadConfig with an endpoint that is named elsewhere.
func ReadConfigAt(file, name string, place Place, api *contract.Contract) (Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w; name the file with --config", err)
	}
	targets, err := readTargets(file, data)
	if err != nil {
		return Config{}, err
	}
	var names []string
	for _, one := range slices.Sorted(maps.Keys(targets)) {
		names = append(names, quotedIfOdd(one))
	}
	node, listed := targets[name]
	switch {
	case len(targets) == 0:
		return Config{}, fmt.Errorf("%s:1: targets is empty: list at least one target by its name", file)
	case name == "":
		return Config{}, fmt.Errorf("%s: no target named: choose one of %s with --target", file, strings.Join(names, ", "))
	case !listed:
		return Config{}, fmt.Errorf("%s: no target %q: it has %s", file, name, strings.Join(names, ", "))
	}
	c := defaults()
	if err := node.Load(&c); err != nil {
		return Config{}, yamlfile.Located(file, data, err)
	}
	c.Name, c.Endpoint = name, at(cmp.Or(place.Endpoint, c.Endpoint, place.Default))
	if c.Timing.RestoreTimeout == 0 {
		c.Timing.RestoreTimeout = max(4*c.Timing.ResizeTimeout, 10*time.Minute)
	}
	for i := range c.Instances {
		if c.Instances[i].Kind == instanceKind {
			c.Instances[i].Kind = ""
		}
	}
	if err := (checker{c, node, api, errorsIn(file)}).check(); err != nil {
		return Config{}, err
	}
	if c.AllowResize {
		c.Allow = append(c.Allow, api.AllowedBy(resizeKey)...)
	}
	c.reach, c.undo, c.calls = c.ways(api), map[string]string{}, c.words(api)
	for _, op := range api.Operations() {
		if d, has := api.Lifecycle(op); has && !d.Returns() {
			c.undo[op.Action] = d.Inverse
		}
	}
	return c, nil
}

// quotedIfOdd quotes a name that is empty, or that has blanks or characters nobody sees.
func quotedIfOdd(name string) string {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// readTargets returns the targets of a configuration file, each value in it of the kind
// that its key takes.
func readTargets(file string, data []byte) (map[string]*yaml.Node, error) {
	var root yaml.Node
	if err := yamlfile.Load(file, data, &root); err != nil {
		return nil, err
	}
	fail, targets := errorsIn(file), map[string]*yaml.Node{}
	if len(root.Content) == 0 {
		return targets, nil
	}
	top := root.Content[0]
	if top.Kind != yaml.MappingNode {
		return nil, fail(top, "want the key targets, and under it each target by its name")
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], resolved(top.Content[i+1])
		if key.Value != "targets" {
			return nil, fail(key, "unknown key %q: see the README for the keys of a target", key.Value)
		}
		for j := 0; value.Kind == yaml.MappingNode && j+1 < len(value.Content); j += 2 {
			name, node := value.Content[j].Value, resolved(value.Content[j+1])
			if err := checkKinds(node, reflect.TypeFor[Config](), "targets: "+name, fail); err != nil {
				return nil, err
			}
			targets[name] = node
		}
	}
	return targets, nil
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

// ContractFolder returns the folder of the contract that a target names, as far as the
// configuration can be read: what is wrong with it, ReadConfig tells.
func ContractFolder(file, name string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	var document struct {
		Targets map[string]struct {
			Contract string `yaml:"contract"`
		} `yaml:"targets"`
	}
	if yaml.Load(data, &document) != nil {
		return ""
	}
	return document.Targets[name].Contract
}

// defaults are what a configuration need not say.
func defaults() Config {
	return Config{
		Credentials:       Variables{KeyID: "ZENLAYERCLOUD_ACCESS_KEY_ID", KeyPassword: "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD"},
		Timing:            Timing{ResizeTimeout: 15 * time.Minute, PollInterval: 2 * time.Second, Settle: 10 * time.Second, RequestTimeout: 30 * time.Second},
		RequestsPerSecond: 5,
		Parallel:          1,
	}
}

// Allows reports whether an action may change a listed instance.
func (c Config) Allows(action string) bool { return slices.Contains(c.Allow, action) }
