package mock

import (
	"fmt"
	"time"
)

// Seed adds an instance with a new id, and returns its state. Empty fields are filled in: STOPPED,
// a resizable type (for a GPU instance, a GPU type), a unique name and addresses, and a common
// zone, image and resource group. A transient status ends after the mock's transient time: see
// [transient].
func (m *Mock) Seed(in Instance) Instance {
	in.ID = ""
	r := &Record{}
	for added := false; !added; added = m.Store.add(r) {
		r.Instance = m.filled(in)
		m.passing(r, m.Now())
	}
	return r.Instance
}

// life is the time from creation to expiry of an instance that does not set it.
const life = 30 * 24 * time.Hour

// filled returns an instance with its empty fields filled in.
func (m *Mock) filled(in Instance) Instance {
	number := m.Store.number()
	if in.Created.IsZero() {
		in.Created = m.Now()
	}
	if in.Expires.IsZero() {
		in.Expires = in.Created.Add(life)
	}
	fill(&in.Status, Stopped)
	if in.GPU {
		fill(&in.Type, first(m.Specifications.Types.GPU))
	}
	fill(&in.Type, first(m.Specifications.Types.Resizable))
	gives := m.Specifications.Specs[in.Type]
	in.CPU, in.Memory = gives.CPU, gives.Memory
	fill(&in.ZoneID, "HKG-A")
	fill(&in.ImageID, "ubuntu-24-04")
	fill(&in.ResourceGroupID, "rg-default")
	fill(&in.ID, fmt.Sprintf("ins-%06d", number))
	fill(&in.Name, fmt.Sprintf("instance-%d", number))
	fill(&in.IPv4Address, fmt.Sprintf("10.%d.%d.%d", byte(number>>16), byte(number>>8), byte(number)))
	fill(&in.IPv6Address, fmt.Sprintf("2001:db8::%x:%x", uint16(number>>16), uint16(number)))
	fill(&in.PublicAddress, fmt.Sprintf("203.0.113.%d", byte(number)))
	in.details = details(&in, fmt.Sprintf("%06d", number))
	return in
}

// passing gives a record in a transient status a transition to the next status.
func (m *Mock) passing(r *Record, now time.Time) {
	if ends, passes := transient()[r.Instance.Status]; passes {
		r.Transition = &Transition{Start: now, End: now.Add(m.transientTime), shows: []string{r.Instance.Status}, Ends: ends}
	}
}

// first returns the first of a list, or "".
func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func fill(member *string, value string) {
	if *member == "" {
		*member = value
	}
}

// Forget removes instances, so that a mock that serves many scenarios does not grow.
func (m *Mock) Forget(ids ...string) { m.Store.remove(ids) }

// stoppedInAccount is the number of instances that a standalone mock can resize at once.
const stoppedInAccount = 6

// SeedAccount adds the instances of a standalone mock: one in each documented status, six in
// STOPPED, and GPU instances in STOPPED and RUNNING. It returns them in that order.
func (m *Mock) SeedAccount() []Instance {
	var account []Instance
	for _, status := range append(Statuses(), inStart) {
		count := 1
		if status == Stopped {
			count = stoppedInAccount
		}
		for range count {
			account = append(account, m.Seed(Instance{Status: status}))
		}
	}
	for _, status := range []string{Stopped, Running} {
		account = append(account, m.Seed(Instance{Status: status, GPU: true}))
	}
	return account
}
