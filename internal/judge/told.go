package judge

import (
	"maps"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/recording"
)

// maxTold bounds the text of a finding that a recording has of itself, in bytes.
const maxTold = 400

// tell takes in what the run that was recorded found in an exchange.
func (s *Session) tell(entry recording.Entry) {
	for _, text := range entry.Findings {
		clause, _, _ := strings.Cut(text, " ")
		_, known := s.options.Contract.Clause(clause)
		if _, told := s.told[clause]; told || !known {
			continue
		}
		s.told[clause] = entry.Place() + ": " + s.short(text)
	}
}

// short takes the secrets out of a text and bounds it.
func (s *Session) short(text string) string {
	if s.options.Clean != nil {
		text = s.options.Clean(text)
	}
	if len(text) > maxTold {
		text = strings.ToValidUTF8(text[:maxTold], "") + "…"
	}
	return text
}

// keptUnreadable is how many of the entries that cannot be read are named.
const keptUnreadable = 10

// unreadable counts an entry of which nobody can say what it is of.
func (s *Session) unreadable(entry recording.Entry) {
	s.summary.NoEvidence[string(recording.CauseUnreadable)]++
	if len(s.summary.Unreadable) < keptUnreadable {
		s.summary.Unreadable = append(s.summary.Unreadable, entry.Place()+": "+s.short(entry.Exchange.Detail))
	}
}

// unshown notes what the run that was recorded found and nothing here shows: it knew more than
// its traffic tells.
func (s *Session) unshown() {
	for _, clause := range slices.Sorted(maps.Keys(s.told)) {
		if !slices.ContainsFunc(s.order, func(to *operation) bool { return to.clauses[clause] > 0 }) {
			s.summary.Unshown = append(s.summary.Unshown, s.told[clause])
		}
	}
}
