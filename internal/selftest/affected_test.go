package selftest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/spec"
)

// TestWhatADefectSpoilsOfOtherActionsComesFromTheContract holds the clauses that defects of
// one thing break in what other actions do with it.
func TestWhatADefectSpoilsOfOtherActionsComesFromTheContract(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for name, want := range map[string][]string{
		"start-status-code-misspelt":        {"A-REBOOT-LOCK", "A-STOP-LOCK", "M-RESIZE-LOCK"}, // the code is given while another action runs, too
		"stop-status-code-misspelt":         {"A-REBOOT-LOCK", "A-STOP-ONLY-FROM"},
		"status-code-misspelt":              {"A-REBOOT-LOCK", "A-START-LOCK", "M-STOPPED-ONLY"},
		"status-cached":                     {"A-START-CARRIED-OUT", "A-STOP-CARRIED-OUT", "A-REBOOT-CARRIED-OUT"}, // no status that is cached is ever left
		"status-rebooting":                  {"A-REBOOT-TRANSIENT"},                                                // the status of a reboot is REBOOT
		"refused-yet-stopped":               {"A-START-END"},                                                       // what is BOOTING is being started
		"running-refused-yet-resized-later": {"A-START-END"},
		"not-found-under-400":               {"A-START-ABSENT", "A-STOP-ABSENT", "A-REBOOT-REFUSED"}, // who is absent is absent to other actions
		"refusal-under-200":                 {"A-REBOOT-REFUSED"},
		"action-by-parameters":              {"E-MISSING", "R-FAILURE-PAIR", "A-START-IDS", "A-STOP-IDS", "A-REBOOT-IDS"}, // a start that names a type is a resize then
	} {
		d, err := defects.Named(name)
		require.NoError(t, err)
		assert.Subset(t, related(c, d), want, name)
	}
	for name, not := range map[string]string{
		"gpu-accepted":             "A-START-END",
		"unknown-type-500":         "A-START-ABSENT",
		"stuck-in-resizing":        "A-START-END",
		"inner-request-id-differs": "M-RESIZE-STOPPED",
	} {
		d, err := defects.Named(name)
		require.NoError(t, err)
		assert.NotContains(t, related(c, d), not, name)
	}
}

// TestWhatIsSaidOfAParameterIsSaidOfABadOne holds the clauses whose breach is also one of the
// rule that a bad parameter is answered as documented.
func TestWhatIsSaidOfAParameterIsSaidOfABadOne(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for _, id := range []string{
		"C-INSTANCES-FILTERS", "C-INSTANCES-IDS", "C-INSTANCES-PAGE-SIZE", "C-STATUS-FILTERS", "C-INSTANCES-UNKNOWN", "C-OPTIONAL-EMPTY", "C-STATUS-IDS",
		"C-STATUS-PAGE-SIZE", "C-STATUS-UNKNOWN", "E-MAXIMUM", "E-MISSING", "E-TOO-LONG", "E-WRONG-TYPE", "M-BODY", "A-START-IDS", "A-STOP-FORCE", "A-REBOOT-BODY",
		"M-INSTANCE-ID", "M-INSTANCE-NOT-FOUND", "M-INSTANCE-TYPE", "M-TYPE-NOT-FOUND", "A-START-ABSENT", "A-REBOOT-REFUSED", "R-PARAMETER-EMPTY",
	} {
		assert.Contains(t, related(c, defects.Defect{Clause: id}), "R-BAD-PARAMETER", id)
	}
	for _, id := range []string{"M-RESIZE-RESIZING", "R-UTF8", "E-SIGNATURE", "M-STATUS-DENIED", "C-STATUS-TRUE"} {
		assert.NotContains(t, related(c, defects.Defect{Clause: id}), "R-BAD-PARAMETER", id)
	}
}
