package contract_test

import "testing"

func TestATextThatPagesCannotShowIsRefused(t *testing.T) {
	const (
		api, clauses = "openapi.yaml", "clauses.yaml"
		path         = "    zh: \"生产域名仅支持 HTTPS。\"\n"
		source       = "    zh: \"公共错误码\"\n"
		title        = "  title: Zenlayer Elastic Compute, resizing and powering instances\n"
		about        = "    description: The production host, HTTPS only (R).\n"
		quotes       = " is no text; write one: what looks like a number or a boolean needs quotes"
		empty        = " has no text; write one, or remove the key"
		line         = " is no single line; write one, without spaces around it: titles and tables show it"
		control      = " has a control character; remove it: terminals and pages show the text"
	)
	for _, test := range []replaced{
		{"a number for a sentence", clauses, path, "    zh: 5\n", "5", "the key zh of a clause" + quotes},
		{"a boolean for a sentence", clauses, path, "    zh: true\n", "true", "the key zh of a clause" + quotes},
		{"no value for a sentence", clauses, path, "    zh: null\n", "null", "the key zh of a clause is no text; write one"},
		{"a colour in a sentence", clauses, path, "    zh: \"\\e[31mred\"\n", `"\e`, "the key zh of a clause" + control},
		{"a byte that YAML does not allow", clauses, path, "    zh: a\x00\n", "\x00", "control characters are not allowed (value: 0); fix the YAML"},
		{"a byte that is no UTF-8", clauses, path, "    zh: a\xff\n", "\xff", "invalid leading UTF-8 octet (value: 255); fix the YAML"},
		{"a number for a source", clauses, source, "    zh: 5\n", "5", "zh" + quotes},
		{"blanks for a source", clauses, source, "    zh: \"  \"\n", `"  "`, "zh" + empty},
		{"two lines for a source", clauses, source, "    zh: \"a\\nb\"\n", `"a`, "zh" + line},
		{"a bell in a source", clauses, source, "    zh: \"a\\ab\"\n", `"a`, "zh" + control},
		{"an address that is a number", clauses, "      - https://github.com/zenlayer/zenlayercloud-cli\n", "      - 5\n", "5", "an item" + quotes},
		{"a title of blanks", api, title, "  title: \"  \"\n", `"  "`, "title" + empty},
		{"a title of two lines", api, title, "  title: \"a\\nb\"\n", `"a`, "title" + line},
		{"a title with blanks around it", api, title, "  title: \" a\"\n", `" a`, "title" + line},
		{"a title with an escape", api, title, "  title: \"a\\eb\"\n", `"a`, "title" + control},
		{"a description with an escape", api, about, "    description: \"a\\eb\"\n", `"a`, "description" + control},
		{"a Chinese description that is a number", api, "      x-zh: 查询指定实例或全部实例的状态。\n", "      x-zh: 5\n", "5", "x-zh" + quotes},
		{"a tag without a name", api, "  - name: instance\n", "  - name: \"\"\n", `""`, "name" + empty},
		{"an inverse without a name", api, "inverse: ModifyInstanceType", "inverse: \"\"", `""`, "inverse has no text; write one, or remove the key"},
		{"a value of two lines in a message", api, "absent: {status: 404, code: INVALID_INSTANCE_NOT_FOUND}", "absent: {status: \"a\\nb\", code: X}", "{", `ModifyInstanceType documents no error a\nb X; name one of its responses`},
	} {
		t.Run(test.name, test.refusedAtItsPlace)
	}
}

func TestAnEnvelopeThatIsNotDescribedIsRefused(t *testing.T) {
	const (
		api     = "openapi.yaml"
		success = "                type: object\n                description: The envelope of a success.\n                x-source: R\n                required: [requestId, response]\n"
		inner   = "                    example: {requestId: T05992D0C-7E8B-4047-B0C0-780F2CD549D3}\n                    required: [requestId]\n"
		failure = "                type: object\n                description: The envelope of a failure.\n                x-source: R\n                required: [requestId, code, message]\n"
	)
	for _, test := range []replaced{
		{"a success that need not have its members", api, success, "                type: object\n                description: The envelope of a success.\n                required: [requestId]\n", "type",
			"the response 200 does not require the member response; add it to required: every answer has it"},
		{"a success of any type", api, success, "                description: The envelope of a success.\n                required: [requestId, response]\n", "required",
			"required without a type; add type: object: otherwise a value of another type is right"},
		{"a request id of any type", api, "    RequestId:\n      type: string\n      minLength: 1\n", "    RequestId:\n      minLength: 1\n", "minLength", "minLength without a type; add type: string: otherwise a value of another type is right"},
		{"an inner id that need not be there", api, "                    type: object\n                    description: The request id, nothing else.\n                    x-zh: 仅包含请求 ID。\n                    x-source: M\n" + inner, "                    type: object\n", "type", "the member response does not require the member requestId; add it to required: every answer has it"},
		{"a failure that need not have a message", api, failure, "                type: object\n                description: The envelope of a failure.\n                required: [requestId, code]\n", "type",
			"the response 400 does not require the member message; add it to required: every answer has it"},
	} {
		t.Run(test.name, test.refusedAtItsPlace)
	}
}

func TestAnExampleThatContradictsItsSchemaIsRefused(t *testing.T) {
	const (
		api     = "openapi.yaml"
		resize  = "value: {instanceId: instanceId, instanceType: z2a.cpu.4}"
		answer  = "                  value:\n                    requestId: T05992D0C-7E8B-4047-B0C0-780F2CD549D3\n                    response: {requestId: T05992D0C-7E8B-4047-B0C0-780F2CD549D3}\n"
		refusal = "                    code: OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT\n                    message: The instance is"
		fix     = "; write one that the schema allows, or fix the schema"
	)
	for _, test := range []replaced{
		{"a request that lacks a parameter", api, resize, "value: {instanceId: instanceId}", "{", "the example has no member instanceType" + fix},
		{"a request with an unknown parameter", api, resize, "value: {instanceId: i, instanceType: t, instanceIds: [i]}", "instanceIds", `the example has the member "instanceIds", which is not described; write the name of one that is`},
		{"a request with a value of another type", api, resize, "value: {instanceId: i, instanceType: 4}", "4", "the example 4 is not of the type string; put it in quotes, or write another type"},
		{"a request that is no object", api, resize, "value: [i]", "[", "the example is not of the type object" + fix},
		{"a success without a request id", api, answer, "                  value: {response: {requestId: T1}}\n", "{response", "the example has no member requestId" + fix},
		{"a refusal with a code of another status", api, refusal, "                    code: INVALID_INSTANCE_NOT_FOUND\n                    message: The instance is", "INVALID", "the example INVALID_INSTANCE_NOT_FOUND is not listed in enum" + fix},
		{"a header with a value that is not listed", api, "          example: ModifyInstanceType\n", "          example: Modify\n", "Modify", "the example Modify is not listed in enum" + fix},
		{"an example without a value", api, "summary: Change an instance to z2a.cpu.4.\n                " + resize, "summary: None.", "summary", "an example without value; add it"},
		{"a link to nothing", api, "              operationId: DescribeInstancesStatus\n              description: How the change", "              operationId: DescribeInstance\n              description: How the change", "DescribeInstance",
			`the link names the operation "DescribeInstance", which is not described; name one that is`},
		{"a superseded pair with a status of success", api, "- {status: 400, code: STOCK_INSUFFICIENT", "- {status: 200, code: STOCK_INSUFFICIENT", "200", "the status 200 of a superseded pair is no failure; write one from 400 to 599"},
		{"a superseded pair twice", api, "- {status: 400, code: STOCK_INSUFFICIENT", "- {status: 404, code: INVALID_PRODUCT_NOT_FOUND", "{", "the superseded pair 404 INVALID_PRODUCT_NOT_FOUND stands twice; remove one"},
	} {
		t.Run(test.name, test.refusedAtItsPlace)
	}
}
