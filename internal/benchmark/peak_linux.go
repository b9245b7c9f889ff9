package benchmark

import (
	"os"
	"syscall"
)

// peak returns the most memory a process had at once, in bytes.
func peak(state *os.ProcessState) int64 {
	usage, known := state.SysUsage().(*syscall.Rusage)
	if !known {
		return 0
	}
	return int64(usage.Maxrss) << 10 //nolint:unconvert // Linux counts in KiB, in a type that differs between processors
}
