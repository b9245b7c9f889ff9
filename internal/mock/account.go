package mock

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Change is the work under way at an instance.
type Change struct {
	Action     string // that began it; "": the instance was seeded so
	Start, End time.Time
	Statuses   []string // shown on the way, each for an equal share of the time
	Status     string   // that follows
	Type       string   // that follows; "": the one the instance has
}

// State is all there is to know of an instance at one moment.
type State struct {
	Instance Instance // where work is under way: as it was before
	Change   *Change  // nil: none is under way
}

// Account returns the state of every instance at one moment, in the order of their coming.
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

// Instances returns every instance as reads show it now, in the order of their coming.
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

// idForm is what the id of an instance may look like.
var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$`)

// Add adds an instance in the state given, under its id or, where that is empty, under a
// fresh one; what else is left empty is filled in as by Seed. It fails, and adds nothing,
// where the id is taken or is none, or a status or type is none of the mock's.
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

// underWay refuses a change that no instance could be in.
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

// known refuses a status or a type that there is not; "" is left to be filled in.
func (m *Mock) known(id, status, instanceType string) error {
	if statuses := append(Statuses(), inStart); status != "" && !slices.Contains(statuses, status) {
		return fmt.Errorf("instance %q: %q is no documented status: use one of %s", id, status, strings.Join(statuses, ", "))
	}
	if _, is := m.Specifications.Specs[instanceType]; instanceType != "" && !is {
		return fmt.Errorf("instance %q: there is no type %q", id, instanceType)
	}
	return nil
}

// Set gives an instance another status, another type, or both, at once; "" leaves one as it
// is. What was under way is given up, and a status that does not last is left by itself.
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

// Clear removes every instance and every plan, and has the account's time be the clock's.
func (m *Mock) Clear() {
	m.Store.clear()
	m.plans.clear()
	m.ahead.Store(0)
}

// Advance moves the account's time on: what takes an hour has ended after Advance(time.Hour).
// The clock that callers' timestamps are held against stays, so that they are still served.
// The account's time never goes back, and is ahead by what a time.Duration holds at most.
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

// Now is the account's time.
func (m *Mock) Now() time.Time { return m.Clock().Add(m.advanced()) }

// ResizeTime returns how long a change takes.
func (m *Mock) ResizeTime() time.Duration { return m.Takes }

// TransientTime returns how long a seeded status lasts that does not stay.
func (m *Mock) TransientTime() time.Duration { return m.transientTime }

// Changes reports whether an action changes instances.
func (m *Mock) Changes(action string) bool { return m.Behaviour.Changes[action] != nil }
