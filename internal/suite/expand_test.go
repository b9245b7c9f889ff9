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

// TestARowHasItsOwnID: one outline holds the cases of a rule, each with its own id and tag.
func TestARowHasItsOwnID(t *testing.T) {
	const head = "Feature: F\n\n  @M-GPU @<action>\n  Rule: A GPU instance cannot be resized.\n\n    Scenario Outline: <action> with <value>\n      When <action> is called on it\n      And <action> is called with size as <value>\n\n      Examples:\n"
	read := func(table string) (*suite.Suite, error) {
		return suite.Read(map[string][]byte{"a.feature": []byte(head + table)}, actionsContract())
	}
	s, err := read("        | id | every changing action | value |\n        | a-case[<action>, <value>] | | 1 |\n        | other-case[<action>] | | 2 |\n")
	require.NoError(t, err)
	require.Len(t, s.Cases, 4)
	assert.Equal(t, "a-case[Start, 1]", s.Cases[0].ID)
	assert.Equal(t, []string{"@M-GPU", "@Start", "@a-case"}, s.Cases[0].Tags)
	assert.Equal(t, "other-case[Reboot]", s.Cases[3].ID)
	assert.Equal(t, []string{"@M-GPU", "@Reboot", "@other-case"}, s.Cases[3].Tags)

	s, err = read("        | action | id | value |\n        | Start | one-case | 1 |\n")
	require.NoError(t, err)
	assert.Equal(t, "one-case", s.Cases[0].ID)
	for table, want := range map[string]string{
		"        | action | value |\n        | Start | 1 |\n":                    "has no id tag, and the row no id",
		"        | action | id | value |\n        | Start | Case | 1 |\n":        "has no id tag, and the row no id",
		"        | id | value |\n        | a-case | 1 |\n":                       "no table of examples has the column",
		"        | action | id | value |\n        | Start | a-case[<n>] | 1 |\n": "",
	} {
		_, err := read(table)
		if want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, want)
	}
}

// TestARuleOfSeveralActionsIsTheClauseOfEach: with its places filled in it reads as the clause that
// the called action has under such an id.
func TestARuleOfSeveralActionsIsTheClauseOfEach(t *testing.T) {
	const text = "Feature: F\n\n  @{clauses}-FILTER\n  Rule: {action} filters by {member}.\n\n    @a-case\n    Scenario Outline: <action>\n      When <action> is called\n\n      Examples:\n        | every reading action |\n"
	contract := actionsContract()
	contract.Actions[2].Places = map[string]string{"action": "Read", "clauses": "C-READ", "member": "ids"}
	contract.Clauses["C-READ-FILTER"] = verdict.Clause{ID: "C-READ-FILTER", Operation: "Read", Text: "Read filters by ids."}
	s, err := suite.Read(map[string][]byte{"a.feature": []byte(text)}, contract)
	require.NoError(t, err)
	assert.Equal(t, []string{"C-READ-FILTER"}, s.Cases[0].Clauses)
	assert.Equal(t, "Read filters by ids.", s.Cases[0].Rule)
	contract.Clauses["C-READ-FILTER"] = verdict.Clause{ID: "C-READ-FILTER", Operation: "Read", Text: "Read finds by ids."}
	_, err = suite.Read(map[string][]byte{"a.feature": []byte(text)}, contract)
	assert.ErrorContains(t, err, "a rule is its clause's full sentence")
}
