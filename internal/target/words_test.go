package target

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/spec"
	"github.com/zec-tools/conformance/steps"
)

// TestMessagesCallThingsAsTheContractDoes holds what is said of things of other kinds, and that of instances it is what it
// was.
func TestMessagesCallThingsAsTheContractDoes(t *testing.T) {
	vaults, err := contract.Load(os.DirFS("../derive/testdata/vaults"))
	require.NoError(t, err)
	disks, err := contract.Load(os.DirFS("../../examples/disks"))
	require.NoError(t, err)
	built, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for name, test := range map[string]struct {
		contract    *contract.Contract
		listed      Listed
		kind, value string // of what a report says, "" where it is what it always was
		an, plural  string
		text        string
	}{
		"instances": {built, Listed{ID: "x-1", Status: "STOPPED"}, "", "", "an instance", "instances types", "instance x-1 is to have type large again: it is small"},
		"vaults":    {vaults, Listed{ID: "x-1", Status: "SEALED", Kind: "vault"}, "vault", "tier", "a vault", "vaults tiers", "vault x-1 is to have tier large again: it is small"},
		"disks":     {disks, Listed{ID: "x-1", Status: "AVAILABLE", Kind: "disk"}, "disk", "size", "a disk", "disks sizes", "disk x-1 is to have size large again: it is small"},
	} {
		t.Run(name, func(t *testing.T) {
			c := Config{Name: "it", Endpoint: "https://127.0.0.1", Instances: []Listed{test.listed}}
			c.calls = c.words(test.contract)
			assert.Equal(t, test.an, c.calls.an())
			assert.Equal(t, test.plural, c.calls.kinds()+" "+c.calls.values())
			f := &NotRestored{Instance: "x-1", Type: "large", Err: errors.New("it is small"), calls: c.calls}
			assert.Equal(t, test.text, f.Error())
			f.Err = language.Because(nil, "it is still {0}; it was {1}", "BUSY", "IDLE")
			kind, _, _ := strings.Cut(test.text, " ")
			assert.Equal(t, kind+" x-1 is still BUSY; it was IDLE", f.Error(), "the value is as it was")

			kept, err := openJournal(c, Access{Journal: t.TempDir(), State: t.TempDir()})
			require.NoError(t, err)
			p := newPool(Inventory{config: c}, guard.New(guard.Rules{}), &restorer{journal: kept, changer: &changer{contract: test.contract, kind: c.kind()}})
			one, several := p.Called()
			assert.Equal(t, test.an+" "+strings.Fields(test.plural)[0], one+" "+several)
			lacking := p.Lacks(steps.Needs{Instances: []steps.Need{{Kind: test.listed.Kind, Status: "OTHER"}}})
			assert.EqualError(t, lacking, "the target lists too few "+several+" that are OTHER")
			p.withdrawn["x-1"] = f
			left := p.unrestored()
			require.Len(t, left, 1)
			assert.Equal(t, test.kind+" "+test.value, left[0].Kind+" "+left[0].Value)
		})
	}
}

// TestATargetOfAnotherKindIsSaidToListIt: a line that lists a second kind would be refused.
func TestATargetOfAnotherKindIsSaidToListIt(t *testing.T) {
	disks, err := contract.Load(os.DirFS("../../examples/disks"))
	require.NoError(t, err)
	c := Config{Name: "it", Endpoint: "https://127.0.0.1", Instances: []Listed{{ID: "x-1", Status: "AVAILABLE", Kind: "disk"}}}
	c.calls = c.words(disks)
	var lacking *steps.Lacking
	require.ErrorAs(t, Inventory{config: c}.Lacks(steps.Needs{Instances: []steps.Need{{Kind: "vault", Status: "SEALED"}}}), &lacking)
	assert.Equal(t, steps.Lacking{Reason: "the target lists disks: list each vault under a target of its own"}, *lacking)
}

// TestTheWayBackOfEachActionIsProposedWithIt: the way back of each action is allowed with it, and its own way back, too.
func TestTheWayBackOfEachActionIsProposedWithIt(t *testing.T) {
	c := Config{undo: map[string]string{"A": "B", "B": "C", "C": "B"}}
	assert.Equal(t, "allow: [A, B, C]", c.allowing([]string{"A"}))
	assert.False(t, c.lasting("A"))
	assert.False(t, c.lasting("Returns"))
	c.undo["A"] = ""
	assert.True(t, c.lasting("A"))
}
