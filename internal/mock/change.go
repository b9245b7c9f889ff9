package mock

import "time"

// change is what an action does to the instances that it names (M, A).
type change struct {
	rules []rule   // what refuses it for an instance; the first that applies gives the answer
	shows []string // the statuses while it runs, one after the other
	ends  string   // the status it leads to
	batch bool     // it names a list of instances, and its answer those for which it failed (A)
}

// changes returns the actions that change instances, by name.
func changes() map[string]*change {
	return map[string]*change{
		modifyType: resize(),
		startName:  powerOn(),
		stopName:   powerOff(),
		rebootName: powerCycle(),
	}
}

// target is what a change is asked for.
type target struct {
	id       string
	now      time.Time // the moment of the call
	entry    *entry    // nil: there has never been such an instance
	record   *record   // as it stands at the moment of the call; nil: there is none
	instance Instance  // as it looks then
	found    bool      // the instance exists
	wanted   string    // the wanted type
	spec     spec      // of the wanted type
	version  string    // of the API, as the call names it
	force    bool      // the call asks for it to be done in other statuses, too (C)
	known    bool      // the wanted type exists
	refusal  refusal   // what speaks against it
}

// rule refuses a change when it applies.
type rule struct {
	applies func(t target) bool
	refusal refusal
}

// absent is the rule of every change: what does not exist comes before all others.
func absent() rule { return rule{func(t target) bool { return !t.found }, instanceNotFound} }

// unlessIn is the rule that an instance which exists has to be in this status.
func unlessIn(status string, refusal refusal) rule {
	return rule{func(t target) bool { return t.found && t.instance.Status != status }, refusal}
}

// changing performs a change: it looks at each instance named and begins the work where
// nothing speaks against it. Which answer comes of that is told by the batch stage; a
// call of which it refuses all changes nothing.
func changing(action string) perform {
	return func(m *Mock, c *call, p params) outcome {
		batch := m.behaviour.changes[action].batch
		ids := []string{p.instanceID}
		if batch {
			ids = distinct(p.instanceIDs) // what is due for one that is named twice no document states
		}
		targets := make([]target, len(ids))
		for i, id := range ids {
			targets[i] = m.target(action, id, c, p)
		}
		if r := m.behaviour.batch(targets); r.refused() {
			return outcome{refusal: r}
		}
		begun := 0
		for i := range targets {
			if m.begins(action, &targets[i], c, p) {
				begun++
			}
		}
		if r := m.behaviour.batch(targets); begun == 0 && r.refused() {
			return outcome{refusal: r} // another call came first
		}
		return outcome{batch: batch, failed: failed(targets)}
	}
}

// target looks at an instance that a call names, and at what speaks against the change.
func (m *Mock) target(action, id string, c *call, p params) target {
	t := target{id: id, now: c.now, entry: m.store.find(id), wanted: p.instanceType, version: c.version(), force: p.force}
	if t.entry != nil {
		t.record = t.entry.record.Load()
	}
	if t.record != nil {
		t.found, t.instance = true, m.behaviour.state(t.record, c.now)
	}
	t.spec, t.known = m.catalogue.specs[t.wanted]
	for _, rule := range m.behaviour.changes[action].rules {
		if rule.applies(t) {
			t.refusal = rule.refusal
			break
		}
	}
	return t
}

// begins begins the work on an instance, unless something speaks against it. It looks
// again when another call has replaced the record in between: of two at the same moment,
// one is accepted.
func (m *Mock) begins(action string, t *target, c *call, p params) bool {
	for !t.refusal.refused() && t.record != nil {
		next := &record{instance: t.instance, transition: m.toward(action, t.wanted, c.now)}
		plan, planned := m.plans.take(action)
		if planned {
			next.transition.follow(plan, t.instance.Status)
		}
		if m.behaviour.start(t.entry, t.record, next) {
			return true
		}
		if planned {
			m.plans.giveBack(action, plan)
		}
		*t = m.target(action, t.id, c, p)
	}
	return false
}

// toward returns the transition that an action begins at a moment.
func (m *Mock) toward(action, to string, start time.Time) *transition {
	what := m.behaviour.changes[action]
	return &transition{
		action: action, start: start, end: start.Add(m.resizeTime),
		shows: what.shows, ends: what.ends, to: to, gives: m.catalogue.specs[to],
	}
}

// start replaces the record if nobody has done so since it was asked about.
func start(e *entry, asked, next *record) bool { return e.record.CompareAndSwap(asked, next) }

// batch refuses a call of which every instance is refused, for the reason of the first.
// Where some can be changed, the answer names the others, and those go through: the
// documents allow either, and this is the one that a single bad id cannot spoil.
func batch(targets []target) refusal {
	var first refusal
	for _, t := range targets {
		if !t.refusal.refused() {
			return refusal{}
		}
		first = firstOf(first, t.refusal)
	}
	return first
}

// failed returns the ids that a change was not carried out for.
func failed(targets []target) []string {
	ids := []string{}
	for _, t := range targets {
		if t.refusal.refused() {
			ids = append(ids, t.id)
		}
	}
	return ids
}
