package double

import (
	"context"
	"fmt"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// Acquire implements steps.Fixtures. It creates the subjects that a scenario needs, between others
// that no scenario holds.
func (d *Double) Acquire(_ context.Context, needs steps.Needs) (steps.Fixture, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fixture := steps.Fixture{Certain: true, Formed: true, AbsentType: "no-such-value", AbsentID: d.absentID, MakeUp: func(...string) {}}
	if needs.Unsupported {
		return fixture, &steps.Lacking{Reason: "a double that is derived from a contract knows no value that exists and that a subject does not support"}
	}
	var made []string
	spare := func() {} // creates a subject that no scenario holds
	for _, need := range needs.Instances {
		kind := need.Kind
		if kind == "" {
			kind = "instance"
		}
		l, known := d.of(kind)
		if need.GPU || !known {
			return fixture, &steps.Lacking{Reason: fmt.Sprintf("a double that is derived from a contract has no such %s", kind)}
		}
		spare = func() { made = append(made, d.seed(kind, l.Start[0])) }
		if len(made) == 0 {
			spare()
		}
		id := d.seed(kind, need.Status)
		made = append(made, id)
		fixture.Instances = append(fixture.Instances, steps.Instance{ID: id, Kind: need.Kind, Status: need.Status})
	}
	spare()
	for _, action := range needs.Changes {
		if op, known := d.contract.Operation(action); known {
			if l, _ := d.contract.Lifecycle(op); l.Wanted != "" {
				fixture.Resizable = d.lent(op, l)
			}
		}
	}
	fixture.Release = func(context.Context) error {
		d.forget(made)
		return nil
	}
	return fixture, nil
}

// lent returns the values that a scenario may ask for. An action that can ask for the former value
// again may do so, because a list of two values leaves only one other.
func (d *Double) lent(op wire.Operation, l lifecycle.Definition) []string {
	values := d.values(op, l.Wanted)
	if l.Inverse == "" {
		return values[1:]
	}
	return values
}

// of returns a lifecycle of subjects of a kind, preferably one that changes a value.
func (d *Double) of(kind string) (found lifecycle.Definition, known bool) {
	for _, op := range d.contract.Operations() {
		if l, has := d.contract.Lifecycle(op); has && l.Kind == kind && (!known || found.Wanted == "") {
			found, known = l, true
		}
	}
	return found, known
}

// seed creates a subject with the first value of each parameter that sets one.
func (d *Double) seed(kind, status string) string {
	s := &subject{kind: kind, status: status, values: map[string]string{}}
	for _, op := range d.contract.Operations() {
		if l, has := d.contract.Lifecycle(op); has && l.Kind == kind && l.Wanted != "" {
			s.values[l.Wanted] = d.values(op, l.Wanted)[0]
		}
	}
	d.requests++
	s.number = d.requests
	id := fmt.Sprintf("%s-%06d", kind, d.requests)
	d.subjects[id], d.order = s, append(d.order, id)
	return id
}

// largestDefault is the largest default page that a double fills.
const largestDefault = 1000

// stock creates enough subjects without a scenario for every documented default page to be followed
// by another page.
func (d *Double) stock() {
	held := map[string]int{}
	for _, op := range d.contract.Operations() {
		for _, r := range readings(d.contract, op) {
			for ; r.Page > 0 && held[r.of.Kind] <= min(r.Page, largestDefault); held[r.of.Kind]++ {
				d.seed(r.of.Kind, r.of.Start[0])
			}
		}
	}
}

func (d *Double) forget(ids []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	gone := map[string]bool{}
	for _, id := range ids {
		gone[id] = true
		delete(d.subjects, id)
	}
	kept := d.order[:0]
	for _, id := range d.order {
		if !gone[id] {
			kept = append(kept, id)
		}
	}
	d.order = kept
}

func (d *Double) absentID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests++
	return fmt.Sprintf("absent-%06d", d.requests)
}

// Seeded is a subject that a double holds.
type Seeded struct{ ID, Kind, Status string }

// Values returns some of the values that the subjects of a kind are changed between, beginning with
// their initial one. It returns none if no action sets a value.
func (d *Double) Values(kind string) []string {
	for _, op := range d.contract.Operations() {
		if l, has := d.contract.Lifecycle(op); has && l.Kind == kind && l.Wanted != "" {
			values := d.values(op, l.Wanted)
			return values[:min(len(values), 6)]
		}
	}
	return nil
}

// SeedAccount creates two subjects of each kind in each status, and returns them.
func (d *Double) SeedAccount() []Seeded {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Seeded
	kinds := map[string]bool{}
	for _, op := range d.contract.Operations() {
		l, has := d.contract.Lifecycle(op)
		if !has || kinds[l.Kind] {
			continue
		}
		kinds[l.Kind] = true
		for _, status := range l.States {
			for range 2 {
				all = append(all, Seeded{d.seed(l.Kind, status), l.Kind, status})
			}
		}
	}
	return all
}
