package mock

import (
	"sync/atomic"
	"time"
)

// The statuses that the mock itself gives or asks for (C).
const (
	Running  = "RUNNING"
	Stopped  = "STOPPED"
	Resizing = "RESIZING"
	Booting  = "BOOTING"
	Stopping = "STOPPING"
	inStart  = "STARTING" // in the prose of A
)

// Statuses returns the statuses of an instance that C lists. A names STARTING besides.
func Statuses() []string {
	return []string{
		"DEPLOYING", "REBUILDING", "REBOOT", Running, Stopped, Booting, "RELEASING", Stopping,
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
	IPv4Address     string // private
	IPv6Address     string
	PublicAddress   string // of IPv4
	KeyID           string // of the SSH key; "": none, which reads show as null
	Tags            []Tag
	Created         time.Time
	Expires         time.Time

	details string // the members of a row that no action changes; see details
}

// Tag is a label that somebody put on an instance (C).
type Tag struct{ Key, Value string }

// Record is all there is to know of an instance. It never changes: a change replaces it.
type Record struct {
	Instance   Instance    // as it was before the transition
	Transition *Transition // the last one that began; nil: none has
}

// Entry is the place of an instance in the store; its record is nil once it is forgotten.
type Entry struct {
	Record atomic.Pointer[Record]
}
