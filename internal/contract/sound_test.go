package contract_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
)

// asked is where the parameters of the resize begin.
const asked = "required: [instanceId, instanceType]\n              properties:\n"

// replaced is a document with a text replaced, and a place in what replaces it.
type replaced struct{ name, file, old, replacement, at, want string }

// refusedAtItsPlace holds that a contract is refused in one line, at the place of a text in what has been replaced.
func (r replaced) refusedAtItsPlace(t *testing.T) {
	t.Helper()
	fsys := documents(t, r.file, r.old, r.replacement)
	before, err := fs.ReadFile(documents(t, "", "", ""), r.file)
	require.NoError(t, err)
	head, _, _ := strings.Cut(string(before), r.old)
	inside, _, found := strings.Cut(r.replacement, r.at)
	require.True(t, found, "the replacement has no %q", r.at)
	lines := strings.Split(head+inside, "\n")
	_, err = contract.Load(fsys)
	assert.EqualError(t, err, fmt.Sprintf("%s:%d:%d: %s", r.file, len(lines), len(lines[len(lines)-1])+1, r.want))
}

func TestASchemaThatContradictsItselfIsRefused(t *testing.T) {
	const fix = "; write one that the schema allows, or fix the schema"
	for _, test := range []struct{ schema, at, want string }{
		{"type: strin", "strin", `the type "strin" is unknown; use one of object, array, string, integer, number, boolean`},
		{"type: [string, integer]", "[string", "type is no text; write one"},
		{"type: array", "array", "an array without items; describe one under the key items"},
		{"type: string, items: {type: string}", "items", "items says nothing of the type string; remove it, or write the type that is meant"},
		{"type: string, maximum: 7", "maximum", "maximum says nothing of the type string; remove it, or write the type that is meant"},
		{"type: integer, minLength: 1", "minLength", "minLength says nothing of the type integer; remove it, or write the type that is meant"},
		{"type: integer, maximum: -5", "-5", "the maximum is below 0; write the greatest value that is right: counts and sizes begin at 0"},
		{"type: integer, maximum: 40.5", "40.5", "the maximum of an integer is no whole number; write the greatest one that is right"},
		{"type: integer, maximum: 9007199254740992", "9007199254740992", "the maximum is above 9007199254740991, and no greater number is sent as it is written; write less, or remove the key"},
		{"type: number, maximum: 1e300", "1e300", "the maximum is above 9007199254740991, and no greater number is sent as it is written; write less, or remove the key"},
		{"type: array, items: {type: string}, maxItems: 1000001", "1000001", "maxItems is above 1000000, and no request has more; write less, or remove the key"},
		{"type: integer, x-paging: size, default: -3", "-3", "the default -3 is no page or size of one; write a number from 1 to 1000000"},
		{"type: integer, x-paging: number, default: 0", "0", "the default 0 is no page or size of one; write a number from 1 to 1000000"},
		{"type: integer, x-paging: size, default: 1000001", "1000001", "the default 1000001 is no page or size of one; write a number from 1 to 1000000"},
		{`type: integer, maximum: "5"`, `"5"`, "maximum is no number; write one, without quotes"},
		{"type: string, minLength: -1", "-1", "minLength is no count; write a whole number"},
		{"type: array, maxItems: 0, items: {type: string}", "0", "maxItems is 0, which leaves no list; write how many items a list may have"},
		{`type: string, pattern: "("`, `"("`, `the pattern "(" is no regular expression; fix it`},
		{"type: string, nullable: often", "often", "nullable is neither true nor false; write one of them, without quotes"},
		{"type: string, x-search: maybe", "maybe", "x-search is neither true nor false; write one of them, without quotes"},
		{"type: string, x-resource: [disk]", "[disk", "x-resource is no text; write one"},
		{"type: object, required: [a, a], properties: {a: {type: string}}", "a]", `the required member "a" stands twice; remove one`},
		{"type: object, required: [[a]], properties: {a: {type: string}}", "[a]", "a required member is no text; write its name"},
		{"type: string, enum: []", "[]", "enum is no list of values; write at least one in brackets, or remove the key"},
		{"type: string, enum: one", "one", "enum is no list of values; write at least one in brackets, or remove the key"},
		{"type: string, enum: [one, two, one]", "one]", "the value one stands twice in enum; remove one"},
		{"type: string, enum: [one, 7]", "7", "the value 7 is not of the type string; put it in quotes, or write another type"},
		{"type: string, enum: [2024-04-01, b]", "2024", "the value 2024-04-01 is not of the type string; put it in quotes, or write another type"},
		{"type: integer, enum: [one]", "one", "the value one is not of the type integer" + fix},
		{"type: integer, maximum: 3, enum: [4, 2]", "4", "the value 4 is above the maximum 3" + fix},
		{"type: string, x-values: [one, one]", "one]", "the value one stands twice in x-values; remove one"},
		{"type: string, enum: [one, two], x-values: [two]", "[two]", "enum and x-values stand together; keep enum where no other value is right, else x-values"},
		{"type: integer, default: two", "two", "the default two is not of the type integer" + fix},
		{"type: integer, maximum: 16, default: 20", "20", "the default 20 is above the maximum 16" + fix},
		{"type: integer, example: 1.5", "1.5", "the example 1.5 is not of the type integer" + fix},
		{"type: string, example: 17", "17", "the example 17 is not of the type string; put it in quotes, or write another type"},
		{"type: string, example: three, enum: [one, two]", "three", "the example three is not listed in enum" + fix},
		{"type: string, minLength: 4, example: one", "one", "the example one is shorter than minLength 4" + fix},
		{`type: string, pattern: "^[a-z]+$", example: ONE`, "ONE", "the example ONE does not match the pattern ^[a-z]+$" + fix},
		{"type: string, example: [one]", "[one]", "the example is not of the type string" + fix},
		{"type: array, items: {type: string}, maxItems: 1, example: [a, b]", "[a", "the example has more items than maxItems 1" + fix},
		{"type: array, items: {type: integer}, example: [1, b]", "b]", "the example b is not of the type integer" + fix},
		{"type: object, required: [a], properties: {a: {type: string}}, example: {b: 1}", "{b", "the example has no member a" + fix},
		{"type: object, properties: {a: {type: boolean}}, example: {a: 1}", "1}", "the example 1 is not of the type boolean" + fix},
		{`$ref: "#/components/responses/BadRequest"`, `"#`, `the reference "#/components/responses/BadRequest" does not lead to a schema; name a place that begins with #/components/schemas/`},
		{`x-resource: disk, $ref: "#/components/schemas/RequestId"`, "x-resource", `the key "x-resource" beside a reference; remove it: what stands at the reference counts`},
	} {
		t.Run(test.schema, func(t *testing.T) {
			replaced{file: "openapi.yaml", old: asked, at: test.at, want: test.want,
				replacement: asked + "                more: {" + test.schema + ", description: More.}\n"}.refusedAtItsPlace(t)
		})
	}
}

func TestASchemaMayStateWhatItAllows(t *testing.T) {
	for _, schema := range []string{
		"type: string, nullable: true, default: null", "type: number, maximum: 0, example: 0", "type: number, example: 1.5",
		"type: object, properties: {a: {type: string}}, required: [a], example: {a: x, further: 1}",
		"type: array, maxItems: 2, items: {type: integer, maximum: 9}, example: [1, 9]", "type: string, minLength: 2, example: 中文",
	} {
		_, err := contract.Load(documents(t, "openapi.yaml", asked, asked+"                more: {"+schema+", description: More.}\n"))
		assert.NoError(t, err, schema)
	}
}

func TestADescriptionOfAnotherFormIsRefusedAtItsPlace(t *testing.T) {
	const api, clauses = "openapi.yaml", "clauses.yaml"
	const schemas = "\n  schemas:\n"
	for _, test := range []replaced{
		{"another OpenAPI", api, "openapi: 3.0.3", "openapi: 2.0", "2.0", `the description is written in OpenAPI "2.0"; write it in 3.0.3`},
		{"no OpenAPI", api, "openapi: 3.0.3\ninfo:", "info:", "info", "the description does not say which OpenAPI it is written in; begin it with openapi: 3.0.3"},
		{"a document without info", api, "openapi: 3.0.3\ninfo:\n", "openapi: 3.0.3\nservers2:\n", "openapi", `the document without info; add it`},
		{"a server without address", api, "- url: https://console.zenlayer.com\n    description", "- description", "description", "a server without url; add it"},
		{"a response that says nothing", api, "    BadRequest:\n      description: The request is wrong.\n      x-zh", "    BadRequest:\n      x-zh", "x-zh", "a response without description; add it"},
		{"a text that is a number", api, "      operationId: ModifyInstanceType", "      operationId: 7", "7", "operationId is no text; write one: what looks like a number or a boolean needs quotes"},
		{"a text that is missing", api, "      operationId: ModifyInstanceType", "      operationId: ~", "~", "operationId is no text; write one"},
		{"a tag that is a number", api, "      tags: [instance]\n", "      tags: [7]\n", "7", "an item is no text; write one: what looks like a number or a boolean needs quotes"},
		{"an address that is a list", api, "    url: https://github.com/zec-tools/conformance\n", "    url: []\n", "[]", "url is no text; write one"},
		{"an unknown key of a contact", api, "  contact:\n", "  contact:\n    phone: x\n", "phone", `unknown key "phone" in contact; use one of email, name, url`},
		{"security of another kind", api, "security:\n  - hmac: []\n  - bearer: []\n", "security: hmac\n", "hmac", "no list; write a list, each item a map of list of text"},
		{"a scheme that is none", api, "security:\n  - hmac: []\n", "security:\n  - nothing: []\n", "- nothing", `invalid security: security requirement /security/0/nothing refers to undefined security scheme "nothing"; fix the description`},
		{"a schema around itself", api, schemas, schemas + "    Ring: {type: object, description: x, properties: {next: {$ref: \"#/components/schemas/Ring\"}}}\n", "\"#/",
			`the reference "#/components/schemas/Ring" leads back to a schema around it; write out as much of it as an answer has`},
		{"a ring of two", api, schemas, schemas + "    Ring: {type: array, description: x, items: {$ref: \"#/components/schemas/Other\"}}\n    Other: {type: array, description: x, items: {$ref: \"#/components/schemas/Ring\"}}\n", "\"#/components/schemas/Ring",
			`the reference "#/components/schemas/Ring" leads back to a schema around it; write out as much of it as an answer has`},
		{"a reference to itself", api, schemas, schemas + "    Ring: {$ref: \"#/components/schemas/Ring\"}\n", "\"#",
			`the reference "#/components/schemas/Ring" leads to another reference; name the place where that one leads`},
		{"a second document", api, "openapi: 3.0.3\n", "a: 1\n---\nopenapi: 3.0.3\n", "---", "a second YAML document; keep one in a file: remove the line --- and what follows it"},
		{"a second document of clauses", clauses, "sources:\n", "a: 1\n---\nsources:\n", "---", "a second YAML document; keep one in a file: remove the line --- and what follows it"},
	} {
		t.Run(test.name, test.refusedAtItsPlace)
	}
}

// TestALineAtTheEndIsNoSecondDocument: it ends the first one.
func TestALineAtTheEndIsNoSecondDocument(t *testing.T) {
	fsys := documents(t, "", "", "").(fstest.MapFS)
	fsys["openapi.yaml"].Data = append(fsys["openapi.yaml"].Data, "...\n"...)
	_, err := contract.Load(fsys)
	assert.NoError(t, err)
}

// TestWhatTheLibraryComplainsOfHasThePlaceOfItsPath gives an action one header twice, which this package does not look for.
func TestWhatTheLibraryComplainsOfHasThePlaceOfItsPath(t *testing.T) {
	const path, version = "\n  /api/v2/zec#ModifyInstanceType:\n", "        - $ref: \"#/components/parameters/Version\"\n"
	fsys := documents(t, "openapi.yaml", version, version+version)
	text, err := fs.ReadFile(fsys, "openapi.yaml")
	require.NoError(t, err)
	before, _, found := strings.Cut(string(text), path)
	require.True(t, found)
	_, err = contract.Load(fsys)
	assert.ErrorContains(t, err, fmt.Sprintf("openapi.yaml:%d:5: invalid paths: invalid path /api/v2/zec#ModifyInstanceType: ", strings.Count(before, "\n")+3))
}
