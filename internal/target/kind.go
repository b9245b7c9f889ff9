package target

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
)

// instanceKind is the default kind of listed things.
const instanceKind = "instance"

// kind returns the kind of the listed things, an x-resource of the contract; "" if none are listed.
func (c Config) kind() string {
	if len(c.Instances) == 0 {
		return ""
	}
	return cmp.Or(c.Instances[0].Kind, instanceKind)
}

// words are the words for the listed things in messages, and for the property that is restored: the
// value that an action sets, or the status.
type words struct{ kind, value string }

// wordsOf returns the words for the subjects of a lifecycle.
func wordsOf(l contract.Lifecycle) words {
	return words{cmp.Or(l.Kind, instanceKind), cmp.Or(l.ValueName(), "value")}
}

// an returns the word for one of the things, with its article.
func (w words) an() string { return lifecycle.A(w.kind) }

// one returns the word for one of the things.
func (w words) one() language.Phrase { return language.Word(w.kind) }

func (w words) kinds() string  { return lifecycle.Plural(w.kind) }
func (w words) values() string { return lifecycle.Plural(w.value) }

// words returns the words for what the changer restores.
func (c *changer) words() words {
	l, _ := c.lifecycle() // without a lifecycle, nothing is restored
	return wordsOf(l)
}

// words returns the words for what the target lists.
func (c Config) words(api *contract.Contract) words {
	return (&changer{kind: c.kind(), contract: api}).words()
}

// kinds rejects kinds that the contract does not have, and several kinds in one target, because the
// journal and restoring handle only one.
func (c checker) kinds() error {
	var known []string
	for _, op := range c.api.Operations() {
		l, has := c.api.Lifecycle(op)
		if has && !slices.Contains(known, l.Kind) {
			known = append(known, l.Kind)
		}
	}
	for i, in := range c.Instances {
		switch kind := cmp.Or(in.Kind, instanceKind); {
		case !slices.Contains(known, kind):
			return c.at("instances", i, "%s: the contract has no action that changes anything of the kind %q: use one of %s as kind", in.ID, kind, strings.Join(known, ", "))
		case kind != c.kind():
			return c.at("instances", i, "%s is %s, the first one listed is %s: list each kind under a target of its own", in.ID, lifecycle.A(kind), lifecycle.A(c.kind()))
		}
	}
	return nil
}

// statuses returns every documented status of things of a kind.
func statuses(api *contract.Contract, kind string) []string {
	var all []string
	for _, op := range api.Operations() {
		l, _ := api.Lifecycle(op)
		for _, state := range l.States {
			if l.Kind == kind && !slices.Contains(all, state) {
				all = append(all, state)
			}
		}
	}
	return all
}
