package gotest

import (
	"testing"
	"time"

	"github.com/zec-tools/conformance/conformancetest"
	"github.com/zec-tools/conformance/zectest"
)

// TestConformance proves a service. The stand-in takes the service's place here.
func TestConformance(t *testing.T) {
	service := zectest.NewServer(t, zectest.WithInstances(zectest.Instance{ID: "ins-1", Type: "z2a.cpu.1"}))
	conformancetest.Run(t, conformancetest.Target{
		Endpoint: service.URL, Ephemeral: true, Allow: []string{"ModifyInstanceType"},
		Credentials: conformancetest.Credentials(service.Credentials()),
		Instances:   []conformancetest.Instance{{ID: "ins-1", Status: "STOPPED"}},
		Types:       conformancetest.Types{Resizable: []string{"z2a.cpu.1", "z2a.cpu.2"}},
		Timing:      conformancetest.Timing{PollInterval: 10 * time.Millisecond, Settle: 100 * time.Millisecond},
	}, conformancetest.WithTags("@resize and not @change"))
}
