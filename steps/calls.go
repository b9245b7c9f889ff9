package steps

import "slices"

// Call is a step's call of an action that could change an instance, and how often the step makes
// it.
type Call struct {
	Action      string // "" stands for the action of the previous call
	To          string // the requested value, in words
	Least, Most int
	Begins      bool // at least one call starts a change, although the compared answer is a refusal
	Harmless    bool // no call starts a change, although the compared answer may be a success
	Carried     int  // the minimum number carried out, if the scenario expects a success
}

// ToAnother describes any other valid value.
const ToAnother = "another value"

// calls adds a minimum and a maximum number of calls. They differ because a change that was never
// seen running is called again.
func calls(to string, least, most int) func(*Metadata, []string) {
	return func(s *Metadata, args []string) {
		call := Call{To: to, Least: least, Most: most, Carried: least}
		if len(args) > 0 && s.calls(args[0]) {
			call.Action = args[0]
		}
		s.Calls = append(s.Calls, call)
	}
}

// again is the maximum number of repeated calls for a change that is followed to its end.
const again = attempts - 1

// calls reports whether the step calls an action.
func (s *Metadata) calls(action string) bool { return slices.Contains(s.Actions, action) }

// callsAgain adds the repetitions of the last call.
func callsAgain(s *Metadata, args []string) { s.Again = count(args[0]) }

// callsGenerated adds the generated requests, and the requests that shrink a failing one.
func callsGenerated(s *Metadata, args []string) {
	n := count(args[0])
	if !s.facts[args[1]].Changes {
		s.Reads = n
	} else {
		s.Calls = append(s.Calls, Call{Action: args[1], To: "what no change may ask for", Least: n, Most: n + shrinkTries, Harmless: true})
	}
}

// reads sets how many requests a sentence sends to a read action.
func reads(n int) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) { s.Reads = n }
}

// addDefaultCall adds the one call of a sentence that changes an instance but describes no calls of its
// own.
func (m Match) addDefaultCall(s *Metadata) {
	var needs Needs
	needs.Add(m)
	if len(needs.Changes) == 0 || len(s.Calls) > 0 {
		return
	}
	call := Call{Action: needs.Changes[0], To: ToAnother, Least: 1, Most: 1, Carried: 1}
	if subject := s.facts[call.Action].subject(); slices.ContainsFunc(s.Parameters, func(p Parameter) bool { return p.Name == subject && p.How == AsJSON }) {
		call.Carried = 0 // the sentence itself sets the ids
	}
	if len(s.Actions) > 0 && s.Actions[0] != call.Action { // a read that an endpoint might mistake for a change
		call.Action, call.Harmless, call.Carried = s.Actions[0], true, 0
	}
	s.Calls = append(s.Calls, call)
}
