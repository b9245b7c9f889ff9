package target

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
)

// checker looks for settings in a target's configuration that cannot work or could do harm.
type checker struct {
	Config
	node *yaml.Node // of the target
	api  *contract.Contract
	fail fileError
}

func (c checker) check() error {
	for _, check := range []func() error{c.credentialNames, c.url, c.reached, c.numbers, c.allow, c.kinds, c.listed, c.types} {
		if err := check(); err != nil {
			return err
		}
	}
	return c.reversible()
}

// reversible rejects an allowed action that no other allowed action undoes, because it would leave
// a listed instance changed.
func (c checker) reversible() error {
	allowed := c.Config
	if c.AllowResize {
		allowed.Allow = append(slices.Clone(c.Allow), c.api.AllowedBy(resizeKey)...)
	}
	for i, action := range c.Allow {
		op, _ := c.api.Operation(action)
		d, has := c.api.Lifecycle(op)
		switch {
		case !has, d.Returns():
			continue
		case d.Inverse == "":
			return c.at("allow", i, "nothing undoes %s, so it may not change a listed %s: leave it out", action, c.words(c.api).kind)
		case !allowed.Allows(d.Inverse):
			return c.at("allow", i, "%s is undone by %s: allow that, too", action, d.Inverse)
		}
	}
	return nil
}

// at returns an error about a key of the target. It points at the line of the key's value, or of an
// item in it.
func (c checker) at(key string, item int, format string, args ...any) error {
	n := child(c.node, key)
	switch {
	case n == nil:
		n = c.node
	case item >= 0 && item < len(n.Content):
		n = n.Content[item]
	}
	return c.fail(n, key+": "+format, args...)
}

// variable matches the name of an environment variable.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (c checker) credentialNames() error {
	for _, name := range []string{c.Credentials.KeyID, c.Credentials.KeyPassword} {
		if !variable.MatchString(name) {
			return c.at("credentials", -1, "one of these is no name of a variable: give the name, never the value") // the text may be a secret
		}
	}
	if name := c.Credentials.Token; name != "" && !variable.MatchString(name) {
		return c.at("credentials", -1, "tokenEnv is no name of a variable: give the name, never the value")
	}
	return nil
}

func (c checker) url() error {
	if c.Endpoint == "" {
		return c.at("endpoint", -1, "the target names none: give scheme://host[:port] and perhaps a base path here, with --endpoint, or in %s", EndpointVariable)
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" { // the text may contain a secret
		return c.at("endpoint", -1, "it is no endpoint: give scheme://host[:port] and perhaps a base path; credentials are named under credentials")
	}
	if u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return c.at("endpoint", -1, "%q is no endpoint: give scheme://host[:port] and perhaps a base path", c.Endpoint)
	}
	if !possiblePort(u) {
		return c.at("endpoint", -1, "%q has no possible port: give 1 to 65535", c.Endpoint)
	}
	if base := strings.Trim(u.Path, "/"); base != "" && !basePath.MatchString(base) {
		return c.at("endpoint", -1, "the base path %q: give plain segments, without . and ..", u.Path)
	}
	if base := strings.Trim(u.Path, "/"); base != "" && slices.ContainsFunc(c.api.Operations(), func(op wire.Operation) bool { return strings.HasSuffix("/"+base, op.Path) }) {
		return c.at("endpoint", -1, "%q ends with the contract's own path: leave that out", c.Endpoint)
	}
	return nil
}

// possiblePort reports whether the port of a URL, if it names one, can be one.
func possiblePort(u *url.URL) bool {
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "1"), 10, 16)
	return err == nil && port > 0
}

// basePath matches what may precede the contract's path. It allows nothing that a server could
// resolve to a different path.
var basePath = regexp.MustCompile(`^[A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$`)

// most is the upper limit for numbers in a configuration; a larger one is probably a mistake.
const most = 1000

func (c checker) numbers() error {
	if c.Parallel < 1 || c.Parallel > most {
		return c.at("parallel", -1, "%d scenarios at once: give 1 to %d", c.Parallel, most)
	}
	if child(c.node, "maxChanges") != nil && c.MaxChanges < 1 {
		return c.at("maxChanges", -1, "%d: give 1 or more, or remove the key for any number; to change nothing, remove allow", c.MaxChanges)
	}
	if c.RequestsPerSecond <= 0 {
		return c.at("requestsPerSecond", -1, "%g: nothing could leave: give how many requests a second may leave, 0.5 for one in two seconds", c.RequestsPerSecond)
	}
	return nil
}

// allow rejects names that are not actions, or actions that cannot be allowed.
func (c checker) allow() error {
	var could []string
	for _, op := range c.api.Operations() {
		if _, observed := c.api.Lifecycle(op); observed && c.api.Changes(op) {
			could = append(could, op.Action)
		}
	}
	if c.AllowResize && len(c.api.AllowedBy(resizeKey)) == 0 {
		return c.at(resizeKey, -1, "the contract marks no action with it (x-allowed-by): list actions under allow")
	}
	if child(c.node, resizeKey) != nil && !c.AllowResize {
		for _, action := range c.api.AllowedBy(resizeKey) {
			if slices.Contains(c.Allow, action) {
				return c.at(resizeKey, -1, "false contradicts allow, which lists %s: remove one of them", action)
			}
		}
	}
	for i, action := range c.Allow {
		op, known := c.api.Operation(action)
		switch {
		case slices.Contains(c.Allow[:i], action):
			return c.at("allow", i, "%s is listed twice", action)
		case slices.Contains(could, action):
		case !known:
			return c.at("allow", i, "%q is no action of the contract: use some of %s", action, strings.Join(could, ", "))
		case !c.api.Changes(op):
			return c.at("allow", i, "%s only reads, so it needs no permission: use some of %s", action, strings.Join(could, ", "))
		default:
			return c.at("allow", i, "the contract does not say how the work of %s is observed, so it could not be undone: use some of %s", action, strings.Join(could, ", "))
		}
	}
	return nil
}

// id matches the id of a listed thing. It excludes blanks, wildcards and invisible characters,
// because an endpoint could read several instances from them.
var id = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$`)

func (c checker) listed() error {
	statuses, calls := statuses(c.api, c.kind()), c.words(c.api)
	seen := map[string]bool{}
	for i, in := range c.Instances {
		switch {
		case in.ID == "":
			return c.at("instances", i, "%s has no id", calls.an())
		case !id.MatchString(in.ID):
			return c.at("instances", i, "%+q is no id of %s: give one id in ASCII letters, digits and . _ : - alone", in.ID, calls.an())
		case seen[strings.ToLower(in.ID)]:
			return c.at("instances", i, "%s %s is listed twice", calls.kind, in.ID)
		case !slices.Contains(statuses, in.Status):
			return c.at("instances", i, "%s %s: %+q is no documented status: use one of %s", calls.kind, in.ID, in.Status, strings.Join(statuses, ", "))
		}
		seen[strings.ToLower(in.ID)] = true
	}
	return nil
}

// types rejects invalid types, and types in lists that contradict each other.
func (c checker) types() error {
	types := c.InstanceTypes
	l, err := (&changer{kind: c.kind(), contract: c.api}).lifecycle()
	if err == nil && !l.Valued() && len(types.Resizable)+len(types.Unsupported)+len(types.GPU) > 0 {
		return c.at("instanceTypes", -1, "no action of the contract asks %s for a value: leave it out", wordsOf(l).an())
	}
	request, _ := c.api.Request(l.Operation)
	wanted, _ := request.Member(l.Wanted)
	for _, list := range [][]string{slices.Concat(types.Resizable, types.Unsupported), types.GPU} {
		for i, kind := range list {
			switch {
			case !id.MatchString(kind):
				return c.at("instanceTypes", -1, "%+q is no %s %s: give ASCII letters, digits and . _ : - alone", kind, c.words(c.api).kind, c.words(c.api).value)
			case slices.Contains(list[:i], kind):
				return c.at("instanceTypes", -1, "%s is listed twice", kind)
			case wanted.Forbids(kind) != "":
				return c.at("instanceTypes", -1, "%s %s, so the contract allows no %s of it: list others", kind, wanted.Forbids(kind), l.Operation.Action)
			}
		}
	}
	return nil
}

// child returns the value of a key in a mapping, or nil.
func child(node *yaml.Node, key string) *yaml.Node {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return resolved(node.Content[i+1])
		}
	}
	return nil
}
