package steps

import (
	"maps"
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// State is an instance as reads have shown it after the last request that could have
// changed it.
type State struct {
	Status   string
	Values   map[string]string // that actions change, by their names
	Read     wire.Timing       // when the status was read
	Scenario string            // that has read it
}

// acted records the time of an answer to a request that could change something.
func (w *World) acted(t wire.Timing) {
	if t.Finished().After(w.sent) {
		w.sent = t.Finished()
	}
}

// Left returns the final state of the instances of the scenario, by id, as far as it is known and
// settled.
func (w *World) Left() map[string]State {
	left := map[string]State{}
	for _, inst := range w.held() {
		if s, known := w.leftOf(inst); known {
			left[inst.ID] = s
		}
	}
	return left
}

func (w *World) leftOf(inst Instance) (State, bool) {
	for _, c := range w.begun {
		if c.phase() != lifecycle.Settled && len(c.subjects) > 0 {
			return State{}, false
		}
	}
	if is, read := w.shot[inst.ID]; read && w.looked.Start.After(w.sent) {
		return State{Status: is.status, Values: maps.Clone(is.values), Read: w.looked}, true
	}
	if w.change == nil {
		return State{}, false
	}
	i := slices.IndexFunc(w.change.subjects, func(s *operation.Subject) bool { return s.ID == inst.ID })
	if i < 0 {
		return State{}, false
	}
	s, d := w.change.subjects[i], w.change.definition
	last := s.Track.Observations[len(s.Track.Observations)-1]
	asked := s.Track.Start.Add(last.Asked)
	if s.Watch.Phase() != lifecycle.Settled || !asked.After(w.sent) || d.Wanted != "" && s.Shown != s.Track.To {
		return State{}, false
	}
	values := maps.Clone(w.before[inst.ID].values)
	if d.Wanted != "" {
		values[d.Changed.Field] = s.Track.To
	}
	return State{Status: last.Status, Values: values, Read: wire.Timing{Start: asked, End: last.Seen - last.Asked}}, true
}

// known returns how the instances are by what an earlier scenario has read last, when that
// is known of all of them.
func (w *World) known() (snapshot, bool) {
	if w.before != nil || len(w.fixture.Known) == 0 || w.acts {
		return nil, false
	}
	shot, read := snapshot{}, wire.Timing{}
	for _, inst := range w.held() {
		s, has := w.fixture.Known[inst.ID]
		if !has {
			return nil, false
		}
		shot[inst.ID] = state{status: s.Status, values: s.Values}
		if read.Start.IsZero() || s.Read.Start.Before(read.Start) {
			read = s.Read
		}
		w.KnownBy = s.Scenario
	}
	w.looked = read
	return shot, true
}
