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
	booting  = "BOOTING"
	stopping = "STOPPING"
	inStart  = "STARTING" // in the prose of A
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

// record is all there is to know of an instance. It never changes: a change replaces it.
type record struct {
	instance   Instance    // as it was before the transition
	transition *transition // the last one that began; nil: none has
}

// entry is the place of an instance in the store; its record is nil once it is forgotten.
type entry struct {
	record atomic.Pointer[record]
}
