package zectest

import (
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mockserver"
)

// Instance is an instance. In one that a server is given, what is left out is filled in:
// STOPPED, the first type for it, and an id, a name and addresses of its own.
type Instance struct {
	ID              string
	Name            string
	Status          string // as the API names it: STOPPED, RUNNING, …
	Type            string // the id of a Type
	GPU             bool
	ZoneID          string
	ImageID         string
	ResourceGroupID string
	PrivateIPv4     string
	IPv6            string
	PublicIPv4      string
	KeyID           string // of the SSH key; "": none
	Tags            []Tag
	Created         time.Time
	Expires         time.Time
}

// Tag is a label of an instance.
type Tag struct{ Key, Value string }

// Use says what an instance type is for.
type Use string

// The uses of instance types.
const (
	Resizable   Use = mock.UseResizable   // instances can be resized to it, GPU instances apart
	Unsupported Use = mock.UseUnsupported // it exists, but not for the server's instances
	GPU         Use = mock.UseGPU         // for GPU instances
)

// Type is an instance type.
type Type struct {
	ID     string
	CPU    int
	Memory int // in GiB
	Use    Use
}

func (i Instance) internal() mockserver.Instance {
	in := mockserver.Instance{
		ID: i.ID, Name: i.Name, Status: i.Status, Type: i.Type, GPU: i.GPU, ZoneID: i.ZoneID, ImageID: i.ImageID,
		ResourceGroupID: i.ResourceGroupID, PrivateAddress: i.PrivateIPv4, IPv6Address: i.IPv6, PublicAddress: i.PublicIPv4,
		KeyID: i.KeyID, Created: i.Created, Expires: i.Expires,
	}
	for _, t := range i.Tags {
		in.Tags = append(in.Tags, mockserver.Tag(t))
	}
	return in
}

func external(in mockserver.Instance) Instance {
	i := Instance{
		ID: in.ID, Name: in.Name, Status: in.Status, Type: in.Type, GPU: in.GPU, ZoneID: in.ZoneID, ImageID: in.ImageID,
		ResourceGroupID: in.ResourceGroupID, PrivateIPv4: in.PrivateAddress, IPv6: in.IPv6Address, PublicIPv4: in.PublicAddress,
		KeyID: in.KeyID, Created: in.Created, Expires: in.Expires,
	}
	for _, t := range in.Tags {
		i.Tags = append(i.Tags, Tag(t))
	}
	return i
}

// Instances returns every instance as the API shows it now, in the order of their coming.
func (s *Server) Instances() []Instance {
	var all []Instance
	for _, in := range s.server.List() {
		all = append(all, external(in))
	}
	return all
}

// Instance returns an instance as the API shows it now, and whether it exists.
func (s *Server) Instance(id string) (Instance, bool) {
	for _, in := range s.server.List() {
		if in.ID == id {
			return external(in), true
		}
	}
	return Instance{}, false
}

// Add adds an instance and returns it with what it left out. It fails where the id is taken,
// or the status or the type is none.
func (s *Server) Add(i Instance) (Instance, error) {
	in, err := s.server.Add(i.internal())
	return external(in), err
}

// SetStatus gives an instance another status. What was under way is given up.
func (s *Server) SetStatus(id, status string) error {
	_, err := s.server.Set(id, status, "")
	return err
}

// SetType gives an instance another type at once.
func (s *Server) SetType(id, instanceType string) error {
	_, err := s.server.Set(id, "", instanceType)
	return err
}

// Remove removes an instance.
func (s *Server) Remove(id string) error { return s.server.Remove(id) }
