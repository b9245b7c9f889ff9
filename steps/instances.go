package steps

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/lifecycle"
)

// The sentences that name the instances of a scenario. All instances are acquired together before
// the scenario starts. The first one named is "the instance".
func instanceSentences() []Sentence {
	return []Sentence{
		say(`(?:an?|another) {status} {subject}`, `(?:一台|另一台)状态为 {status} 的 ?{subject}`,
			func(w *World) any { return w.anInstance },
			func(n *Needs, args []string) { n.add(1, args[0], args[1]) }),
		say(`{count} {status} {subjects}`, `{count} 台状态为 {status} 的 ?{subjects}`,
			func(w *World) any { return w.severalInstances },
			func(n *Needs, args []string) { n.add(count(args[0]), args[1], args[2]) }),
		say(`an? {subject} that does not exist`, `一台不存在的 ?{subject}`,
			func(w *World) any { return w.anAbsentInstance }, nil).describing(namesNone),
		say(`{count} {subjects} that do not exist`, `{count} 台不存在的 ?{subjects}`,
			func(w *World) any { return w.absentInstances }, nil).describing(namesNone),
	}
}

// instances are the instances of the scenario.
type instances struct {
	*scenario
	fixture  Fixture
	claimed  int        // the number of acquired instances that steps have named
	subjects []Instance // the instances named so far; the first is "the instance"
	madeUp   bool       // an unknown id was made up
	acting   string     // the changing action that the scenario calls; "" if it has called none
}

// add adds the instances that a sentence names by status and kind.
func (n *Needs) add(count int, status, subject string) {
	subject, gpu := strings.CutPrefix(subject, "GPU ")
	for range count {
		n.Instances = append(n.Instances, Need{Status: status, Kind: kindOf(subject), GPU: gpu})
	}
}

// namesNone marks every parameter that names an instance as naming an unknown one.
func namesNone(s *Metadata, _ []string) {
	for _, name := range s.subjects() {
		s.Parameters = append(s.Parameters, Parameter{Name: name, How: Unknown})
	}
}

// ofInstances is the default kind of subject, which Need and Instance leave empty.
const ofInstances = "instance"

// kindOf returns the kind for a word of a sentence, in the form that Need uses.
func kindOf(word string) string {
	word = strings.TrimSpace(word)
	if word == ofInstances || word == lifecycle.Plural(ofInstances) || word == "实例" {
		return ""
	}
	return word
}

// Kinds returns the match with the kinds in its arguments in the singular, as the contract writes
// them: "2 policies" are of the kind policy. It returns an error for a word that is none of these
// kinds. If the contract has no changes, it has no kinds, and any word is allowed.
func (m Match) Kinds(kinds []string) (Match, error) {
	if len(kinds) == 0 {
		return m, nil
	}
	m.Args = slices.Clone(m.Args)
	for i, name := range m.Sentence.En.argumentTypes() {
		several := name == "subjects" && m.Form.language == english
		if name != "subject" && name != "subjects" {
			continue
		}
		word, gpu := strings.CutPrefix(m.Args[i], "GPU ")
		kind, known := named(kinds, word, several)
		switch {
		case !known:
			return m, fmt.Errorf("%q is nothing that an action of the contract changes: write %s", word, strings.Join(written(kinds, several), " or "))
		case gpu:
			kind = "GPU " + kind
		}
		m.Args[i] = kind
	}
	return m, nil
}

// named returns the kind that a word stands for. Features of earlier versions form every plural
// with an s.
func named(kinds []string, word string, several bool) (string, bool) {
	for _, kind := range kinds {
		if !several && (word == kind || word == "实例" && kind == ofInstances) || several && (word == lifecycle.Plural(kind) || word == kind+"s") {
			return kind, true
		}
	}
	return word, false
}

func written(kinds []string, several bool) []string {
	words := slices.Clone(kinds)
	for i, kind := range words {
		if several {
			words[i] = lifecycle.Plural(kind)
		}
	}
	return words
}

// sameKind compares two kinds; "" is an instance.
func sameKind(a, b string) bool { return kindOf(a) == kindOf(b) }

func (ins *instances) anInstance(_, _ string) error { return ins.claim(1) }

func (ins *instances) severalInstances(count int, _, _ string) error { return ins.claim(count) }

func (ins *instances) anAbsentInstance(kind string) error {
	ins.madeUp = true
	ins.subjects = append(ins.subjects, Instance{ID: ins.fixture.AbsentID(), Kind: kindOf(kind), Absent: true})
	return nil
}

func (ins *instances) absentInstances(count int, kinds string) error {
	kind, _ := named(ins.contract.kinds(), kinds, true) // the Chinese form uses the singular
	for range count {
		if err := ins.anAbsentInstance(kind); err != nil {
			return err
		}
	}
	return nil
}

// claim hands out the next acquired instances.
func (ins *instances) claim(count int) error {
	if ins.claimed+count > len(ins.fixture.Instances) {
		return fmt.Errorf("the fixture holds %d instances, the scenario names more", len(ins.fixture.Instances))
	}
	ins.subjects = append(ins.subjects, ins.fixture.Instances[ins.claimed:ins.claimed+count]...)
	ins.claimed += count
	return nil
}

// subject returns "the instance" of the scenario.
func (ins *instances) subject() (Instance, error) {
	if len(ins.subjects) == 0 {
		return Instance{}, &SuiteError{Reason: "no instance was named: put a Given step before this one"}
	}
	return ins.subjects[0], nil
}

// held returns the named instances that exist.
func (ins *instances) held() []Instance {
	var held []Instance
	for _, inst := range ins.subjects {
		if !inst.Absent {
			held = append(held, inst)
		}
	}
	return held
}

func ids(of []Instance) []string {
	list := make([]string, len(of))
	for i, inst := range of {
		list[i] = inst.ID
	}
	return list
}

// Use sets the fixture that the target has provided.
func (ins *instances) Use(fixture Fixture) { ins.fixture = fixture }

// definition returns how the subjects of the scenario are observed.
func (ins *instances) definition() lifecycle.Definition {
	if ins.acting == "" && len(ins.subjects) > 0 {
		if d, known := ins.contract.DefinitionOf(ins.subjects[0].Kind); known {
			return d
		}
	}
	return ins.contract.Definition(ins.acting)
}

// setStatus records the status of an instance.
func (ins *instances) setStatus(id, status string) {
	for i := range ins.subjects {
		if ins.subjects[i].ID == id {
			ins.subjects[i].Status = status
		}
	}
}

// beside returns a list of ids with the bystanders added, which are read for other scenarios.
func (ins *instances) beside(of []string) []string {
	return append(slices.Clone(of), ids(ins.fixture.Bystanders)...)
}
