package cli_test

import (
	"flag"
	"testing"
)

// TestMain lets more tests run at once than there are processors, as most of them wait: for
// changes to end, and before a request is sent again. -parallel sets another number.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "6")
	m.Run()
}
