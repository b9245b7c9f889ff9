//go:build !linux

package wholefile_test

import "testing"

func mountSmall(t *testing.T, _ string) { t.Skip("only Linux is mounted on here") }
