package steps

// Call is what a step calls that could change an instance, and how often.
type Call struct {
	Action      string
	To          string // what it asks for, in words
	Least, Most int
	Begins      bool // one of them at least begins a change, though the answer compared is a refusal
	Harmless    bool // none of them begins one, though the answer compared may be a success
}

// ToAnother is what a change to another one of the types that can be moved between asks for.
const ToAnother = "another type"

// What other changes ask for.
const (
	toItsOwn      = "the type it has"
	toAbsent      = "a type that does not exist"
	toUnsupported = "a type not supported for it"
	toGPUType     = "another type for GPU instances"
)

// calls says how often changes are called at least, and at most: a change that nobody
// saw running, or that was over too soon to be met, is called again.
func calls(to string, least, most int) func(*Said, []string) {
	return func(s *Said, _ []string) {
		s.Calls = append(s.Calls, Call{Action: modify, To: to, Least: least, Most: most})
	}
}

// again is how often a change that is followed to its end may be called once more.
const again = attempts - 1

// callsInARow says it of changes that follow each other, each carried out before the next.
func callsInARow(s *Said, args []string) {
	n := count(args[0])
	calls(ToAnother, n, n+(n-1)*again)(s, args)
}

// overlaps says it of changes called over each other: at each try two of them, or one
// that was over too soon and is looked at closely, and then one that is followed to its end.
func overlaps(s *Said, _ []string) {
	const first, measured = 1 + again, 1 + again
	s.Calls = append(s.Calls, Call{Action: modify, To: ToAnother, Least: 2, Most: triesToOverlap * (first + measured), Begins: true})
}

// callsAgain says that what was called last is called once more, so often.
func callsAgain(s *Said, args []string) { s.Again = count(args[0]) }

// callsGenerated says it of generated requests: as many as the step says, and those that
// make a failing one smaller.
func callsGenerated(s *Said, args []string) {
	if args[1] == modify {
		n := count(args[0])
		calls("what no change may ask for", n, n+shrinkTries)(s, args)
		s.Calls[len(s.Calls)-1].Harmless = true
	}
}

// plainly adds the one call of a sentence that needs an instance to change and says no
// more about it: the request is a proper one but for what the sentence says.
func (m Match) plainly(s *Said) {
	var needs Needs
	needs.Add(m)
	if len(needs.Changes) > 0 && len(s.Calls) == 0 {
		calls(ToAnother, 1, 1)(s, m.Args)
		if len(s.Actions) > 0 { // also a read that an endpoint may take for a change
			s.Calls[0].Action, s.Calls[0].Harmless = s.Actions[0], s.Actions[0] != modify
		}
	}
}
