package steps

import "maps"

// proper returns valid parameters of an action. If the endpoint carries out a call that it has to
// refuse, the change is visible.
func (w *World) proper(action string) (map[string]any, error) {
	d, changes := w.contract.Lifecycles[action]
	if !changes {
		subjects := w.subjects
		if _, known := w.contract.Operations[action]; !known {
			subjects = w.standIns()
		}
		return w.filterBy(action, subjects), nil
	}
	inst, err := w.subject()
	if err != nil {
		return nil, err
	}
	return w.parametersOf(d, w.named(d), w.anotherValue(inst)), nil
}

// filterBy returns the parameters of a read that lists only the instances.
func (w *World) filterBy(action string, subjects []Instance) map[string]any {
	parameters := map[string]any{}
	if len(subjects) > 0 {
		parameters[w.reader(action).Filter] = ids(subjects)
	}
	return parameters
}

// standIns returns the instances for a request whose effect is unknown. The mock's instances belong
// to the run; at a real target, an unknown instance stands in for each.
func (w *World) standIns() []Instance {
	if w.fixture.Certain {
		return w.subjects
	}
	list := make([]Instance, len(w.subjects))
	for i := range list {
		list[i] = Instance{ID: w.fixture.AbsentID(), Absent: true}
	}
	return list
}

// nameStandIns puts them into the parameters of an action.
func (w *World) nameStandIns(action string, parameters map[string]any) {
	if len(w.subjects) == 0 {
		return
	}
	d, changes := w.contract.Lifecycles[action]
	if !changes {
		maps.Copy(parameters, w.filterBy(action, w.standIns()))
		return
	}
	named := w.standIns()
	parameters[d.Subject] = ids(named)
	if !d.Batch {
		parameters[d.Subject] = named[0].ID
	}
}
