package target

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
)

// instanceKind is the kind of what a configuration lists without saying so.
const instanceKind = "instance"

// kind returns the kind of what the target lists, as x-resource of the contract names it; ""
// when it lists nothing.
func (c Config) kind() string {
	if len(c.Instances) == 0 {
		return ""
	}
	return cmp.Or(c.Instances[0].Kind, instanceKind)
}

// words are what messages call the things that a target lists, and what of each is restored: the value that
// an action asks for, or the status.
type words struct{ kind, value string }

// wordsOf returns what messages call the subjects of a lifecycle.
func wordsOf(l contract.Lifecycle) words {
	return words{cmp.Or(l.Kind, instanceKind), cmp.Or(l.ValueName(), "value")}
}

// an says one of the things.
func (w words) an() string { return lifecycle.A(w.kind) }

// one says what one of the things is called.
func (w words) one() language.Phrase { return language.Word(w.kind) }

func (w words) kinds() string  { return lifecycle.Plural(w.kind) }
func (w words) values() string { return lifecycle.Plural(w.value) }

// words returns what messages call what the changer restores.
func (c *changer) words() words {
	l, _ := c.lifecycle() // without one nothing is restored
	return wordsOf(l)
}

// words returns what messages call what the target lists.
func (c Config) words(api *contract.Contract) words {
	return (&changer{kind: c.kind(), contract: api}).words()
}

// kinds refuses kinds that the contract does not have, and several in one target: its
// journal and its way back are those of one kind.
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
			return c.at("instances", i, "%s: the contract has no action that changes a %q: use one of %s as kind", in.ID, kind, strings.Join(known, ", "))
		case kind != c.kind():
			return c.at("instances", i, "%s is a %s, the first one listed a %s: list each kind under a target of its own", in.ID, kind, c.kind())
		}
	}
	return nil
}

// statuses returns every documented status of what is of a kind.
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
