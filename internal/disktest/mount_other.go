//go:build !linux

package disktest

import "testing"

func mount(t *testing.T, _ string) {
	t.Helper()
	t.Skip("only Linux mounts a small disk")
}
