package benchmark

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Machine is the shape of what was measured on.
type Machine struct {
	System, Go, Model string
	Processors        int
	Load              string // of the last minute when the measuring began; "": not known
}

func machine() Machine {
	m := Machine{System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Processors: runtime.NumCPU()}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				m.Model = strings.TrimSpace(value)
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load, _, _ = strings.Cut(string(text), " ")
	}
	return m
}

// String says it in one line.
func (m Machine) String() string {
	text := fmt.Sprintf("%s, %d processors", m.System, m.Processors)
	if m.Model != "" {
		text += " (" + m.Model + ")"
	}
	text += ", " + m.Go
	if m.Load != "" {
		text += "; load average of the minute before: " + m.Load
	}
	return text
}
