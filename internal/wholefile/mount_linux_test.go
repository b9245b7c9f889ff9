package wholefile_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// mountSmall mounts a file system of a few pages until the test ends.
func mountSmall(t *testing.T, folder string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("mounting takes root")
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("this machine mounts nothing: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(folder, 0)) })
}
