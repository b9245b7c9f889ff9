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
	Contract          string    `yaml:"contract"` // the folder of a contract that replaces the built-in one
	Endpoint          string    `yaml:"endpoint"`
	Credentials       Variables `yaml:"credentials"`
	Allow             []string  `yaml:"allow"`       // actions that may change a listed instance
	AllowResize       bool      `yaml:"allowResize"` // short for the actions that the contract assigns to this key
	Generate          bool      `yaml:"generate"`    // send many generated requests
	PassUnknown       bool      `yaml:"passUnknown"` // a proxy passes on operations that the contract does not have
	Production        bool      `yaml:"production"`
	AllowPlainHTTP    bool      `yaml:"allowPlainHTTP"`
	Instances         []Listed  `yaml:"instances"`
	InstanceTypes     Types     `yaml:"instanceTypes"`
	Timing            Timing    `yaml:"timing"`
	RequestsPerSecond float64   `yaml:"requestsPerSecond"`
	MaxChanges        int       `yaml:"maxChanges"` // the limit for changes of any kind in a run; 0 means no limit
	Parallel          int       `yaml:"parallel"`
	TLS               TLS       `yaml:"tls"`

	// How the endpoint is reached.
	Resolve []string          `yaml:"resolve"` // host:port:address; the address is dialled in place of the resolved one
	Proxy   string            `yaml:"proxy"`   // scheme://host:port, or none; "" means the environment's
	HTTP1   bool              `yaml:"http1"`   // use only HTTP/1.1
	Headers map[string]string `yaml:"headers"` // further headers, with the environment variables that hold their values

	undo  map[string]string // for each action, the action that undoes it
	reach ways              // how listed instances can be brought from one status to another
	calls words             // the words for the listed instances in messages
}

// Variables are the names of the environment variables that hold the credentials.
type Variables struct {
	KeyID       string `yaml:"keyIdEnv"`
	KeyPassword string `yaml:"keyPasswordEnv"`
	Token       string `yaml:"tokenEnv"`
	// TokenFile and TokenCommand provide a bearer token. It is read again when it has expired.
	TokenFile    string   `yaml:"tokenFile"`
	TokenCommand []string `yaml:"tokenCommand"` // a program with its arguments
	KnownGood    bool     `yaml:"knownGood"`    // the credentials are valid: refusing them is a fault of the endpoint
}

// Listed is an instance that calls may name.
type Listed struct {
	ID     string `yaml:"id"`
	Kind   string `yaml:"kind"` // the kind, an x-resource of the contract; "" means instance
	Status string `yaml:"status"`
	GPU    bool   `yaml:"gpu"`
}

// Types are the instance types that scenarios may name.
type Types struct {
	Resizable   []string `yaml:"resizable"`   // resizes move between these
	Unsupported []string `yaml:"unsupported"` // these exist, but not for the listed instances
	GPU         []string `yaml:"gpu"`         // types of GPU instances
}

// Timing limits how long things may take at the target.
type Timing struct {
	ResizeTimeout  time.Duration `yaml:"resizeTimeout"`
	RestoreTimeout time.Duration `yaml:"restoreTimeout"` // for restoring an instance, counted while the endpoint answers
	PollInterval   time.Duration `yaml:"pollInterval"`
	Settle         time.Duration `yaml:"settle"`
	RequestTimeout time.Duration `yaml:"requestTimeout"`
}

// TLS says how the endpoint's certificate is checked.
type TLS struct {
	CAFile             string `yaml:"caFile"`
	CertFile           string `yaml:"certFile"`   // the client's own certificate, and
	KeyFile            string `yaml:"keyFile"`    // its key
	ServerName         string `yaml:"serverName"` // the name that the certificate must match; "" means the endpoint's host
	InsecureSkipVerify bool   `yaml:"insecureSkipVerify"`
}

// resizeKey is the key that allows all actions that the contract assigns to it.
const resizeKey = "allowResize"

// ReadConfig reads one target of a configuration file. Every error is a single line with file and
// line number. The contract provides the valid statuses and actions.
func ReadConfig(file, name string, api *contract.Contract) (Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Config{}, Unread(err)
	}
	return ReadConfigAt(file, text, name, Place{}, api)
}

// Unread returns the error about a configuration file that cannot be read.
func Unread(err error) error {
	return fmt.Errorf("read the configuration: %w; name the file with --config", err)
}

// Place is the location of a target's endpoint from sources other than its configuration.
type Place struct {
	Endpoint string // overrides the endpoint of the configuration, unless ""
	Default  string // used if the configuration has no endpoint
}

// ConfigAt returns the configuration for an endpoint without a configuration file: it lists no
// instances and allows no changes. env provides the credentials.
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

// ReadConfigAt is ReadConfig for the text of a file, and for an endpoint that may be named
// elsewhere. A file such as a pipe can be read only once.
func ReadConfigAt(file string, data []byte, name string, place Place, api *contract.Contract) (Config, error) {
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

// quotedIfOdd quotes a name that is empty or contains white space or invisible characters.
func quotedIfOdd(name string) string {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// readTargets returns the targets of a configuration file, after checking that each value has the
// type of its key.
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

// Names returns the names of the targets in the text of a configuration file, as far as it can be
// read.
func Names(data []byte) []string {
	var document struct {
		Targets map[string]any `yaml:"targets"`
	}
	if yaml.Load(data, &document) != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(document.Targets))
}

// ContractFolder returns the folder of the contract that a target names in the text of a
// configuration file, as far as it can be read. Errors are left for ReadConfigAt to report.
func ContractFolder(data []byte, name string) string {
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

// defaults returns the settings that a configuration may leave out.
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
