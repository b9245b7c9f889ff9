package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// withTemplate returns the contract with one more clause, a template.
func withTemplate(t *testing.T, template string) *contract.Contract {
	t.Helper()
	c, err := contract.Load(documents(t, "clauses.yaml", "\nclauses:\n", "\nclauses:\n"+template))
	require.NoError(t, err)
	return c
}

func TestATemplateIsAClauseOfEachActionOfItsKind(t *testing.T) {
	tests := []struct {
		each, en string
		want     map[string]string // id to text
	}{
		{"action", "{action} is there.", map[string]string{
			"M-RESIZE-NEW": "ModifyInstanceType is there.", "C-STATUS-NEW": "DescribeInstancesStatus is there.", "C-INSTANCES-NEW": "DescribeInstances is there.",
		}},
		{"changing action", "{action}: {start}, {transient}, {end}.", map[string]string{"M-RESIZE-NEW": "ModifyInstanceType: STOPPED, RESIZING, STOPPED."}},
		{"reading action", "{action} reads.", map[string]string{"C-STATUS-NEW": "DescribeInstancesStatus reads.", "C-INSTANCES-NEW": "DescribeInstances reads."}},
		{"action", "{action} is refused with {denied.start}.", map[string]string{
			"M-RESIZE-NEW": "ModifyInstanceType is refused with 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT.",
		}},
	}
	for _, test := range tests {
		t.Run(test.each+" "+test.en, func(t *testing.T) {
			c := withTemplate(t, `  - {id: "{clauses}-NEW", each: `+test.each+`, level: must, en: "`+test.en+`", zh: "{action}", pointer: "{path}/post"}`+"\n")
			got := map[string]string{}
			for _, clause := range c.Clauses() {
				if clause.Template == "{clauses}-NEW" && !strings.HasPrefix(clause.ID, "A-") { // three actions are enough
					got[clause.ID] = clause.Text
					assert.NotEmpty(t, clause.Operation, clause.ID)
					assert.Equal(t, []string{"/paths/~1api~1v2~1zec#" + clause.Operation + "/post"}, clause.Pointers)
				}
			}
			assert.Equal(t, test.want, got)
		})
	}
}

func TestAnActionsOwnClauseTakesThePlaceOfATemplate(t *testing.T) {
	c := withTemplate(t, `  - {id: "{clauses}-NEW", each: reading action, role: filter, level: must, en: "{action} filters.", zh: "{action}"}`+"\n"+
		`  - {id: "{clauses}-START", each: action, role: same-value, level: must, en: "Nothing meanwhile, {action}.", zh: "{action}"}`+"\n")
	_, has := c.Clause("C-STATUS-NEW")
	assert.False(t, has, "C-STATUS-FILTER is there")
	resize, _ := c.Operation("ModifyInstanceType")
	reads, _ := c.Operation("DescribeInstances")
	own, has := c.ByRole(verdict.RoleSameValue, resize)
	require.True(t, has)
	assert.Equal(t, "M-RESIZE-SAME-TYPE", own.ID)
	made, has := c.ByRole(verdict.RoleSameValue, reads)
	require.True(t, has)
	assert.Equal(t, "C-INSTANCES-START", made.ID)
	_, has = c.ByRole(verdict.RoleAsynchronous, reads)
	assert.False(t, has)
	general, has := c.ByRole(verdict.RoleRefusedUnchanged, resize)
	require.True(t, has)
	assert.Equal(t, "R-REFUSED-UNCHANGED", general.ID)
}

func TestAnActionThatDoesNotSayThatItReadsChanges(t *testing.T) {
	const described = "      x-effect: reads\n      x-clauses: C-INSTANCES\n"
	_, err := contract.Load(documents(t, "openapi.yaml", described, "      x-clauses: C-INSTANCES\n"))
	assert.ErrorContains(t, err, "DescribeInstances does not read; name an operation whose x-effect is reads")
}

func TestTemplatesAreTheClausesForEachAction(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	templates := c.Templates()
	assert.Equal(t, "{action} changes the instances named and no other.", templates["{clauses}-ONLY-NAMED"].En)
	assert.Equal(t, "{action} 仅操作指定的实例。", templates["{clauses}-ONLY-NAMED"].Zh)
	assert.NotContains(t, templates, "R-UTF8", "it is stated once, for all")
}

func TestWhyAClauseIsNotTestableIsSaidInBothLanguages(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for _, clause := range c.Clauses() {
		why := c.Untestable(clause.ID)
		assert.Equal(t, why.En == "", why.Zh == "", clause.ID)
	}
}
