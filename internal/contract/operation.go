package contract

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// operation is the compiled form of one path key of the description.
type operation struct {
	key       wire.Operation
	changes   bool // also true if the description does not say, because an operation not known to be a read may change something
	allowedBy string
	request   Schema
	statuses  []int
	answers   map[int]*answer
	refusal   *answer // one of the errors, for the envelope of errors with other statuses
	open      *answer // any error with a 4xx status; nil if the list of codes is closed
	pairs     []verdict.Pair
	byCode    map[string][]verdict.Pair
	lifecycle *Lifecycle
	// superseded are pairs that only older editions list.
	superseded []verdict.Superseded
}

// answer is one documented response of an operation.
type answer struct {
	body        Schema
	check       checker
	judgedFull  []string // the clauses that judge an exchange with this answer
	judgedEmpty []string // the same if it has no rows
}

func (c *Contract) newAnswer(status int, body Schema, check checker) *answer {
	judged := []string{c.own(verdict.RoleMedia), c.own(verdict.RoleUTF8), c.own(verdict.RoleJSON), c.own(verdict.RoleRequestIDUnique)}
	if status == http.StatusOK {
		judged = append(judged, c.own(verdict.RoleSuccessStatus), c.own(verdict.RoleRequestIDEqual))
	} else {
		judged = append(judged, c.own(verdict.RoleFailureStatus))
	}
	always, ofRows := body.clauses()
	empty := slices.Concat(judged, always)
	return &answer{body: body, check: check, judgedEmpty: empty, judgedFull: slices.Concat(empty, ofRows)}
}

func (c *Contract) readOperations(api *document) error {
	c.byKey, c.byAction = map[wire.Operation]*operation{}, map[string]*operation{}
	err := members(member(api.root, "paths"), func(key, value *yaml.Node) error {
		op, err := c.readOperation(api, key, value)
		if err != nil {
			return err
		}
		c.operations = append(c.operations, op)
		c.byKey[op.key], c.byAction[op.key.Action] = op, op
		return nil
	})
	if err != nil {
		return err
	}
	return c.readLifecycles(api)
}

func (c *Contract) readOperation(api *document, key, path *yaml.Node) (*operation, error) {
	where, action, _ := strings.Cut(key.Value, "#")
	post := member(path, "post")
	version, err := readHeaders(api, post, action)
	if err != nil {
		return nil, err
	}
	op := &operation{
		key:     wire.Operation{Path: where, Action: action, Version: version},
		answers: map[int]*answer{}, byCode: map[string][]verdict.Pair{},
	}
	if err := op.readEffect(api, post); err != nil {
		return nil, err
	}
	pointer := "/paths/" + escape(key.Value) + "/post"
	if op.request, _, err = c.readBody(api, member(post, "requestBody"), pointer+"/requestBody", action); err != nil {
		return nil, err
	}
	if err := c.readAnswers(api, op, post, pointer); err != nil {
		return nil, err
	}
	response, _ := op.answers[http.StatusOK].body.Member("response")
	return op, cmp.Or(
		checkTyped(api, "the parameters of "+action, op.request),
		checkPaging(api, op.request, PageSize, PageNumber), checkPaging(api, response, PageTotal),
		readSuperseded(api, op, post))
}

// readHeaders checks the header that selects the operation, and returns the version.
func readHeaders(api *document, post *yaml.Node, action string) (string, error) {
	list := member(post, "parameters")
	one := map[string]string{}
	if list != nil {
		for _, n := range list.Content {
			target, _, err := api.deref(n, "")
			if err != nil {
				return "", err
			}
			if values := texts(member(member(target, "schema"), "enum")); len(values) == 1 && text(member(target, "in")) == "header" {
				one[text(member(target, "name"))] = values[0]
			}
		}
	}
	if one["X-ZC-Action"] != action {
		return "", api.fault(post, "the header X-ZC-Action is not the action in the path", "make "+action+" its only value")
	}
	if one["X-ZC-Version"] == "" {
		return "", api.fault(post, "the header X-ZC-Version has no single value", "make the API version its only value")
	}
	return one["X-ZC-Version"], nil
}

func (c *Contract) readAnswers(api *document, op *operation, post *yaml.Node, pointer string) error {
	err := members(member(post, "responses"), func(key, value *yaml.Node) error {
		if key.Value == anyRefusal {
			return c.readOpen(api, op, value, pointer)
		}
		status, _ := strconv.Atoi(key.Value)
		node, at, err := api.deref(value, pointer+"/responses/"+key.Value)
		if err != nil {
			return err
		}
		body, check, err := c.readBody(api, node, at, op.key.Action)
		if err != nil {
			return err
		}
		op.statuses = append(op.statuses, status)
		op.answers[status] = c.newAnswer(status, body, check)
		if status != http.StatusOK {
			op.refusal = op.answers[status]
			if err := c.readPairs(api, op, status, body); err != nil {
				return err
			}
		}
		return checkEnvelope(api, status, body)
	})
	slices.Sort(op.statuses)
	slices.SortStableFunc(op.pairs, func(a, b verdict.Pair) int { return cmp.Compare(a.Status, b.Status) })
	return err
}

// anyRefusal is the key of a response that stands for every 4xx status, because the documents do
// not list the codes. The listed codes are documented; others are allowed, too.
const anyRefusal = "4XX"

func (c *Contract) readOpen(api *document, op *operation, n *yaml.Node, pointer string) error {
	node, at, err := api.deref(n, pointer+"/responses/"+anyRefusal)
	if err != nil {
		return err
	}
	body, check, err := c.readBody(api, node, at, op.key.Action)
	if err != nil {
		return err
	}
	if code, _ := body.Member("code"); len(code.Enum) > 0 {
		return api.fault(api.at(code.Pointer), "the response 4XX lists codes", "list them under their status")
	}
	if err := checkEnvelope(api, http.StatusBadRequest, body); err != nil {
		return err
	}
	op.open = c.newAnswer(http.StatusBadRequest, body, check)
	return nil
}

// Open reports whether an operation may refuse with codes that no document lists.
func (c *Contract) Open(op wire.Operation) bool {
	o, known := c.byKey[op]
	return known && o.open != nil
}

// refuses reports whether an open operation may refuse with a status.
func (o *operation) refuses(status int) bool { return o.open != nil && status >= 400 && status < 500 }

// readBody reads the JSON body of a request or a response.
func (c *Contract) readBody(api *document, n *yaml.Node, pointer, action string) (Schema, checker, error) {
	schema := member(member(member(n, "content"), "application/json"), "schema")
	if schema == nil {
		return Schema{}, checker{}, api.fault(n, "a body without a schema for application/json", "describe it")
	}
	body, err := c.readSchema(api, schema, pointer+"/content/application~1json/schema", action)
	if err != nil {
		return Schema{}, checker{}, err
	}
	check, err := c.checkers.of(schema)
	return body, check, err
}

// readPairs finds the clause of every code that an error response can have.
func (c *Contract) readPairs(api *document, op *operation, status int, body Schema) error {
	code, ok := body.Member("code")
	if !ok || len(code.Enum) == 0 {
		return api.fault(api.at(body.Pointer), fmt.Sprintf("the response %d lists no codes", status), "add the member code with an enum")
	}
	for i, value := range code.Enum {
		entry := fmt.Sprintf("%s/enum/%d", code.Pointer, i)
		clause := c.clauseAt([]string{entry}, op.key.Action)
		if clause == "" {
			return api.fault(api.at(entry), fmt.Sprintf("no clause points at %d %s", status, value), "add its pointer "+entry+" to a clause")
		}
		if text := c.clauses[c.byID[clause]].Text; !strings.Contains(text, value) {
			return api.fault(api.at(entry), fmt.Sprintf("%s points at %d %s and does not speak of it", clause, status, value),
				"fix the clause's pointer, which counts the codes from 0")
		}
		pair := verdict.Pair{Operation: op.key, Status: status, Code: value, Clause: clause}
		op.pairs = append(op.pairs, pair)
		op.byCode[value] = append(op.byCode[value], pair)
	}
	return nil
}

// shared returns what applies to an unknown action: the envelopes, and the pairs whose clauses are
// about all operations.
func (c *Contract) shared() *operation {
	g := &operation{answers: map[int]*answer{}, byCode: map[string][]verdict.Pair{}}
	codes := map[int]map[string]bool{}
	for _, op := range c.operations {
		g.key.Path = op.key.Path
		for _, pair := range op.pairs {
			if c.clauses[c.byID[pair.Clause]].Operation != "" || codes[pair.Status][pair.Code] {
				continue
			}
			if codes[pair.Status] == nil {
				codes[pair.Status] = map[string]bool{}
			}
			codes[pair.Status][pair.Code] = true
			pair.Operation = wire.Operation{}
			g.pairs = append(g.pairs, pair)
			g.byCode[pair.Code] = append(g.byCode[pair.Code], pair)
		}
	}
	for status := range codes {
		g.answers[status] = c.operations[0].answers[status]
	}
	g.refusal = c.operations[0].refusal
	g.answers[http.StatusOK] = c.envelope(c.operations[0].answers[http.StatusOK])
	g.statuses = slices.Sorted(maps.Keys(g.answers))
	slices.SortStableFunc(g.pairs, func(a, b verdict.Pair) int { return cmp.Compare(a.Status, b.Status) })
	return g
}
