package mock

import "slices"

// The uses of an instance type.
const (
	UseResizable   = "resizable"   // any instance except GPU instances can be resized to it
	UseUnsupported = "unsupported" // it exists, but does not suit the mock's instances
	UseGPU         = "gpu"         // a type of GPU instances
)

// Type is an instance type that exists.
type Type struct {
	ID     string
	CPU    int
	Memory int    // in GiB
	Use    string // one of the Use constants
}

// DefaultTypes returns the instance types of a mock without Options.Types, each use in ascending
// size.
func DefaultTypes() []Type {
	return []Type{
		{"z2a.cpu.1", 1, 2, UseResizable}, {"z2a.cpu.2", 2, 4, UseResizable},
		{"z2a.cpu.4", 4, 8, UseResizable}, {"z2a.cpu.8", 8, 16, UseResizable},
		{"z1a.cpu.2", 2, 4, UseUnsupported}, {"z1a.cpu.4", 4, 8, UseUnsupported},
		{"z3a.g.C49.c8m32.1", 8, 32, UseGPU}, {"z3a.g.C49.c16m64.2", 16, 64, UseGPU},
	}
}

// Spec holds the resources of an instance type.
type Spec struct {
	CPU    int
	Memory int // in GiB
	Use    string
}

// Types holds the ids of the instance types by their use, in the order given.
type Types struct {
	Resizable   []string
	Unsupported []string
	GPU         []string
}

// Catalogue is the instance types by id.
type Catalogue struct {
	list  []Type
	Types Types
	Specs map[string]Spec
}

// NewCatalogue returns a catalogue of some types, or of the default ones.
func NewCatalogue(list []Type) Catalogue {
	if list == nil {
		list = DefaultTypes()
	}
	c := Catalogue{list: slices.Clone(list), Specs: make(map[string]Spec, len(list))}
	for _, t := range list {
		c.Specs[t.ID] = Spec{CPU: t.CPU, Memory: t.Memory, Use: t.Use}
		switch t.Use {
		case UseGPU:
			c.Types.GPU = append(c.Types.GPU, t.ID)
		case UseUnsupported:
			c.Types.Unsupported = append(c.Types.Unsupported, t.ID)
		default:
			c.Types.Resizable = append(c.Types.Resizable, t.ID)
		}
	}
	return c
}

// Types returns the ids of the instance types that exist.
func (m *Mock) Types() Types {
	t := m.Specifications.Types
	return Types{
		Resizable:   slices.Clone(t.Resizable),
		Unsupported: slices.Clone(t.Unsupported),
		GPU:         slices.Clone(t.GPU),
	}
}

// Catalogue returns the instance types that exist.
func (m *Mock) Catalogue() []Type { return slices.Clone(m.Specifications.list) }
