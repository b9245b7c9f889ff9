package mock

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Change is a running change of an instance.
type Change struct {
	Action     string // the action that began it; "" if the instance was seeded during it
	Start, End time.Time
	Statuses   []string // the statuses during the change, each for an equal share of the time
	Status     string   // the status after it
	Type       string   // the type after it; "" if it does not change
}

// State is the complete state of an instance at one moment.
type State struct {
	Instance Instance // if a change is running, the instance before it
	Change   *Change  // nil if no change is running
}

// Account returns the state of every instance at one moment, in the order of creation.
func (m *Mock) Account() []State {
	now := m.Now()
	var account []State
	for _, e := range m.Store.All() {
		r := e.Record.Load()
		if r == nil {
			continue
		}
		t := r.Transition
		if t == nil || !now.Before(t.End) {
			account = append(account, State{Instance: Observe(r, now)})
			continue
		}
		account = append(account, State{Instance: r.Instance, Change: &Change{
			Action: t.action, Start: t.Start, End: t.End, Statuses: slices.Clone(t.shows), Status: t.Ends, Type: t.To,
		}})
	}
	return account
}

// Instances returns every instance as reads show it now, in the order of creation.
func (m *Mock) Instances() []Instance {
	now := m.Now()
	var all []Instance
	for _, e := range m.Store.All() {
		if r := e.Record.Load(); r != nil {
			all = append(all, m.Behaviour.Observe(r, now))
		}
	}
	return all
}

// idForm matches a valid instance id.
var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$`)

// Add adds an instance in the given state, with its id or a new one if that is empty. It fills in
// other empty fields as Seed does. It fails without adding anything if the id is invalid or taken,
// or if the mock does not know the status or type.
func (m *Mock) Add(s State) (Instance, error) {
	in := s.Instance
	if in.ID != "" && !idForm.MatchString(in.ID) {
		return Instance{}, fmt.Errorf("%q is no id of an instance: give ASCII letters, digits and . _ : - alone", in.ID)
	}
	if err := m.known(in.ID, in.Status, in.Type); err != nil {
		return Instance{}, err
	}
	if t, is := m.Specifications.Specs[in.Type]; is && (t.Use == UseGPU) != in.GPU {
		return Instance{}, fmt.Errorf("instance %q: %s is a type of GPU instances, or gpu is true, but not both", in.ID, in.Type)
	}
	if in.Type == "" && (in.GPU && len(m.Specifications.Types.GPU) == 0 || !in.GPU && len(m.Specifications.Types.Resizable) == 0) {
		return Instance{}, fmt.Errorf("instance %q: there is no type for it: name one", in.ID)
	}
	r := &Record{}
	if s.Change != nil {
		if err := m.underWay(in.ID, s.Change); err != nil {
			return Instance{}, err
		}
		r.Transition = &Transition{
			action: s.Change.Action, Start: s.Change.Start, End: s.Change.End, shows: slices.Clone(s.Change.Statuses),
			Ends: s.Change.Status, To: s.Change.Type, Gives: m.Specifications.Specs[s.Change.Type],
		}
	}
	for {
		r.Instance = m.filled(in)
		if s.Change == nil {
			m.passing(r, m.Now())
		}
		if m.Store.add(r) {
			return Observe(r, m.Now()), nil
		}
		if in.ID != "" {
			return Instance{}, fmt.Errorf("instance %q is there already", in.ID)
		}
	}
}

// underWay rejects a running change that no instance could have.
func (m *Mock) underWay(id string, c *Change) error {
	if !c.Start.Before(c.End) || len(c.Statuses) == 0 {
		return fmt.Errorf("instance %q: a change under way has statuses, and ends after its start", id)
	}
	for _, status := range append(slices.Clone(c.Statuses), c.Status) {
		if status == "" {
			return fmt.Errorf("instance %q: a change under way names the statuses on the way and the one that follows", id)
		}
		if err := m.known(id, status, c.Type); err != nil {
			return err
		}
	}
	return nil
}

// known rejects an unknown status or type; "" is allowed and filled in later.
func (m *Mock) known(id, status, instanceType string) error {
	if statuses := append(Statuses(), inStart); status != "" && !slices.Contains(statuses, status) {
		return fmt.Errorf("instance %q: %q is no documented status: use one of %s", id, status, strings.Join(statuses, ", "))
	}
	if _, is := m.Specifications.Specs[instanceType]; instanceType != "" && !is {
		return fmt.Errorf("instance %q: there is no type %q", id, instanceType)
	}
	return nil
}

// Set gives an instance another status, another type, or both at once; "" leaves a field unchanged.
// A running change is cancelled. A transient status ends on its own.
func (m *Mock) Set(id, status, instanceType string) (Instance, error) {
	if err := m.known(id, status, instanceType); err != nil {
		return Instance{}, err
	}
	e := m.Store.Find(id)
	for e != nil {
		r := e.Record.Load()
		if r == nil {
			break
		}
		now := m.Now()
		in := Observe(r, now)
		if status != "" {
			in.Status = status
		}
		if gives, is := m.Specifications.Specs[instanceType]; is {
			in.Type, in.CPU, in.Memory, in.GPU = instanceType, gives.CPU, gives.Memory, gives.Use == UseGPU
		}
		next := &Record{Instance: in}
		m.passing(next, now)
		if e.Record.CompareAndSwap(r, next) {
			return in, nil
		}
	}
	return Instance{}, fmt.Errorf("there is no instance %q", id)
}

// Clear removes every instance and every plan, and resets the account's time to the clock's.
func (m *Mock) Clear() {
	m.Store.clear()
	m.plans.clear()
	m.ahead.Store(0)
}

// Advance moves the account's time forward: a change that takes an hour has ended after
// Advance(time.Hour). The clock that requests' timestamps are compared with does not move, so that
// requests are still accepted. The account's time never goes back, and is never ahead by more than
// a time.Duration can hold.
func (m *Mock) Advance(by time.Duration) {
	for {
		ahead := m.ahead.Load()
		if m.ahead.CompareAndSwap(ahead, ahead+min(max(int64(by), 0), math.MaxInt64-ahead)) {
			return
		}
	}
}

// Advanced returns how far the account's time is ahead of the clock.
func (m *Mock) Advanced() time.Duration { return m.advanced() }

func (m *Mock) advanced() time.Duration { return time.Duration(m.ahead.Load()) }

// Now returns the account's time.
func (m *Mock) Now() time.Time { return m.Clock().Add(m.advanced()) }

// ResizeTime returns how long a change takes.
func (m *Mock) ResizeTime() time.Duration { return m.Takes }

// TransientTime returns how long a seeded transient status lasts.
func (m *Mock) TransientTime() time.Duration { return m.transientTime }

// Changes reports whether an action changes instances.
func (m *Mock) Changes(action string) bool { return m.Behaviour.Changes[action] != nil }
