package contract_test

import "testing"

func TestAClauseThatCannotHoldIsRefused(t *testing.T) {
	const (
		api, clauses = "openapi.yaml", "clauses.yaml"
		denied       = "  - id: M-GPU-DENIED\n    level: must\n    operation: ModifyInstanceType\n"
		utf8         = "  - id: R-UTF8\n    level: must\n    role: utf-8\n"
		sameValue    = "    role: same-value\n    operation: ModifyInstanceType\n"
		filter       = "    role: filter\n    operation: DescribeInstancesStatus\n"
		older        = "en: \"Older English editions of the API page ModifyInstanceType, superseded\"\n"
		why          = "    untestable: \"only the production host binds it, and a plain request to it would carry credentials in the clear\"\n"
		whyZh        = "    untestable-zh: \"仅约束生产域名，且对其发送明文请求会泄露凭证\"\n"
	)
	for _, test := range []replaced{
		{"an operation whose codes no other clause states", clauses, denied, "  - id: M-GPU-DENIED\n    level: must\n    operation: ModifyInstanceTipe\n", "ModifyInstanceTipe",
			`M-GPU-DENIED speaks of the operation "ModifyInstanceTipe", which openapi.yaml does not have; name one of its operations`},
		{"two roles", clauses, utf8, "  - id: R-UTF8\n    level: must\n    role: [utf-8, json]\n", "[utf-8", "the key role of a clause is no text; write one"},
		{"an empty role", clauses, utf8, "  - id: R-UTF8\n    level: must\n    role: \"\"\n", `""`, "the key role of a clause has no text; write one, or remove the key"},
		{"a role of a reading action", clauses, sameValue, "    role: page\n    operation: ModifyInstanceType\n", "page", "the role page is of an action that reads, and ModifyInstanceType changes something; write another role, or remove the key"},
		{"a role of a changing action", clauses, filter, "    role: lock\n    operation: DescribeInstancesStatus\n", "lock", "the role lock is of an action that changes something, and DescribeInstancesStatus reads; write another role, or remove the key"},
		{"the role of a batch", clauses, sameValue, "    role: batch\n    operation: ModifyInstanceType\n", "batch", "the role batch is of a batch, and ModifyInstanceType takes one subject; write another role, or remove the key"},
		{"no place", clauses, utf8, utf8 + "    pointer: []\n", "[]", "the key pointer of a clause has no text; write a place in openapi.yaml, or several in a list, or remove the key"},
		{"a place that is a mapping", clauses, utf8, utf8 + "    pointer: {path: /info}\n", "{", "the key pointer of a clause has no text; write a place in openapi.yaml, or several in a list, or remove the key"},
		{"a second place that leads nowhere", clauses, utf8, utf8 + "    pointer: [/info, /nowhere]\n", "/nowhere", "the pointer /nowhere leads nowhere in openapi.yaml; point at the place that states the clause"},
		{"a reason in English alone", clauses, why + whyZh, why, `"only`, "untestable and untestable-zh stand alone; write both: reports are read in English and in Chinese"},
		{"a reason in Chinese alone", clauses, why + whyZh, whyZh, `"仅`, "untestable and untestable-zh stand alone; write both: reports are read in English and in Chinese"},
		{"no prefix of an id", api, "x-clauses: M-RESIZE", "x-clauses: resize", "resize", `no id can begin with x-clauses "resize"; write the mark of a source and a name in capitals, such as A-RESIZE-DISK`},
		{"the prefix of another action", api, "x-clauses: C-STATUS", "x-clauses: M-RESIZE", "M-RESIZE", "the clauses of ModifyInstanceType and DescribeInstancesStatus begin with M-RESIZE alike; give one of them another x-clauses"},
		{"a success that is none", api, "      responses:\n        \"200\":", "      responses:\n        \"201\":", `"201"`, "the response 201 is neither 200 nor a failure; describe a success under 200: every action answers with that"},
		{"a path without a slash", api, "  /api/v2/zec#ModifyInstanceType:", "  api/v2/zec#ModifyInstanceType:", "api", `the path "api/v2/zec#ModifyInstanceType" does not begin with /; write the whole path`},
	} {
		t.Run(test.name, test.refusedAtItsPlace)
	}
	for _, stated := range []string{"yesterday", "2026-11-31", "2026-11-26/2026-11-22", "2026-11-22/soon", "2026-11-22/"} {
		t.Run("read "+stated, func(t *testing.T) {
			replaced{file: clauses, old: older, replacement: older + "    read: " + stated + "\n", at: stated,
				want: `read "` + stated + `" is no day, nor the first and the last of some; write one, such as 2026-11-26, or two with / between`}.refusedAtItsPlace(t)
		})
	}
}
