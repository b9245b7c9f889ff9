package mock

import (
	"slices"
	"sync/atomic"
	"time"
)

// The statuses that the mock itself gives or asks for (C).
const (
	Running  = "RUNNING"
	Stopped  = "STOPPED"
	Resizing = "RESIZING"
	booting  = "BOOTING"
	stopping = "STOPPING"
)

// Statuses returns the statuses of an instance that C lists. A names STARTING besides.
func Statuses() []string {
	return []string{
		"DEPLOYING", "REBUILDING", "REBOOT", Running, Stopped, booting, "RELEASING", stopping,
		"RECYCLE", "RECYCLING", "CREATE_FAILED", "IMAGING", Resizing,
	}
}

// Instance is an instance as callers see it at one moment.
type Instance struct {
	ID              string
	Name            string
	Status          string // one of Statuses
	Type            string // one of Types
	CPU             int    // of the type
	Memory          int    // of the type, in GiB
	GPU             bool
	ZoneID          string
	ImageID         string
	ResourceGroupID string
	IPv4Address     string
	IPv6Address     string
	Created         time.Time
}

// record is all there is to know of an instance. It never changes: a change replaces it.
type record struct {
	instance   Instance    // as it was before the transition
	transition *transition // the last one that began; nil: none has
}

// entry is the place of an instance in the store; its record is nil once it is forgotten.
type entry struct {
	record atomic.Pointer[record]
}

// spec is what an instance type gives.
type spec struct {
	cpu    int
	memory int // in GiB
	family family
}

// family says what a type can be used for.
type family int

const (
	resizable   family = iota // what the mock's instances can be resized to
	unsupported               // exists, but not for these instances
	gpu                       // of GPU instances
)

// Types are the instance types that exist, each list in ascending size.
type Types struct {
	Resizable   []string // any instance that is no GPU instance can be resized to these
	Unsupported []string // exist, but are not supported for any instance of the mock
	GPU         []string // of GPU instances
}

// catalogue is the instance types by id.
type catalogue struct {
	types Types
	specs map[string]spec
}

func newCatalogue() catalogue {
	return catalogue{
		types: Types{
			Resizable:   []string{"z2a.cpu.1", "z2a.cpu.2", "z2a.cpu.4", "z2a.cpu.8"},
			Unsupported: []string{"z1a.cpu.2", "z1a.cpu.4"},
			GPU:         []string{"z3a.g.C49.c8m32.1", "z3a.g.C49.c16m64.2"},
		},
		specs: map[string]spec{
			"z2a.cpu.1": {cpu: 1, memory: 2}, "z2a.cpu.2": {cpu: 2, memory: 4},
			"z2a.cpu.4": {cpu: 4, memory: 8}, "z2a.cpu.8": {cpu: 8, memory: 16},
			"z1a.cpu.2":          {cpu: 2, memory: 4, family: unsupported},
			"z1a.cpu.4":          {cpu: 4, memory: 8, family: unsupported},
			"z3a.g.C49.c8m32.1":  {cpu: 8, memory: 32, family: gpu},
			"z3a.g.C49.c16m64.2": {cpu: 16, memory: 64, family: gpu},
		},
	}
}

// Types returns the instance types that exist.
func (m *Mock) Types() Types {
	t := m.catalogue.types
	return Types{
		Resizable:   slices.Clone(t.Resizable),
		Unsupported: slices.Clone(t.Unsupported),
		GPU:         slices.Clone(t.GPU),
	}
}
