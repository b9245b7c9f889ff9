package suite_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
	"github.com/zec-tools/conformance/steps"
)

var contractOf = suite.Contract{
	Kinds: []string{"instance"},
	Clauses: map[string]verdict.Clause{
		"M-GPU":      {ID: "M-GPU", Text: "A GPU instance cannot be resized.", TextZh: "GPU实例不允许执行该操作。"},
		"E-INTERNAL": {ID: "E-INTERNAL", Text: "An internal error.", Untestable: "cannot be brought about"},
	},
	Codes:    map[string]bool{"OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT": true},
	Statuses: []string{"STOPPED", "RUNNING"},
	Actions:  []suite.Action{{Name: "ModifyInstanceType", Facts: steps.Facts{Changes: true, Valued: true, Parameters: []string{"instanceId", "instanceType"}}}},
}

const opening = "@group\nFeature: F\n\n  @M-GPU\n  Rule: A GPU instance cannot be resized.\n\n"

func load(text string) (*suite.Suite, error) {
	return suite.Load(fstest.MapFS{"a/b.feature": {Data: []byte(text)}}, contractOf)
}

func TestACaseKnowsItsIdItsRuleItsNeedsAndItsPlace(t *testing.T) {
	s, err := load(opening + `    @a-case
    Scenario Outline: A <status> one
      Given a <status> GPU instance
      And another STOPPED instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT

      Examples:
        | status  |
        | STOPPED |
        | RUNNING |
`)
	require.NoError(t, err)
	require.Len(t, s.Cases, 2)
	second := s.Cases[1]
	assert.Equal(t, "a-case[RUNNING]", second.ID)
	assert.Equal(t, "A RUNNING one", second.Name)
	assert.Equal(t, 17, second.Line)
	assert.Equal(t, []string{"M-GPU"}, second.Clauses)
	assert.Equal(t, steps.Needs{
		Instances: []steps.Need{{Status: "RUNNING", GPU: true}, {Status: "STOPPED"}},
		Resizable: 2, Changes: []string{"ModifyInstanceType"},
	}, second.Needs)
	assert.Equal(t, "Given", second.Steps[0].Keyword)
	assert.Equal(t, 9, second.Steps[0].Line)
}

func TestChineseFeaturesReadTheSame(t *testing.T) {
	s, err := load("# language: zh-CN\n功能: F\n\n  @M-GPU\n  规则: GPU实例不允许执行该操作。\n\n    @a-case\n    场景: 一\n      假如 一台状态为 STOPPED 的 GPU 实例\n      当 对该实例调用 ModifyInstanceType\n      那么 返回错误 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT\n")
	require.NoError(t, err)
	assert.Equal(t, "zh-CN", s.Cases[0].Language)
	assert.Equal(t, []string{"ModifyInstanceType"}, s.Cases[0].Needs.Changes)
	assert.Equal(t, []steps.Need{{Status: "STOPPED", GPU: true}}, s.Cases[0].Needs.Instances)
}

func TestAnUntestableClauseCannotBeProved(t *testing.T) {
	_, err := load(strings.Replace(opening, "  @M-GPU\n  Rule: A GPU instance cannot be resized.", "  @E-INTERNAL\n  Rule: An internal error.", 1) + "    @a-case\n    Example: One\n      Given a STOPPED instance\n")
	assert.ErrorContains(t, err, "a/b.feature:8: scenario a-case bears the clause E-INTERNAL, which is untestable")
}

func TestSelect(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	whole := suite.ContractOf(c)
	s, err := suite.Load(features.FS, whole)
	require.NoError(t, err, "the features that are built in")
	all, err := s.Select("", nil)
	require.NoError(t, err)
	assert.Len(t, all, len(s.Cases))

	rows, err := s.Select("", []string{"not-stopped"})
	require.NoError(t, err)
	assert.Len(t, rows, 11, "an outline's id names all its rows")
	row, err := s.Select("", []string{"not-stopped[RUNNING]"})
	require.NoError(t, err)
	require.Len(t, row, 1)
	assert.Equal(t, "not-stopped[RUNNING]", row[0].ID)

	resize, err := s.Select("@resize", nil)
	require.NoError(t, err)
	rest, err := s.Select("not @resize", nil)
	require.NoError(t, err)
	assert.NotEmpty(t, resize)
	assert.Len(t, all, len(resize)+len(rest))

	for _, wrong := range []struct {
		tags  string
		named []string
		want  string
	}{
		{"", []string{"not-stoped[RUNNING]"}, `did you mean "not-stopped[RUNNING]"?`},
		{"", []string{"not-stoped"}, `did you mean "not-stopped"?`},
		{"", []string{"of-another-world"}, "conformance list"},
		{"", []string{"gpu"}, `did you mean "gpu-instance"?`},
		{"@rezise", nil, "no scenario bears the tag @rezise: did you mean @resize?"},
		{"@auth", []string{"not-stopped"}, "no scenario is selected"},
	} {
		_, err := s.Select(wrong.tags, wrong.named)
		assert.ErrorContains(t, err, wrong.want)
	}
}

// TestACodeOrStatusThatTheContractDoesNotHaveIsRefused: whichever sentence names it.
func TestACodeOrStatusThatTheContractDoesNotHaveIsRefused(t *testing.T) {
	for step, want := range map[string]string{
		"Given a MELTED instance": "MELTED",
		"Given a STOPED instance": "STOPED",
		"Then the instance goes through MELTING or STOPPED to STOPPED and stays there":                                                      "MELTING",
		"Then the answer is the error 400 TOO_SLOW":                                                                                         "TOO_SLOW",
		"Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT or 400 SLOW":                                            "SLOW",
		"Then the answer is a documented 400 error or the error 404 NOWHERE":                                                                "NOWHERE",
		"Then it is refused with 400 TOO_SLOW, or listed as failed":                                                                         "TOO_SLOW",
		"Then the invalid ones are listed as failed and the others are carried out, or it is refused with 400 TOO_SLOW and nothing changes": "TOO_SLOW",
	} {
		_, err := load(opening + "    @a-case\n    Example: One\n      " + step + "\n")
		var fault *suite.Error
		if assert.ErrorAs(t, err, &fault, step) {
			text := want + " is neither a code nor a status of the contract"
			if want == "STOPED" {
				text += ": did you mean STOPPED?"
			}
			assert.Equal(t, text, fault.What)
			assert.True(t, fault.Foreign)
		}
	}
}

// TestANumberOutOfItsLimitsIsRefused before anything is sent: it would be a fault of the harness in
// mid-run, or a run without end.
func TestANumberOutOfItsLimitsIsRefused(t *testing.T) {
	for step, want := range map[string]string{
		"Given 0 STOPPED instances":                                                      "the number 0 is too small: write at least 1 here",
		"When ModifyInstanceType is called on it 0 times in a row":                       "the number 0 is too small: write at least 1 here",
		"Given 1001 STOPPED instances":                                                   "the number 1001 is too large: write at most 1000 here",
		"Given 99999999999999999999999 instances that do not exist":                      "the number 99999999999999999999999 is too large: write at most 1000 here",
		"When ModifyInstanceType is called on it 99999999999999999999999 times in a row": "the number 99999999999999999999999 is too large: write at most 1000 here",
		"Then the same call gets the same answer 100000 more times":                      "the number 100000 is too large: write at most 1000 here",
		"When 1000001 generated requests are sent to ModifyInstanceType":                 "the number 1000001 is too large: write at most 1000000 here",
		"When ModifyInstanceType is called with 9223372036854775808 made-up ids":         "the number 9223372036854775808 is too large: write at most 1000000 here",
		"Then the total is 99999999999999999999999":                                      "the number 99999999999999999999999 is too large: write at most 1000000 here",
		"Then the list holds at most 99999999999999999999999 instances":                  "the number 99999999999999999999999 is too large: write at most 1000000 here",
		"When ModifyInstanceType is asked for them in pages of 99999999999999999999999":  "the number 99999999999999999999999 is too large: write at most 1000000 here",
		"当 对该实例连续调用 ModifyInstanceType 99999999999999999999999 次":                        "the number 99999999999999999999999 is too large: write at most 1000 here",
	} {
		text := opening + "    @a-case\n    Example: One\n      " + step + "\n"
		if strings.HasPrefix(step, "当") {
			text = "# language: zh-CN\n功能: F\n\n  @M-GPU\n  规则: GPU实例不允许执行该操作。\n\n    @a-case\n    场景: 一\n      " + step + "\n"
		}
		_, err := load(text)
		assert.EqualError(t, err, "a/b.feature:9: "+want, step)
	}
	s, err := load(opening + "    @a-case\n    Example: One\n      Given 1000 STOPPED instances\n")
	require.NoError(t, err)
	assert.Len(t, s.Cases[0].Needs.Instances, 1000)
}

// TestAnActionThatTheContractDoesNotHaveIsRefused where a step follows its change or reads its rows.
// One that is only called may be made up.
func TestAnActionThatTheContractDoesNotHaveIsRefused(t *testing.T) {
	meant := `the contract has no action "ModifyInstanceTypo": did you mean ModifyInstanceType?`
	for step, want := range map[string]string{
		"When ModifyInstanceTypo is called on it":                                       meant,
		"When ModifyInstanceTypo is called on it 3 times in a row":                      meant,
		"When ModifyInstanceTypo is called on the first one":                            meant,
		"When ModifyInstanceType is called on it and then ModifyInstanceTypo":           meant,
		"When ModifyInstanceType is called on it, and ModifyInstanceTypo while it runs": meant,
		"When ModifyInstanceTypo is called on it twice at the same moment":              meant,
		"When ModifyInstanceTypo is asked for it":                                       meant,
		"When ModifyInstanceTypo is asked for them in pages of 1":                       meant,
		"When ModifyInstanceType and ModifyInstanceTypo are asked for it":               meant,
		"When 5 generated requests are sent to ModifyInstanceTypo":                      meant,
		"When NoSuchAction is called with a body for ModifyInstanceTypo":                meant,
		"When ModifyInstanceType is called with the parameters of ModifyInstanceTypo":   meant,
		"When ListDisks is asked for it":                                                `the contract has no action "ListDisks": it has ModifyInstanceType`,
		"When NoSuchAction is called":                                                   "",
		"When ModifyInstanceTy is called with a body for ModifyInstanceType":            "",
		"When NoSuchAction is called with the parameters of ModifyInstanceType":         "",
		"When NoSuchAction is called by GET":                                            "",
		"When NoSuchAction is called without a timestamp":                               "",
		"When ModifyInstanceType is called on it and then for the value it had":         "",
	} {
		_, err := load(opening + "    @a-case\n    Example: One\n      " + step + "\n")
		if want == "" {
			assert.NoError(t, err, step)
			continue
		}
		var fault *suite.Error
		if assert.ErrorAs(t, err, &fault, step) {
			assert.Equal(t, want, fault.What)
			assert.Equal(t, 9, fault.Line)
			assert.True(t, fault.Foreign)
		}
	}
}

// TestASubjectThatTheContractDoesNotHaveIsRefused: a word that is misspelt would only be skipped.
func TestASubjectThatTheContractDoesNotHaveIsRefused(t *testing.T) {
	for step, want := range map[string]string{
		"Given a STOPPED instnace":            `"instnace" is nothing that an action of the contract changes: write instance`,
		"Given another STOPPED instances":     `"instances" is nothing that an action of the contract changes: write instance`,
		"Given 2 STOPPED disks":               `"disks" is nothing that an action of the contract changes: write instances`,
		"Given 2 STOPPED instance":            `"instance" is nothing that an action of the contract changes: write instances`,
		"Given a disk that does not exist":    `"disk" is nothing that an action of the contract changes: write instance`,
		"Given 2 GPU disks that do not exist": `undefined step "2 GPU disks that do not exist": no sentence of the vocabulary reads so: conformance steps lists them`,
		"Given 2 disks that do not exist":     `"disks" is nothing that an action of the contract changes: write instances`,
	} {
		_, err := load(opening + "    @a-case\n    Example: One\n      " + step + "\n")
		var fault *suite.Error
		if assert.ErrorAs(t, err, &fault, step) {
			assert.Equal(t, want, fault.What)
			assert.NotZero(t, fault.Line)
		}
	}
	s, err := load(opening + "    @a-case\n    Example: One\n      Given 2 STOPPED GPU instances\n      And a RUNNING instance\n      And 2 instances that do not exist\n")
	require.NoError(t, err)
	assert.Equal(t, []steps.Need{{Status: "STOPPED", GPU: true}, {Status: "STOPPED", GPU: true}, {Status: "RUNNING"}}, s.Cases[0].Needs.Instances)
}

// TestNamedScenariosAreReadAsAllAre holds the features that are built in, read for the sake of some
// scenarios, against the same read whole.
func TestNamedScenariosAreReadAsAllAre(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	texts, err := suite.Files(features.FS)
	require.NoError(t, err)
	all, err := suite.Read(texts, suite.ContractOf(c))
	require.NoError(t, err)
	named := []string{"status-of-one", "unknown-type", "resize-succeeds"}
	few, err := suite.ReadNamed(texts, suite.ContractOf(c), features.Index, named)
	require.NoError(t, err)
	want, err := all.Select("", named)
	require.NoError(t, err)
	got, err := few.Select("", named)
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for i := range want {
		for j := range want[i].Steps { // what a sentence does cannot be compared
			assert.Equal(t, want[i].Steps[j].Match.Key(), got[i].Steps[j].Match.Key())
			want[i].Steps[j].Match, got[i].Steps[j].Match = steps.Match{}, steps.Match{}
		}
	}
	assert.Equal(t, want, got)
	assert.Equal(t, all.SHA256, few.SHA256)
	assert.Equal(t, all.Names, few.Names)
	require.Len(t, few.Cases, len(all.Cases))
	for i, whole := range all.Cases {
		assert.Equal(t, whole.ID, few.Cases[i].ID)
		assert.Equal(t, i, few.Cases[i].Index)
	}
}

// TestTheIndexOfTheFeaturesNamesThemAll holds the index that spares files against the features.
func TestTheIndexOfTheFeaturesNamesThemAll(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(features.FS, suite.ContractOf(c))
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("../../features/index.txt", []byte(all.Index()), 0o644))
		return
	}
	assert.Equal(t, all.Index(), features.Index, "go test ./internal/suite -update writes it anew")
}

// TestAnIndexSparesFiles reads a file only where a scenario of it is asked for, or that the index does not have.
func TestAnIndexSparesFiles(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	texts := map[string][]byte{"a.feature": []byte("no feature at all"), "b.feature": []byte("nor is this")}
	index := "a.feature\n\ta-one\n\ta-two[1]\nb.feature\n\tb-one\n"
	s, err := suite.ReadNamed(texts, suite.ContractOf(c), index, nil)
	require.NoError(t, err)
	assert.Equal(t, index, s.Index())
	for _, id := range []string{"a-one", "a-two", "a-two[1]"} {
		_, err = suite.ReadNamed(texts, suite.ContractOf(c), index, []string{id})
		assert.ErrorContains(t, err, "a.feature:1: ", id)
	}
	texts["c.feature"] = []byte("nor this")
	_, err = suite.ReadNamed(texts, suite.ContractOf(c), index, nil)
	assert.ErrorContains(t, err, "c.feature:1: ")
}
