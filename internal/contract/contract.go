// Package contract reads the contract, openapi.yaml and clauses.yaml, and judges
// single exchanges against it: every exchange, whether or not a step asks.
//
// It knows the envelope and the headers that all operations share, and no
// operation, error code or parameter by name: those come from the documents. It
// judges neither trajectories nor side effects, sends nothing, and keeps to itself
// which library reads OpenAPI. A clause that several exchanges or a request's
// intent are needed for (is this the error that applies?) is not judged here.
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

// The documents' names in the file system given to Load.
const (
	openapiFile = "openapi.yaml"
	clausesFile = "clauses.yaml"
)

// Contract is the two documents, read. It never changes and may be shared.
type Contract struct {
	title, version, sha256 string
	pages                  string    // where its pages for readers stand; "": nowhere
	api                    *document // what is told to readers is read from it when it is asked for

	sources     []Source
	clauses     []verdict.Clause
	byID        map[string]int
	byRole      map[inRole]string    // to the id of the clause
	templates   map[string]Text      // by id
	clauseNodes []*yaml.Node         // of each clause, while the documents are read
	checkers    *checkers            // likewise
	stated      map[statement]string // to the id of the clause
	operations  []*operation
	byKey       map[wire.Operation]*operation
	byAction    map[string]*operation
	general     *operation // what holds for an action that the documents do not know

	judgedMethod, judgedTransport []string // the clauses of answers that are not read further
}

// Load reads the contract. A malformed document gives an error of one line,
// "file:line:col: what is wrong; what to do".
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
	if err := validate(api); err != nil {
		return nil, err
	}
	return c, nil
}

// LoadValid reads a contract whose description is known to be valid OpenAPI, as a test shows
// of the one that is built in. It checks all the rest, in less than half the time.
func LoadValid(fsys fs.FS) (*Contract, error) {
	api, clauses, err := open(fsys)
	if err != nil {
		return nil, err
	}
	return read(api, clauses)
}

// open reads both documents, whose keys are then known to be right.
func open(fsys fs.FS) (api, clauses *document, err error) {
	if api, clauses, err = readDocuments(fsys); err != nil {
		return nil, nil, err
	}
	return api, clauses, checkGrammar(api)
}

// read makes a contract of both documents.
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

// Document returns what a report says of the contract.
func (c *Contract) Document() verdict.Document {
	d := verdict.Document{Title: c.title, Version: c.version, SHA256: c.sha256, Pages: c.pages}
	for _, s := range c.sources {
		d.Sources = append(d.Sources, verdict.SourceDocument{Mark: s.Mark, Title: s.Name.En, TitleZh: s.Name.Zh, Read: s.Read, Addresses: s.Addresses})
	}
	return d
}

// Fault returns the error for something wrong at a place in the description, for those who use the contract for more
// than judging.
func (c *Contract) Fault(pointer, what, do string) error {
	return c.api.fault(c.api.at(pointer), what, do)
}

// Title returns the title of the description.
func (c *Contract) Title() string { return c.title }

// Version returns the version of the API that the contract describes, a date.
func (c *Contract) Version() string { return c.version }

// SHA256 returns the digest of both documents, in hex.
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

// CutOff returns the name of an action without its last two letters, and whether that is the
// name of no action. Without one letter, a plural might be the name of another action.
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

// Pairs returns the documented (status, code) pairs of an operation, by status,
// then in the order of the description. For an operation that the contract does
// not have, they are the pairs that all operations share.
func (c *Contract) Pairs(op wire.Operation) []verdict.Pair {
	return slices.Clone(c.operation(op).pairs)
}

// Statuses returns the documented statuses of an operation, ascending.
func (c *Contract) Statuses(op wire.Operation) []int {
	return slices.Clone(c.operation(op).statuses)
}

// Lifecycle returns how the work of an operation is observed, and whether it has any.
func (c *Contract) Lifecycle(op wire.Operation) (Lifecycle, bool) {
	if l := c.operation(op).lifecycle; l != nil {
		return *l, true
	}
	return Lifecycle{}, false
}

// Request returns what the body of a request may hold, and whether the contract
// has the operation.
func (c *Contract) Request(op wire.Operation) (Schema, bool) {
	o, ok := c.byKey[op]
	if !ok {
		return Schema{}, false
	}
	return o.request, true
}

// Response returns the documented body of an answer with a status, and whether
// the operation has one.
func (c *Contract) Response(op wire.Operation, status int) (Schema, bool) {
	o, ok := c.byKey[op]
	if !ok || o.answers[status] == nil {
		return Schema{}, false
	}
	return o.answers[status].body, true
}

// Judged returns the ids of the clauses that every answer of an operation with a
// status is judged by, those of its rows among them. The slice is shared and must not
// be changed.
func (c *Contract) Judged(op wire.Operation, status int) []string {
	if a := c.operation(op).answers[status]; a != nil {
		return a.judgedFull
	}
	return nil
}

// operation returns the operation with a key, or what holds for every action.
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
