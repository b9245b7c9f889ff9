package steps

import (
	"maps"
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// State is the state of an instance after the last request that could have changed it.
type State struct {
	Status   string
	Values   map[string]string // the values that actions change, by member name
	Read     wire.Timing       // when the status was read
	Scenario string            // the scenario that read it
}

// acted records the time of an answer to a request that could have changed something.
func (rd *readings) acted(t wire.Timing) {
	if t.Finished().After(rd.sent) {
		rd.sent = t.Finished()
	}
}

// Left returns the final state of the scenario's instances by id, for those whose state is known
// and settled.
func (ch *changes) Left() map[string]State {
	left := map[string]State{}
	for _, inst := range ch.held() {
		if s, known := ch.leftOf(inst); known {
			left[inst.ID] = s
		}
	}
	return left
}

func (ch *changes) leftOf(inst Instance) (State, bool) {
	for _, c := range ch.begun {
		if c.phase() != lifecycle.Settled {
			return State{}, false
		}
	}
	if is, read := ch.shot[inst.ID]; read && ch.looked.Start.After(ch.sent) {
		return State{Status: is.status, Values: maps.Clone(is.values), Read: ch.looked}, true
	}
	if ch.change == nil {
		return State{}, false
	}
	i := slices.IndexFunc(ch.change.subjects, func(s *operation.Subject) bool { return s.ID == inst.ID })
	if i < 0 {
		return State{}, false
	}
	s, d := ch.change.subjects[i], ch.change.definition
	last := s.Trajectory.Observations[len(s.Trajectory.Observations)-1]
	asked := s.Trajectory.Start.Add(last.Asked)
	if s.Watch.Phase() != lifecycle.Settled || !asked.After(ch.sent) || d.Wanted != "" && s.EndValue != s.Trajectory.To {
		return State{}, false
	}
	values := maps.Clone(ch.before[inst.ID].values)
	if d.Wanted != "" {
		values[d.Changed.Field] = s.Trajectory.To
	}
	return State{Status: last.Status, Values: values, Read: wire.Timing{Start: asked, End: last.Seen - last.Asked}}, true
}

// known returns the state of the instances as read by an earlier scenario, if it is known for all
// of them.
func (rd *readings) known() (snapshot, bool) {
	if rd.before != nil || len(rd.fixture.Known) == 0 || rd.acts {
		return nil, false
	}
	shot, read := snapshot{}, wire.Timing{}
	for _, inst := range rd.held() {
		s, has := rd.fixture.Known[inst.ID]
		if !has {
			return nil, false
		}
		shot[inst.ID] = state{status: s.Status, values: s.Values}
		if read.Start.IsZero() || s.Read.Start.Before(read.Start) {
			read = s.Read
		}
		rd.KnownBy = s.Scenario
	}
	rd.looked = read
	return shot, true
}
