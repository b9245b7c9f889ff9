package mock

import "time"

// Work describes what an action does to the instances that it names (M, A).
type Work struct {
	Rules []Rule   // reasons for refusal; the first rule that applies determines the answer
	Shows []string // the statuses during the change, in order
	Ends  string   // the status after the change
	batch bool     // it takes a list of instances, and its answer lists those for which it failed (A)
}

// Changes returns the actions that change instances, by name.
func Changes() map[string]*Work {
	return map[string]*Work{
		ModifyType: resize(),
		StartName:  powerOn(),
		StopName:   powerOff(),
		RebootName: powerCycle(),
	}
}

// Target is an instance that a call asks to change.
type Target struct {
	ID       string
	Now      time.Time // the moment of the call
	entry    *Entry    // nil if there has never been such an instance
	Record   *Record   // at the moment of the call; nil if there is none
	Instance Instance  // the instance at that moment
	Found    bool      // the instance exists
	Wanted   string    // the wanted type
	Spec     Spec      // of the wanted type
	version  string    // of the API, as named in the call
	force    bool      // the call asks for the change in further statuses, too (C)
	Known    bool      // the wanted type exists
	Refusal  Refusal   // the reason against the change
}

// Rule refuses a change if it applies.
type Rule struct {
	Applies func(t Target) bool
	Refusal Refusal
}

// absent returns the rule that the instance must exist. It precedes all other rules.
func absent() Rule { return Rule{func(t Target) bool { return !t.Found }, InstanceNotFound} }

// unlessIn returns the rule that an existing instance must be in a status.
func unlessIn(status string, refusal Refusal) Rule {
	return Rule{func(t Target) bool { return t.Found && t.Instance.Status != status }, refusal}
}

// changing performs a change. It checks each named instance and begins the change on those without
// a reason against it. The batch stage determines the answer; if it refuses the call, nothing
// changes.
func changing(action string) Perform {
	return func(m *Mock, c *Call, p Params) Outcome {
		batch := m.Behaviour.Changes[action].batch
		ids := []string{p.InstanceID}
		if batch {
			ids = distinct(p.InstanceIDs) // no document says what happens to an instance that is named twice
		}
		targets := make([]Target, len(ids))
		for i, id := range ids {
			targets[i] = m.Target(action, id, c, p)
		}
		if r := m.Behaviour.Batch(targets); r.Refused() {
			return Outcome{Refusal: r}
		}
		begun := 0
		for i := range targets {
			if m.begins(action, &targets[i], c, p) {
				begun++
			}
		}
		if r := m.Behaviour.Batch(targets); begun == 0 && r.Refused() {
			return Outcome{Refusal: r} // a concurrent call came first
		}
		return Outcome{Batch: batch, Failed: failed(targets)}
	}
}

// Target checks an instance that a call names, and whether there is a reason against the change.
func (m *Mock) Target(action, id string, c *Call, p Params) Target {
	t := Target{ID: id, Now: c.Now, entry: m.Store.Find(id), Wanted: p.InstanceType, version: c.version(), force: p.force}
	if t.entry != nil {
		t.Record = t.entry.Record.Load()
	}
	if t.Record != nil {
		t.Found, t.Instance = true, m.Behaviour.State(t.Record, c.Now)
	}
	t.Spec, t.Known = m.Specifications.Specs[t.Wanted]
	for _, rule := range m.Behaviour.Changes[action].Rules {
		if rule.Applies(t) {
			t.Refusal = rule.Refusal
			break
		}
	}
	return t
}

// begins begins the change of an instance unless there is a reason against it. It checks again if a
// concurrent call has replaced the record, so that only one of two simultaneous calls is accepted.
func (m *Mock) begins(action string, t *Target, c *Call, p Params) bool {
	for !t.Refusal.Refused() && t.Record != nil {
		next := &Record{Instance: t.Instance, Transition: m.Toward(action, t.Wanted, c.Now)}
		plan, planned := m.plans.take(action)
		if planned {
			next.Transition.follow(plan, t.Instance.Status)
		}
		if m.Behaviour.Start(t.entry, t.Record, next) {
			return true
		}
		if planned {
			m.plans.giveBack(action, plan)
		}
		*t = m.Target(action, t.ID, c, p)
	}
	return false
}

// Toward returns the transition that an action begins at a given moment.
func (m *Mock) Toward(action, to string, start time.Time) *Transition {
	what := m.Behaviour.Changes[action]
	return &Transition{
		action: action, Start: start, End: start.Add(m.Takes),
		shows: what.Shows, Ends: what.Ends, To: to, Gives: m.Specifications.Specs[to],
	}
}

// start replaces the record unless it has changed since it was checked.
func start(e *Entry, asked, next *Record) bool { return e.Record.CompareAndSwap(asked, next) }

// batch refuses a call if every instance is refused, for the reason of the first. Otherwise the
// answer lists the refused instances, and the others are changed. The documents allow either
// behaviour; this one is not spoilt by a single bad id.
func batch(targets []Target) Refusal {
	var first Refusal
	for _, t := range targets {
		if !t.Refusal.Refused() {
			return Refusal{}
		}
		first = FirstOf(first, t.Refusal)
	}
	return first
}

// failed returns the ids for which a change was not carried out.
func failed(targets []Target) []string {
	ids := []string{}
	for _, t := range targets {
		if t.Refusal.Refused() {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
