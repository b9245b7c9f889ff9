package contract_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
)

// opened returns the contract with ModifyInstanceType open to further refusals.
func opened(t *testing.T, code string) (*contract.Contract, error) {
	t.Helper()
	const at = "        \"404\":\n          description: The instance, its type"
	response := fmt.Sprintf(`        "4XX":
          description: Any other refusal.
          content:
            application/json:
              schema:
                type: object
                required: [requestId, code, message]
                properties:
                  requestId: {$ref: "#/components/schemas/RequestId"}
                  code: %s
                  message: {$ref: "#/components/schemas/Message"}
`, code)
	return contract.Load(documents(t, "openapi.yaml", at, response+at))
}

func TestAnOperationMayBeOpenToFurtherRefusals(t *testing.T) {
	c, err := opened(t, "{type: string}")
	require.NoError(t, err)
	modify, _ := c.Operation("ModifyInstanceType")
	describe, _ := c.Operation("DescribeInstances")
	assert.True(t, c.Open(modify))
	assert.False(t, c.Open(describe))
	assert.Len(t, c.Pairs(modify), len(load(t).Pairs(modify)), "what is listed is documented all the same")

	judge := c.NewJudge()
	id := 0
	judged := func(status int, body string) []string {
		id++
		var clauses []string
		for _, f := range judge.Exchange(answered(modify, status, fmt.Sprintf(`{"requestId":"T%d"%s}`, id, body))).Findings {
			clauses = append(clauses, f.Clause)
		}
		return clauses
	}
	const invented = `,"code":"INSTANCE_IS_BUSY","message":"m"`
	for _, status := range []int{400, 401, 403, 404, 409, 423, 499} {
		assert.Empty(t, judged(status, invented), status)
	}
	assert.Empty(t, judged(409, `,"code":"MISSING_PARAMETER","message":"m"`))
	assert.Equal(t, []string{"R-FAILURE-PAIR"}, judged(500, invented), "the codes of a 5xx stay closed")
	assert.NotEmpty(t, judged(409, `,"code":7,"message":"m"`), "a code is a string")
	assert.NotEmpty(t, judged(409, `,"code":"INSTANCE_IS_BUSY"`), "the envelope is whole")
}

func TestAnOpenResponseListsNoCodes(t *testing.T) {
	_, err := opened(t, "{type: string, enum: [INSTANCE_IS_BUSY]}")
	assert.ErrorContains(t, err, "the response 4XX lists codes; list them under their status")
}

func TestAPointerWithAPathIsAPlaceOfEveryActionThatHasIt(t *testing.T) {
	c := load(t)
	clause, _ := c.Clause("R-METHOD-POST")
	want := []string{}
	for _, op := range c.Operations() {
		want = append(want, "/paths/~1api~1v2~1zec#"+op.Action+"/post")
	}
	assert.Equal(t, want, clause.Pointers)

	_, err := contract.Load(documents(t, "clauses.yaml", `pointer: "{path}/post"`, `pointer: "{path}/posted"`))
	assert.ErrorContains(t, err, "the pointer {path}/posted leads nowhere in openapi.yaml")
}
