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
		if s.options.Clean != nil {
			text = s.options.Clean(text)
		}
		if len(text) > maxTold {
			text = strings.ToValidUTF8(text[:maxTold], "") + "…"
		}
		s.told[clause] = entry.Place() + ": " + text
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
