package conformancetest_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/zec-tools/conformance/conformancetest"
)

// A service in Go is served by httptest, and each scenario is a subtest.
func ExampleRun() {
	_ = func(t *testing.T) {
		srv := httptest.NewServer(nil) // the service's handler
		t.Cleanup(srv.Close)
		conformancetest.Run(t, conformancetest.Target{
			Endpoint: srv.URL, Ephemeral: true,
			Credentials: conformancetest.Credentials{Token: "a-token-of-the-test"},
			Allow:       []string{"ModifyInstanceType"},
			Instances:   []conformancetest.Instance{{ID: "ins-1", Status: "STOPPED"}},
			Types:       conformancetest.Types{Resizable: []string{"z2a.cpu.1", "z2a.cpu.2"}},
			Timing:      conformancetest.Timing{ResizeTimeout: 10 * time.Second},
		}, conformancetest.WithTags("@resize"))
	}
}

// A staged endpoint is a target of a configuration file, as the command line reads it.
func ExampleRun_configured() {
	_ = func(t *testing.T) {
		conformancetest.Run(t, conformancetest.Target{ConfigFile: "conformance.yaml", Name: "staging"},
			conformancetest.WithWaivers("waivers.yaml"), conformancetest.WithReport("reports"))
	}
}
