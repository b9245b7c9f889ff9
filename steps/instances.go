package steps

import (
	"fmt"
	"strings"
)

// The sentences that name the instances of a scenario. All of them are acquired together,
// before the scenario starts; the first one named is "the instance".
func instanceSentences() []Sentence {
	return []Sentence{
		say(`(?:an?|another) {status} {subject}`, `(?:一台|另一台)状态为 {status} 的 ?{subject}`,
			func(w *World) any { return w.anInstance },
			func(n *Needs, args []string) { n.add(1, args[0], args[1]) }),
		say(`{number} {status} {subject}s`, `{number} 台状态为 {status} 的 ?{subject}`,
			func(w *World) any { return w.severalInstances },
			func(n *Needs, args []string) { n.add(count(args[0]), args[1], args[2]) }),
		say(`an? {subject} that does not exist`, `一台不存在的 ?{subject}`,
			func(w *World) any { return w.anAbsentInstance }, nil).describing(namesNone),
	}
}

// add adds instances that a sentence names by their status and what they are.
func (n *Needs) add(count int, status, subject string) {
	subject, gpu := strings.CutPrefix(subject, "GPU ")
	for range count {
		n.Instances = append(n.Instances, Need{Status: status, Kind: kindOf(subject), GPU: gpu})
	}
}

// namesNone marks each parameter that names an instance: it names an unknown one.
func namesNone(s *Metadata, _ []string) {
	for _, name := range s.subjects() {
		s.Parameters = append(s.Parameters, Parameter{Name: name, How: Unknown})
	}
}

// ofInstances is the kind of subject that Need and Instance do not name.
const ofInstances = "instance"

// kindOf returns the kind for a word of a sentence, as Need has it.
func kindOf(word string) string {
	word = strings.TrimSpace(word)
	if word == ofInstances || word == "实例" {
		return ""
	}
	return word
}

// sameKind compares two kinds; "" is an instance.
func sameKind(a, b string) bool { return kindOf(a) == kindOf(b) }

func (w *World) anInstance(_, _ string) error { return w.claim(1) }

func (w *World) severalInstances(count int, _, _ string) error { return w.claim(count) }

func (w *World) anAbsentInstance(kind string) error {
	w.madeUp = true
	w.subjects = append(w.subjects, Instance{ID: w.fixture.AbsentID(), Kind: kindOf(kind), Absent: true})
	return nil
}

// claim names the next acquired instances.
func (w *World) claim(count int) error {
	if w.claimed+count > len(w.fixture.Instances) {
		return fmt.Errorf("the fixture holds %d instances, the scenario names more", len(w.fixture.Instances))
	}
	w.subjects = append(w.subjects, w.fixture.Instances[w.claimed:w.claimed+count]...)
	w.claimed += count
	return nil
}

// subject returns "the instance" of the scenario.
func (w *World) subject() (Instance, error) {
	if len(w.subjects) == 0 {
		return Instance{}, &SuiteError{Reason: "no instance was named: put a Given step before this one"}
	}
	return w.subjects[0], nil
}

// held returns the instances the scenario names that exist.
func (w *World) held() []Instance {
	var held []Instance
	for _, inst := range w.subjects {
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
