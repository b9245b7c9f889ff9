package judge

import (
	"maps"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/recording"
)

// maxTold is the length limit, in bytes, for the text of a finding that a recording contains.
const maxTold = 400

// tell takes over the findings that the recorded run made about an exchange.
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

// short removes the secrets from a text and limits its length.
func (s *Session) short(text string) string {
	if s.options.Clean != nil {
		text = s.options.Clean(text)
	}
	if len(text) > maxTold {
		text = strings.ToValidUTF8(text[:maxTold], "") + "…"
	}
	return text
}

// keptUnreadable is the number of unreadable entries that are named.
const keptUnreadable = 10

// unreadable counts an entry that cannot be read.
func (s *Session) unreadable(entry recording.Entry) {
	s.summary.NoEvidence[string(recording.CauseUnreadable)]++
	if len(s.summary.Unreadable) < keptUnreadable {
		s.summary.Unreadable = append(s.summary.Unreadable, entry.Place()+": "+s.short(entry.Exchange.Detail))
	}
}

// unshown lists the findings of the recorded run that the traffic does not show, because the run
// knew more than its traffic.
func (s *Session) unshown() {
	for _, clause := range slices.Sorted(maps.Keys(s.told)) {
		if !slices.ContainsFunc(s.order, func(to *operation) bool { return to.clauses[clause] > 0 }) {
			s.summary.Unshown = append(s.summary.Unshown, s.told[clause])
		}
	}
}
