package target

import (
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
)

// Names that the features use for things that do not exist, at whatever target.
const (
	absentType     = "no.such.type"
	absentInstance = "no-such-instance"
	absentAction   = "NoSuchAction"
)

// newGuard returns the guard of rules; what the features made up not to exist may leave.
func newGuard(r client.Rules) *client.Guard {
	g := client.NewGuard(r)
	g.MakeUp(absentInstance)
	return g
}

// absentID makes up an instance id that does not exist.
func absentID(n int64) string { return "ins-" + absentInstance + "-" + strconv.FormatInt(n, 10) }

// rules are what may leave for a target that lists these instances: the contract says
// which actions change an instance and which members name one.
func rules(law *contract.Contract, listed []string, allowChanges bool, words ...string) client.Rules {
	r := client.Rules{
		Listed: listed, AllowChanges: allowChanges, Words: append(words, absentType),
		Reading: []string{absentAction},
	}
	for _, op := range law.Operations() {
		l, changes := law.Lifecycle(op)
		if !changes {
			r.Reading = append(r.Reading, op.Action, op.Action+absentAction, absentAction+op.Action)
			continue
		}
		r.Changing = append(r.Changing, op.Action)
		r.Members = append(r.Members, l.Subject, l.Observed.Filter, l.Changed.Filter)
		r.Subjects = append(r.Subjects, l.Subject)
		r.Words = append(r.Words, l.Wanted)
	}
	return r
}

func (c Config) rules(law *contract.Contract) client.Rules {
	listed := make([]string, len(c.Instances))
	for i, in := range c.Instances {
		listed[i] = in.ID
	}
	words := slices.Concat(c.InstanceTypes.Resizable, c.InstanceTypes.Unsupported, c.InstanceTypes.GPU)
	return rules(law, listed, c.AllowResize, words...)
}
