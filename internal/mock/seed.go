package mock

import "fmt"

// Seed adds an instance under a fresh id and returns it as it now is. What is left
// empty is filled in: STOPPED, a resizable type (for a GPU instance: a GPU type), a name
// and addresses of its own, and a zone, image and resource group that all share. A status
// that does not last is left after the mock's transient time: see [transient].
func (m *Mock) Seed(in Instance) Instance {
	if in.Created.IsZero() {
		in.Created = m.clock()
	}
	fill(&in.Status, Stopped)
	if in.GPU {
		fill(&in.Type, m.catalogue.types.GPU[0])
	}
	fill(&in.Type, m.catalogue.types.Resizable[0])
	gives := m.catalogue.specs[in.Type]
	in.CPU, in.Memory = gives.cpu, gives.memory
	fill(&in.ZoneID, "HKG-A")
	fill(&in.ImageID, "ubuntu-24-04")
	fill(&in.ResourceGroupID, "rg-default")
	number := m.store.number()
	in.ID = fmt.Sprintf("ins-%06d", number)
	fill(&in.Name, fmt.Sprintf("instance-%d", number))
	fill(&in.IPv4Address, fmt.Sprintf("10.%d.%d.%d", byte(number>>16), byte(number>>8), byte(number)))
	fill(&in.IPv6Address, fmt.Sprintf("2001:db8::%x:%x", uint16(number>>16), uint16(number)))
	r := &record{instance: in}
	if ends, passes := transient()[in.Status]; passes {
		now := m.clock()
		r.transition = &transition{start: now, end: now.Add(m.transientTime), shows: []string{in.Status}, ends: ends}
	}
	m.store.add(r)
	return in
}

func fill(member *string, value string) {
	if *member == "" {
		*member = value
	}
}

// Forget removes instances, so that a mock that serves many scenarios does not grow.
func (m *Mock) Forget(ids ...string) { m.store.remove(ids) }

// stoppedInAccount is how many instances a mock that stands alone can resize at once.
const stoppedInAccount = 6

// SeedAccount adds what a mock needs that stands alone: an instance in each documented
// status, six in STOPPED, and GPU instances in STOPPED and RUNNING. It returns them in that order.
func (m *Mock) SeedAccount() []Instance {
	var account []Instance
	for _, status := range append(Statuses(), "STARTING") {
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
