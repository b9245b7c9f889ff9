//go:build !linux

package benchmark

import "os"

// peak is not known: other systems count in other units, or not at all.
func peak(*os.ProcessState) int64 { return 0 }
