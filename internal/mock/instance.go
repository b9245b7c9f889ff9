package mock

import (
	"sync/atomic"
	"time"
)

// The statuses that the mock itself sets or checks (C).
const (
	Running  = "RUNNING"
	Stopped  = "STOPPED"
	Resizing = "RESIZING"
	Booting  = "BOOTING"
	Stopping = "STOPPING"
	inStart  = "STARTING" // in the text of A
)

// Statuses returns the statuses of an instance that C lists. A also has STARTING.
func Statuses() []string {
	return []string{
		"DEPLOYING", "REBUILDING", "REBOOT", Running, Stopped, Booting, "RELEASING", Stopping,
		"RECYCLE", "RECYCLING", "CREATE_FAILED", "IMAGING", Resizing,
	}
}

// Instance is an instance as clients see it at one moment.
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
	KeyID           string // of the SSH key; "" if there is none, which reads show as null
	Tags            []Tag
	Created         time.Time
	Expires         time.Time

	details string // the row members that no action changes; see details
}

// Tag is a label on an instance (C).
type Tag struct{ Key, Value string }

// Record is the complete state of an instance. It is immutable; a change replaces it.
type Record struct {
	Instance   Instance    // the instance before the transition
	Transition *Transition // the last transition; nil if there was none
}

// Entry is the place of an instance in the store. Its record is nil after Forget.
type Entry struct {
	Record atomic.Pointer[Record]
}
