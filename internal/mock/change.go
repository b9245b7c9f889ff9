package mock

import "time"

// Work is what an action does to the instances that it names (M, A).
type Work struct {
	Rules []Rule   // what refuses it for an instance; the first that applies gives the answer
	Shows []string // the statuses while it runs, one after the other
	Ends  string   // the status it leads to
	batch bool     // it names a list of instances, and its answer those for which it failed (A)
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

// Target is what a change is asked for.
type Target struct {
	ID       string
	Now      time.Time // the moment of the call
	entry    *Entry    // nil: there has never been such an instance
	Record   *Record   // as it stands at the moment of the call; nil: there is none
	Instance Instance  // as it looks then
	Found    bool      // the instance exists
	Wanted   string    // the wanted type
	Spec     Spec      // of the wanted type
	version  string    // of the API, as the call names it
	force    bool      // the call asks for it to be done in other statuses, too (C)
	Known    bool      // the wanted type exists
	Refusal  Refusal   // what speaks against it
}

// Rule refuses a change when it applies.
type Rule struct {
	Applies func(t Target) bool
	Refusal Refusal
}

// absent is the rule of every change: what does not exist comes before all others.
func absent() Rule { return Rule{func(t Target) bool { return !t.Found }, InstanceNotFound} }

// unlessIn is the rule that an instance which exists has to be in this status.
func unlessIn(status string, refusal Refusal) Rule {
	return Rule{func(t Target) bool { return t.Found && t.Instance.Status != status }, refusal}
}

// changing performs a change: it looks at each instance named and begins the work where
// nothing speaks against it. Which answer comes of that is told by the batch stage; a
// call of which it refuses all changes nothing.
func changing(action string) Perform {
	return func(m *Mock, c *Call, p Params) Outcome {
		batch := m.Behaviour.Changes[action].batch
		ids := []string{p.InstanceID}
		if batch {
			ids = distinct(p.InstanceIDs) // what is due for one that is named twice no document states
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
			return Outcome{Refusal: r} // another call came first
		}
		return Outcome{Batch: batch, Failed: failed(targets)}
	}
}

// Target looks at an instance that a call names, and at what speaks against the change.
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

// begins begins the work on an instance, unless something speaks against it. It looks
// again when another call has replaced the record in between: of two at the same moment,
// one is accepted.
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

// Toward returns the transition that an action begins at a moment.
func (m *Mock) Toward(action, to string, start time.Time) *Transition {
	what := m.Behaviour.Changes[action]
	return &Transition{
		action: action, Start: start, End: start.Add(m.Takes),
		shows: what.Shows, Ends: what.Ends, To: to, Gives: m.Specifications.Specs[to],
	}
}

// start replaces the record if nobody has done so since it was asked about.
func start(e *Entry, asked, next *Record) bool { return e.Record.CompareAndSwap(asked, next) }

// batch refuses a call of which every instance is refused, for the reason of the first.
// Where some can be changed, the answer names the others, and those go through: the
// documents allow either, and this is the one that a single bad id cannot spoil.
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

// failed returns the ids that a change was not carried out for.
func failed(targets []Target) []string {
	ids := []string{}
	for _, t := range targets {
		if t.Refusal.Refused() {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
