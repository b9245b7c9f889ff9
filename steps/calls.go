package steps

import "slices"

// Call is what a step calls that could change an instance, and how often.
type Call struct {
	Action      string // "" stands for the action called before
	To          string // the value it asks for, in words
	Least, Most int
	Begins      bool // one of them at least begins a change, though the answer compared is a refusal
	Harmless    bool // none of them begins one, though the answer compared may be a success
	Carried     int  // how many are carried out at least, where the scenario wants a success
}

// ToAnother is what a call for another one of the values that can be moved between asks for.
const ToAnother = "another value"

// calls says how often changes are called at least, and at most: a change that nobody
// saw running, or that was over too soon to be met, is called again.
func calls(to string, least, most int) func(*Metadata, []string) {
	return func(s *Metadata, args []string) {
		call := Call{To: to, Least: least, Most: most, Carried: least}
		if len(args) > 0 && s.calls(args[0]) {
			call.Action = args[0]
		}
		s.Calls = append(s.Calls, call)
	}
}

// again is how often a change that is followed to its end may be called once more.
const again = attempts - 1

// calls reports whether an action is among those that are called.
func (s *Metadata) calls(action string) bool { return slices.Contains(s.Actions, action) }

// callsAgain says that what was called last is called once more, so often.
func callsAgain(s *Metadata, args []string) { s.Again = count(args[0]) }

// callsGenerated says it of generated requests: as many as the step says, and those that
// make a failing one smaller.
func callsGenerated(s *Metadata, args []string) {
	if s.facts[args[1]].Changes {
		n := count(args[0])
		s.Calls = append(s.Calls, Call{Action: args[1], To: "what no change may ask for", Least: n, Most: n + shrinkTries, Harmless: true})
	}
}

// plainly adds the one call of a sentence that needs an instance to change and says no
// more about it: the request is a proper one but for what the sentence says.
func (m Match) plainly(s *Metadata) {
	var needs Needs
	needs.Add(m)
	if len(needs.Changes) == 0 || len(s.Calls) > 0 {
		return
	}
	call := Call{Action: needs.Changes[0], To: ToAnother, Least: 1, Most: 1, Carried: 1}
	if len(s.Actions) > 0 && s.Actions[0] != call.Action { // a read that an endpoint may take for a change
		call.Action, call.Harmless, call.Carried = s.Actions[0], true, 0
	}
	s.Calls = append(s.Calls, call)
}
