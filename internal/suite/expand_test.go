package suite_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

func actionsContract() suite.Contract {
	return suite.Contract{
		Clauses:  map[string]verdict.Clause{"M-GPU": {ID: "M-GPU", Text: "A GPU instance cannot be resized."}},
		Codes:    map[string]bool{"DENIED": true},
		Statuses: []string{"STOPPED", "RUNNING", "STARTING", "STOPPING"},
		Actions: []suite.Action{
			{Name: "Start", Facts: steps.Facts{Changes: true, Batch: true}, Places: map[string]string{"start": "STOPPED", "transient": "STARTING", "end": "RUNNING", "denied.start": "403 DENIED"}},
			{Name: "Reboot", Facts: steps.Facts{Changes: true}, Places: map[string]string{"start": "RUNNING", "transient": "STOPPING", "end": "RUNNING"}},
			{Name: "Read"},
		},
	}
}

func TestATableOfEveryActionComesFromTheContract(t *testing.T) {
	const head = "Feature: F\n\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n\n    @a-case\n    Scenario Outline: <action> of <start>\n"
	type c struct {
		id, name string
		line     int
	}
	tests := map[string]struct {
		body string
		want []c
	}{
		"changing": {
			"      Given a <start> instance\n      When <action> is called on it\n\n      Examples:\n        | every changing action |\n",
			[]c{{"a-case[Start]", "Start of STOPPED", 12}, {"a-case[Reboot]", "Reboot of RUNNING", 12}},
		},
		"only those that have what is used": {
			"      Given a <start> instance\n      When <action> is called on it\n      Then the answer is the error <denied.start>\n\n      Examples:\n        | every changing action |\n",
			[]c{{"a-case[Start]", "Start of STOPPED", 13}},
		},
		"crossed with rows": {
			"      Given a <status> instance\n      When <action> is called on it\n      And DescribeX is called with size as <value>\n\n      Examples:\n        | every changing action | status | value |\n        | | STOPPED | 1 |\n        | | RUNNING | 2 |\n",
			[]c{{"a-case[Start, STOPPED, 1]", "Start of STOPPED", 14}, {"a-case[Reboot, STOPPED, 1]", "Reboot of RUNNING", 14}, {"a-case[Start, RUNNING, 2]", "", 15}, {"a-case[Reboot, RUNNING, 2]", "", 15}},
		},
		"batches, rows named by hand": {
			"      Given a <start> instance\n      And another <status> instance\n      When <action> is called on it\n\n      Examples:\n        | case | every batch action | status |\n        | <action>, another <end> | | <end> |\n        | <action>, one that waits | | STOPPING |\n",
			[]c{{"a-case[Start, another RUNNING]", "Start, another RUNNING", 14}, {"a-case[Start, one that waits]", "Start, one that waits", 15}},
		},
		"a place that only a row uses": {
			"      Given a <status> instance\n      When <action> is called on it\n\n      Examples:\n        | case | every changing action | status | pair |\n        | <action> | | <start> | <denied.start> |\n",
			[]c{{"a-case[Start]", "Start", 13}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text := head
			if strings.Contains(test.body, "| case |") {
				text = strings.Replace(head, "<action> of <start>", "<case>", 1)
			}
			if name == "crossed with rows" {
				text = "Feature: F\n\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n\n    @a-case\n    Scenario Outline: <row>\n"
			}
			s, err := suite.Read(map[string][]byte{"a.feature": []byte(text + test.body)}, actionsContract())
			require.NoError(t, err)
			require.Len(t, s.Cases, len(test.want))
			for i, want := range test.want {
				assert.Equal(t, want.id, s.Cases[i].ID)
				assert.Equal(t, want.line, s.Cases[i].Line)
				if name != "crossed with rows" {
					assert.Equal(t, want.name, s.Cases[i].Name)
				}
			}
			assert.Equal(t, 8, s.Cases[0].Steps[0].Line)
		})
	}
}

func TestATableThatFitsNoActionIsRefused(t *testing.T) {
	const text = "Feature: F\n\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n\n    @a-case\n    Scenario Outline: <action>\n      When <action> is called on it\n      Then the answer is the error <denied.absent>\n\n      Examples:\n        | every changing action |\n"
	contract := actionsContract()
	contract.Actions[2].Places = map[string]string{"denied.absent": "404 X"}
	_, err := suite.Read(map[string][]byte{"a.feature": []byte(text)}, contract)
	assert.ErrorContains(t, err, `a.feature:12: no action of the contract fits "every changing action"`)
}

func TestARowThatDoesNotFitItsHeaderIsRefused(t *testing.T) {
	const text = "Feature: F\n\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n\n    @a-case\n    Scenario Outline: <action>\n      When <action> is called on it\n\n      Examples:\n        | case | every changing action |\n"
	for name, row := range map[string]string{"a cell too few": "| one |", "an action written by hand": "| one | Start |"} {
		t.Run(name, func(t *testing.T) {
			_, err := suite.Read(map[string][]byte{"a.feature": []byte(text + "        " + row + "\n")}, actionsContract())
			assert.ErrorContains(t, err, `a.feature:12: the row does not fit its header: write 2 cells, and leave that of "every changing action" empty`)
		})
	}
}
