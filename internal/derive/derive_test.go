package derive_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// contracts are the contracts of this repository.
func contracts(t *testing.T) map[string]*contract.Contract {
	t.Helper()
	built, err := contract.Load(spec.Files)
	require.NoError(t, err)
	disks, err := contract.Load(os.DirFS("../../examples/disks"))
	require.NoError(t, err)
	return map[string]*contract.Contract{"built in": built, "disks": disks}
}

func TestDerivedFeaturesAreOrdinaryOnes(t *testing.T) {
	for name, c := range contracts(t) {
		t.Run(name, func(t *testing.T) {
			texts := derive.Features(c)
			assert.Equal(t, texts, derive.Features(c), "the same contract gives the same texts")
			s, err := suite.Read(texts, suite.ContractOf(c))
			require.NoError(t, err)
			require.NotEmpty(t, s.Cases)
			assert.Len(t, texts, len(c.Operations()), "a file for each action")
		})
	}
}

func TestEachRuleOfALifecycleHasItsScenario(t *testing.T) {
	for name, action := range map[string]string{"built in": "modify-instance-type", "disks": "resize-disk"} {
		t.Run(name, func(t *testing.T) {
			c := contracts(t)[name]
			s, err := suite.Read(derive.Features(c), suite.ContractOf(c))
			require.NoError(t, err)
			ids := map[string]bool{}
			for _, scenario := range s.Cases {
				ids[regexp.MustCompile(`\[.*`).ReplaceAllString(scenario.ID, "")] = true
			}
			for _, of := range []string{
				"carried-out", "bystander", "repeated", "same-value", "not-in-start-status", "not-in-start-status-later", "absent",
				"same-meanwhile", action + "-meanwhile", "empty-body", "no-object", "generated",
				"no-authorization", "unknown-key", "changed-signature", "signed-long-ago", "wrong-token", "token-cut", "token-extended", "bearer-token",
				"other-method", "other-method-with-token", "other-media-type", "unknown-action",
			} {
				assert.True(t, ids[action+"-"+of], "%s-%s", action, of)
			}
			assert.Equal(t, name == "built in", ids[action+"-there-and-back"], "only where an action leads back")
		})
	}
}

// TestEveryOtherStatusIsRefused holds the rows of an outline against the contract.
func TestEveryOtherStatusIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		outline         string
		rows, otherwise []string
	}{
		"built in": {"modify-instance-type-not-in-start-status", []string{"RUNNING", "STOPPING", "RESIZING", "IMAGING"}, []string{"STOPPED", "RECYCLE", "RECYCLING"}},
		"disks":    {"resize-disk-not-in-start-status", []string{"CREATING", "IN_USE", "CHANGING", "DELETING"}, []string{"AVAILABLE"}},
	} {
		c := contracts(t)[name]
		s, err := suite.Read(derive.Features(c), suite.ContractOf(c))
		require.NoError(t, err)
		var got []string
		for _, scenario := range s.Cases {
			if row, of := strings.CutPrefix(scenario.ID, test.outline+"["); of {
				got = append(got, strings.TrimSuffix(row, "]"))
			}
		}
		assert.Subset(t, got, test.rows)
		assert.NotSubset(t, got, test.otherwise)
		op, _ := c.Operation(map[string]string{"built in": "ModifyInstanceType", "disks": "ResizeDisk"}[name])
		l, _ := c.Lifecycle(op)
		assert.Len(t, got, len(l.States)-len(test.otherwise), "every documented status but those")
	}
}

// TestTheWalkThroughAContractNamesEveryRole holds that an author finds what a clause can be about.
func TestTheWalkThroughAContractNamesEveryRole(t *testing.T) {
	text, err := os.ReadFile("../../docs/extending.md")
	require.NoError(t, err)
	for _, role := range verdict.Roles() {
		assert.Contains(t, string(text), "`"+string(role)+"`", role)
	}
}
