package steps

import "fmt"

// claim names the next leased instances: the first one named is "the instance".
func (w *World) claim(count int) error {
	if w.claimed+count > len(w.lease.Instances) {
		return fmt.Errorf("the lease holds %d instances, the scenario names more", len(w.lease.Instances))
	}
	w.subjects = append(w.subjects, w.lease.Instances[w.claimed:w.claimed+count]...)
	w.claimed += count
	return nil
}

func (w *World) anInstance(string) error { return w.claim(1) }

func (w *World) severalInstances(count int, _ string) error { return w.claim(count) }

func (w *World) anAbsentInstance() error {
	w.madeUp = true
	w.subjects = append(w.subjects, Instance{ID: w.lease.AbsentID(), Absent: true})
	return nil
}

// subject returns "the instance" of the scenario.
func (w *World) subject() (Instance, error) {
	if len(w.subjects) == 0 {
		return Instance{}, &SuiteFault{Reason: "no instance was named: put a Given step before this one"}
	}
	return w.subjects[0], nil
}
