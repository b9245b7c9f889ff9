package target

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// way makes an action that leads from one status to another, for a value or without.
func way(action, from, transient, to, wanted string) lifecycle.Definition {
	return lifecycle.Definition{
		Operation: wire.Operation{Action: action}, Start: []string{from}, Transient: []string{transient}, End: []string{to}, Wanted: wanted,
	}
}

func TestTheWayBackTakesTheOrderThatWorks(t *testing.T) {
	resize := way("Resize", "STOPPED", "RESIZING", "STOPPED", "kind")
	start, stop := way("Start", "STOPPED", "STARTING", "RUNNING", ""), way("Stop", "RUNNING", "STOPPING", "STOPPED", "")
	reboot := way("Reboot", "RUNNING", "REBOOT", "RUNNING", "")
	all := ways{resize, start, stop, reboot}
	tests := []struct {
		name      string
		allowed   ways
		status    string
		changed   bool
		oldStatus string
		want      string // the next action; "" when there is none
	}{
		{"the value alone", all, "STOPPED", true, "STOPPED", "Resize"},
		{"the status alone", all, "STOPPED", false, "RUNNING", "Start"},
		{"stopped before the value", all, "RUNNING", true, "RUNNING", "Stop"},
		{"then the value", all, "STOPPED", true, "RUNNING", "Resize"},
		{"then the status", all, "STOPPED", false, "RUNNING", "Start"},
		{"no way to a status that allows the value: asked all the same", ways{resize}, "RUNNING", true, "RUNNING", "Resize"},
		{"no action that leads there", ways{resize, start}, "RUNNING", false, "STOPPED", ""},
		{"never by what leads back to where it began", ways{reboot}, "RUNNING", false, "STOPPED", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, has := test.allowed.next(test.status, test.changed, test.oldStatus)
			assert.Equal(t, test.want != "", has)
			assert.Equal(t, test.want, got.Operation.Action)
		})
	}
	assert.True(t, all.running("STARTING"))
	assert.False(t, ways{resize}.running("STARTING"))
}
