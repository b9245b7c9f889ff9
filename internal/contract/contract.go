// Package contract reads the contract (openapi.yaml and clauses.yaml) and judges every exchange
// against it, whether or not a step asks for that.
//
// It knows the envelope and the headers that all operations share. It knows no operation, error
// code or parameter by name, because those come from the documents. It judges neither trajectories
// nor side effects, and sends nothing. Clauses that need several exchanges or the intent of a
// request (does this error apply?) are judged elsewhere. No other package knows which library reads
// OpenAPI.
package contract

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The names of the documents in the file system given to Load.
const (
	openapiFile = "openapi.yaml"
	clausesFile = "clauses.yaml"
)

// Contract is the content of the two documents. It never changes and may be shared.
type Contract struct {
	title, version, sha256 string
	pages                  string    // the location of its pages for readers, "" if there are none
	api                    *document // texts for readers are read from it on demand

	sources     []Source
	clauses     []verdict.Clause
	byID        map[string]int
	byRole      map[inRole]string    // to the clause id
	templates   map[string]Text      // by id
	clauseNodes []*yaml.Node         // the node of each clause, only while the documents are read
	checkers    *checkers            // only while the documents are read
	stated      map[statement]string // to the clause id
	operations  []*operation
	byKey       map[wire.Operation]*operation
	byAction    map[string]*operation
	general     *operation // what applies to an action that the documents do not know

	judgedMethod, judgedTransport []string // the clauses of answers that are not judged further
}

// Load reads the contract. For an invalid document it returns an error of one line: "file:line:col:
// what is wrong; what to do".
func Load(fsys fs.FS) (*Contract, error) {
	api, clauses, err := open(fsys)
	if err != nil {
		return nil, err
	}
	if err := checkSchemas(api); err != nil {
		return nil, err
	}
	c, err := read(api, clauses)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(checkExamples(api), checkLinks(api), validate(api)); err != nil {
		return nil, err
	}
	return c, nil
}

// LoadValid reads a contract whose description is known to be valid OpenAPI; a test ensures that
// for the built-in one. It checks everything else, in less than half the time of Load.
func LoadValid(fsys fs.FS) (*Contract, error) {
	api, clauses, err := open(fsys)
	if err != nil {
		return nil, err
	}
	return read(api, clauses)
}

// open reads both documents and checks their keys.
func open(fsys fs.FS) (api, clauses *document, err error) {
	if api, clauses, err = readDocuments(fsys); err != nil {
		return nil, nil, err
	}
	return api, clauses, checkGrammar(api)
}

// read builds a contract from both documents.
func read(api, clauses *document) (*Contract, error) {
	c := &Contract{
		api:      api,
		checkers: newCheckers(api),
		title:    text(api.at("/info/title")),
		version:  text(api.at("/info/version")),
		sha256:   sum(api.data, clauses.data),
		pages:    text(api.at("/externalDocs/url")),
	}
	if c.pages != "" && !strings.HasPrefix(c.pages, "https://") {
		return nil, api.fault(api.at("/externalDocs/url"), fmt.Sprintf("%q is no https address", c.pages), "write the address of the contract's README.md or index.html")
	}
	actions, err := readActions(api)
	if err != nil {
		return nil, err
	}
	if err := c.readClauses(clauses, api); err != nil {
		return nil, err
	}
	if err := c.checkNamed(clauses, actions); err != nil {
		return nil, err
	}
	c.judgedMethod = []string{c.own(verdict.RoleMethod)}
	c.judgedTransport = []string{c.own(verdict.RoleMedia), c.own(verdict.RoleUTF8), c.own(verdict.RoleJSON)}
	if err := c.readOperations(api); err != nil {
		return nil, err
	}
	if err := cmp.Or(c.checkClauses(clauses, api), c.checkMarks(api, api.root), c.checkPrefixes(api)); err != nil {
		return nil, err
	}
	c.general, c.checkers = c.shared(), nil
	return c, nil
}

// Document returns the contract's entry in a report.
func (c *Contract) Document() verdict.Document {
	d := verdict.Document{Title: c.title, Version: c.version, SHA256: c.sha256, Pages: c.pages}
	for _, s := range c.sources {
		d.Sources = append(d.Sources, verdict.SourceDocument{Mark: s.Mark, Title: s.Name.En, TitleZh: s.Name.Zh, Read: s.Read, Addresses: s.Addresses})
	}
	return d
}

// Fault returns an error about a place in the description, for packages that use the contract for
// more than judging.
func (c *Contract) Fault(pointer, what, do string) error {
	return c.api.fault(c.api.at(pointer), what, do)
}

// Title returns the title of the description.
func (c *Contract) Title() string { return c.title }

// Version returns the version of the API that the contract describes, a date.
func (c *Contract) Version() string { return c.version }

// SHA256 returns the digest of both documents in hex.
func (c *Contract) SHA256() string { return c.sha256 }

// Operations returns all operations in the order of the description.
func (c *Contract) Operations() []wire.Operation {
	keys := make([]wire.Operation, len(c.operations))
	for i, op := range c.operations {
		keys[i] = op.key
	}
	return keys
}

// Operation returns the operation of an action, and whether the contract has it.
func (c *Contract) Operation(action string) (wire.Operation, bool) {
	op, ok := c.byAction[action]
	if !ok {
		return wire.Operation{}, false
	}
	return op.key, true
}

// CutOff returns an action's name without its last two letters, and whether no action has that
// name. It removes two letters because removing one could turn a plural into the name of another
// action.
func (c *Contract) CutOff(action string) (string, bool) {
	name := action[:max(0, len(action)-2)]
	_, taken := c.byAction[name]
	return name, name != "" && !taken
}

// Clauses returns all clauses in the order of their document.
func (c *Contract) Clauses() []verdict.Clause { return slices.Clone(c.clauses) }

// Clause returns the clause with an id, and whether there is one.
func (c *Contract) Clause(id string) (verdict.Clause, bool) {
	i, ok := c.byID[id]
	if !ok {
		return verdict.Clause{}, false
	}
	return c.clauses[i], true
}

// Pairs returns the documented (status, code) pairs of an operation, by status, then in the order
// of the description. For an unknown operation it returns the pairs that all operations share.
func (c *Contract) Pairs(op wire.Operation) []verdict.Pair {
	return slices.Clone(c.operation(op).pairs)
}

// Statuses returns the documented statuses of an operation, ascending.
func (c *Contract) Statuses(op wire.Operation) []int {
	return slices.Clone(c.operation(op).statuses)
}

// Lifecycle returns how the changes of an operation are observed, and whether the operation has a
// lifecycle.
func (c *Contract) Lifecycle(op wire.Operation) (Lifecycle, bool) {
	if l := c.operation(op).lifecycle; l != nil {
		return *l, true
	}
	return Lifecycle{}, false
}

// Request returns the schema of an operation's request body, and whether the contract has the
// operation.
func (c *Contract) Request(op wire.Operation) (Schema, bool) {
	o, ok := c.byKey[op]
	if !ok {
		return Schema{}, false
	}
	return o.request, true
}

// Response returns the schema of an operation's response body for a status, and whether it has one.
func (c *Contract) Response(op wire.Operation, status int) (Schema, bool) {
	o, ok := c.byKey[op]
	if !ok || o.answers[status] == nil {
		return Schema{}, false
	}
	return o.answers[status].body, true
}

// Judged returns the ids of the clauses that judge every answer of an operation with a status,
// including those about its rows. The slice is shared and must not be changed.
func (c *Contract) Judged(op wire.Operation, status int) []string {
	if a := c.operation(op).answers[status]; a != nil {
		return a.judgedFull
	}
	return nil
}

// operation returns the operation with a key, or what applies to every action.
func (c *Contract) operation(key wire.Operation) *operation {
	if op, ok := c.byKey[key]; ok {
		return op
	}
	return c.general
}

func sum(documents ...[]byte) string {
	digest := sha256.New()
	for _, d := range documents {
		digest.Write(d)
	}
	return hex.EncodeToString(digest.Sum(nil))
}
