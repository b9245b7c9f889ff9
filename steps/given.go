package steps

import (
	"fmt"
	"strings"
)

// ofInstances is the kind of subject that Need and Instance do not name.
const ofInstances = "instance"

// kindOf returns the kind that a word of a sentence stands for, as Need names it.
func kindOf(word string) string {
	word = strings.TrimSpace(word)
	if word == ofInstances || word == "实例" {
		return ""
	}
	return word
}

// sameKind reports whether two kinds are the same, of which one may be left out.
func sameKind(a, b string) bool { return kindOf(a) == kindOf(b) }

// claim names the next acquired instances: the first one named is "the instance".
func (w *World) claim(count int) error {
	if w.claimed+count > len(w.fixture.Instances) {
		return fmt.Errorf("the fixture holds %d instances, the scenario names more", len(w.fixture.Instances))
	}
	w.subjects = append(w.subjects, w.fixture.Instances[w.claimed:w.claimed+count]...)
	w.claimed += count
	return nil
}

func (w *World) anInstance(_, _ string) error { return w.claim(1) }

func (w *World) aGPUInstance(string) error { return w.claim(1) }

func (w *World) severalInstances(count int, _, _ string) error { return w.claim(count) }

func (w *World) anAbsentInstance(kind string) error {
	w.madeUp = true
	w.subjects = append(w.subjects, Instance{ID: w.fixture.AbsentID(), Kind: kindOf(kind), Absent: true})
	return nil
}

// subject returns "the instance" of the scenario.
func (w *World) subject() (Instance, error) {
	if len(w.subjects) == 0 {
		return Instance{}, &SuiteError{Reason: "no instance was named: put a Given step before this one"}
	}
	return w.subjects[0], nil
}
