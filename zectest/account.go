package zectest

import (
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mockserver"
)

// Instance is an instance. In the instances that a server is given, missing fields are filled in:
// STOPPED, the first suitable type, and a unique id, name and addresses.
type Instance struct {
	ID              string
	Name            string
	Status          string // as in the API: STOPPED, RUNNING, …
	Type            string // the id of a Type
	GPU             bool
	ZoneID          string
	ImageID         string
	ResourceGroupID string
	PrivateIPv4     string
	IPv6            string
	PublicIPv4      string
	KeyID           string // of the SSH key; "" if there is none
	Tags            []Tag
	Created         time.Time
	Expires         time.Time
}

// Tag is a label on an instance.
type Tag struct{ Key, Value string }

// Use says which instances a type is for.
type Use string

// The uses of instance types.
const (
	Resizable   Use = mock.UseResizable   // any instance except GPU instances can be resized to it
	Unsupported Use = mock.UseUnsupported // it exists, but does not suit the server's instances
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

// Instances returns every instance as the API shows it now, in the order of creation.
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

// Add adds an instance and returns it with missing fields filled in. It fails if the id is taken,
// or the status or the type is unknown.
func (s *Server) Add(i Instance) (Instance, error) {
	in, err := s.server.Add(i.internal())
	return external(in), err
}

// SetStatus sets the status of an instance. A running change is cancelled.
func (s *Server) SetStatus(id, status string) error {
	_, err := s.server.Set(id, status, "")
	return err
}

// SetType sets the type of an instance at once.
func (s *Server) SetType(id, instanceType string) error {
	_, err := s.server.Set(id, "", instanceType)
	return err
}

// Remove removes an instance.
func (s *Server) Remove(id string) error { return s.server.Remove(id) }
