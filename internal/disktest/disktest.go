// Package disktest gives tests a disk that is soon full. It knows nothing of what is written there.
package disktest

import "testing"

// Small mounts a file system of a few pages on a folder until the test ends. The test is skipped
// where it cannot be mounted: that takes Linux and root.
func Small(t *testing.T, folder string) {
	t.Helper()
	mount(t, folder)
}
