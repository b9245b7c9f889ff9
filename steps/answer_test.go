package steps

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestAnAcceptedRequestViolatesWhatRefusesIt: a rule about what a change leads to refuses nothing.
func TestAnAcceptedRequestViolatesWhatRefusesIt(t *testing.T) {
	contract := &Contract{}
	for id, role := range map[string]verdict.Role{"END": verdict.RoleEnd, "VALUE": verdict.RoleChanged, "ON-THE-WAY": verdict.RoleTransient, "ONLY-FROM": verdict.RoleStart, "LOCKED": verdict.RoleLock} {
		contract.AddClause(verdict.Clause{ID: id, Role: role, Operation: "Grow"})
	}
	pairs := []verdict.Pair{{Operation: wire.Operation{Action: "Grow"}, Status: 400, Code: "NOT_NOW", Clause: "DENIED"}}
	for rule, violated := range map[string]string{
		"END": "DENIED", "VALUE": "DENIED", "ON-THE-WAY": "DENIED",
		"ONLY-FROM": "ONLY-FROM", "LOCKED": "LOCKED", "DENIED": "DENIED",
	} {
		re := &responses{readings: &readings{instances: &instances{scenario: &scenario{contract: contract, clauses: []string{rule}}}}}
		assert.Equal(t, violated, re.refusing(pairs), rule)
	}
}
