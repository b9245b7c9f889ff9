package steps

import "slices"

// Call is a call of a step that could change an instance, and how often it is made.
type Call struct {
	Action      string // "" stands for the action called before
	To          string // the requested value, in words
	Least, Most int
	Begins      bool // at least one begins a change, although the compared answer is a refusal
	Harmless    bool // none begins a change, although the compared answer may be a success
	Carried     int  // the least number carried out, if the scenario wants a success
}

// ToAnother stands for a further valid value.
const ToAnother = "another value"

// calls adds the least and the largest number of calls: a change that ends unseen is called again.
func calls(to string, least, most int) func(*Metadata, []string) {
	return func(s *Metadata, args []string) {
		call := Call{To: to, Least: least, Most: most, Carried: least}
		if len(args) > 0 && s.calls(args[0]) {
			call.Action = args[0]
		}
		s.Calls = append(s.Calls, call)
	}
}

// again bounds the further calls of a change that is followed to its end.
const again = attempts - 1

// calls reports whether an action is among those that are called.
func (s *Metadata) calls(action string) bool { return slices.Contains(s.Actions, action) }

// callsAgain adds the number of times that the last call is repeated.
func callsAgain(s *Metadata, args []string) { s.Again = count(args[0]) }

// callsGenerated adds generated requests, and those that shrink a failing one.
func callsGenerated(s *Metadata, args []string) {
	n := count(args[0])
	if !s.facts[args[1]].Changes {
		s.Reads = n
	} else {
		s.Calls = append(s.Calls, Call{Action: args[1], To: "what no change may ask for", Least: n, Most: n + shrinkTries, Harmless: true})
	}
}

// reads sets how many requests a sentence sends to an action that changes nothing.
func reads(n int) func(*Metadata, []string) {
	return func(s *Metadata, _ []string) { s.Reads = n }
}

// plainly adds the call of a sentence that changes an instance and describes no calls itself.
func (m Match) plainly(s *Metadata) {
	var needs Needs
	needs.Add(m)
	if len(needs.Changes) == 0 || len(s.Calls) > 0 {
		return
	}
	call := Call{Action: needs.Changes[0], To: ToAnother, Least: 1, Most: 1, Carried: 1}
	if subject := s.facts[call.Action].subject(); slices.ContainsFunc(s.Parameters, func(p Parameter) bool { return p.Name == subject && p.How == AsJSON }) {
		call.Carried = 0 // the sentence says whom it names
	}
	if len(s.Actions) > 0 && s.Actions[0] != call.Action { // a read that an endpoint may take for a change
		call.Action, call.Harmless, call.Carried = s.Actions[0], true, 0
	}
	s.Calls = append(s.Calls, call)
}
