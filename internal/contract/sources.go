package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Source is a public document, or several of one kind, that facts come from.
type Source struct {
	Mark      verdict.Source
	Name      Text
	Read      string   // when it was read, an ISO 8601 interval; "" if it was not
	Addresses []string // https URLs; none if no address is known
}

// Sources returns the sources in the order of their document.
func (c *Contract) Sources() []Source { return slices.Clone(c.sources) }

// Source returns the source with a mark, and whether the contract has it.
func (c *Contract) Source(mark verdict.Source) (Source, bool) {
	i := slices.IndexFunc(c.sources, func(s Source) bool { return s.Mark == mark })
	if i < 0 {
		return Source{}, false
	}
	return c.sources[i], true
}

// sourceKeys are the keys of a source in clauses.yaml.
const sourceKeys = "mark en zh read addresses"

// readSources reads the list of sources from clauses.yaml.
func (c *Contract) readSources(d *document) error {
	list := member(d.root, "sources")
	if list == nil || list.Kind != yaml.SequenceNode {
		return d.fault(d.root, "there is no list of sources", "list the documents under the key sources")
	}
	for _, n := range list.Content {
		err := members(n, func(key, value *yaml.Node) error {
			if !slices.Contains(strings.Fields(sourceKeys), key.Value) {
				return d.fault(key, fmt.Sprintf("unknown key %q in a source", key.Value), "use one of "+sourceKeys)
			}
			if key.Value == "addresses" && value.Kind == yaml.SequenceNode {
				return checkShape(d, value, "list of text")
			}
			return checkSingle(d, key.Value, value, aText)
		})
		if err != nil {
			return err
		}
		s := Source{
			Mark: verdict.Source(text(member(n, "mark"))), Name: Text{En: text(member(n, "en")), Zh: text(member(n, "zh"))},
			Read: text(member(n, "read")), Addresses: texts(member(n, "addresses")),
		}
		switch _, taken := c.Source(s.Mark); {
		case !slices.Contains(strings.Fields(marks), string(s.Mark)):
			return d.fault(n, fmt.Sprintf("the source mark %q is unknown", s.Mark), "use one of "+marks)
		case s.Name.En == "" || s.Name.Zh == "":
			return d.fault(n, "a source without en or zh", "add it")
		case taken:
			return d.fault(n, fmt.Sprintf("the mark %s stands twice", s.Mark), "give one of the sources another mark")
		}
		if err := checkDay(d, member(n, "read")); err != nil {
			return err
		}
		for _, address := range s.Addresses {
			if !strings.HasPrefix(address, "https://") {
				return d.fault(member(n, "addresses"), fmt.Sprintf("%q is no https address", address), "write one that begins with https://")
			}
		}
		c.sources = append(c.sources, s)
	}
	return nil
}

// checkDay checks that a source was read on a day, or between two days.
func checkDay(d *document, read *yaml.Node) error {
	if read == nil {
		return nil
	}
	first, last, several := strings.Cut(read.Value, "/")
	if !several {
		last = first
	}
	from, err := time.Parse(time.DateOnly, first)
	to, errTo := time.Parse(time.DateOnly, last)
	if cmp.Or(err, errTo) != nil || to.Before(from) {
		return d.fault(read, fmt.Sprintf("read %q is no day, nor the first and the last of some", read.Value), "write one, such as 2026-11-26, or two with / between")
	}
	return nil
}

// checkMarks checks that every source that the description names is in the list.
func (c *Contract) checkMarks(api *document, n *yaml.Node) error {
	for i, child := range n.Content {
		if i%2 == 1 && n.Kind == yaml.MappingNode && n.Content[i-1].Value == "x-source" {
			for _, mark := range texts(child) {
				if _, listed := c.Source(verdict.Source(mark)); !listed {
					return api.fault(child, fmt.Sprintf("x-source names %s, which is no source of this contract", mark), "list it in "+clausesFile+" under sources, or name another")
				}
			}
		}
		if err := c.checkMarks(api, child); err != nil {
			return err
		}
	}
	return nil
}
