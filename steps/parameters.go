package steps

import "maps"

// proper returns valid parameters of an action. They are chosen so that a change shows if the
// endpoint carries out a call that it must refuse.
func (q *requests) proper(action string) (map[string]any, error) {
	d, changes := q.contract.Lifecycles[action]
	if !changes {
		subjects := q.subjects
		if _, known := q.contract.Operations[action]; !known {
			subjects = q.standIns()
		}
		return q.filterBy(action, subjects), nil
	}
	inst, err := q.subject()
	if err != nil {
		return nil, err
	}
	return q.parametersOf(d, q.named(d), q.anotherValue(inst)), nil
}

// filterBy returns the parameters of a read that lists only the given instances.
func (sc *scenario) filterBy(action string, subjects []Instance) map[string]any {
	parameters := map[string]any{}
	if len(subjects) > 0 {
		parameters[sc.reader(action).Filter] = ids(subjects)
	}
	return parameters
}

// standIns returns the instances for a request whose effect is unknown. The mock's instances belong
// to the run. At a real target, made-up ids replace the instances.
func (ins *instances) standIns() []Instance {
	if ins.fixture.Certain {
		return ins.subjects
	}
	list := make([]Instance, len(ins.subjects))
	for i := range list {
		list[i] = Instance{ID: ins.fixture.AbsentID(), Absent: true}
	}
	return list
}

// nameStandIns puts the stand-ins into the parameters of an action.
func (ins *instances) nameStandIns(action string, parameters map[string]any) {
	if len(ins.subjects) == 0 {
		return
	}
	d, changes := ins.contract.Lifecycles[action]
	if !changes {
		maps.Copy(parameters, ins.filterBy(action, ins.standIns()))
		return
	}
	named := ins.standIns()
	parameters[d.Subject] = ids(named)
	if !d.Batch {
		parameters[d.Subject] = named[0].ID
	}
}
