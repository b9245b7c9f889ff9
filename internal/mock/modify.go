package mock

// target is what a resize is asked for.
type target struct {
	instance Instance // as it looks at the moment of the call
	found    bool     // the instance exists
	wanted   string   // the wanted type
	spec     spec     // of the wanted type
	known    bool     // the wanted type exists
}

// rule refuses a resize when it applies.
type rule struct {
	applies func(t target) bool
	refusal refusal
}

// rules returns what M says of a resize. Where several apply, which no document orders,
// what does not exist comes first, and the GPU rule, which no waiting lifts, before the
// status. A resize to the type that the instance has is carried out like any other; one
// in the recycle bin is refused for its status, which M states, and not with E's 403.
func rules() []rule {
	return []rule{
		{func(t target) bool { return !t.found }, instanceNotFound},
		{func(t target) bool { return !t.known }, instanceTypeNotFound},
		{func(t target) bool { return t.found && t.instance.GPU }, gpuNotSupported},
		{func(t target) bool { return t.found && t.instance.Status != Stopped }, statusNotSupported},
		{func(t target) bool { return t.known && t.spec.family != resizable }, typeUnsupported},
	}
}

// modifyInstanceType checks the rules and begins the resize. It asks again when another
// call has replaced the record in between: of two at the same moment, one is accepted.
func modifyInstanceType(m *Mock, c *call, p params) outcome {
	e := m.store.find(p.instanceID)
	for {
		asked, t := m.target(e, c, p)
		for _, rule := range m.behaviour.rules {
			if rule.applies(t) {
				return outcome{refusal: rule.refusal}
			}
		}
		if asked == nil {
			return outcome{}
		}
		next := &record{instance: t.instance, resize: &resize{
			start: c.now, end: c.now.Add(m.resizeTime), to: p.instanceType, gives: t.spec,
		}}
		if m.behaviour.start(e, asked, next) {
			return outcome{}
		}
	}
}

// target looks at the instance and the type that a call names. The record is nil when
// there is no such instance, or no longer.
func (m *Mock) target(e *entry, c *call, p params) (*record, target) {
	var t target
	var asked *record
	if e != nil {
		asked = e.record.Load()
	}
	if asked != nil {
		t.found, t.instance = true, m.behaviour.state(asked, c.now)
	}
	t.wanted = p.instanceType
	t.spec, t.known = m.catalogue.specs[p.instanceType]
	return asked, t
}

// start replaces the record if nobody has done so since it was asked about.
func start(e *entry, asked, resized *record) bool { return e.record.CompareAndSwap(asked, resized) }
