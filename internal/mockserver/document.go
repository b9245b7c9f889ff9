package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/yamlfile"
)

// Document is the content of a mock, in the form of a seed file, of a state file, and of what a
// running mock prints. docs/mock-seed.schema.json describes it.
type Document struct {
	ResizeTime    Duration     `json:"resizeTime,omitempty" yaml:"resizeTime"`       // the duration of a change
	TransientTime Duration     `json:"transientTime,omitempty" yaml:"transientTime"` // the duration of a seeded transient status
	Ahead         Duration     `json:"ahead,omitempty" yaml:"ahead"`                 // how far the account's time is ahead of the machine's
	Credentials   *Credentials `json:"credentials,omitempty" yaml:"credentials"`
	Types         []Type       `json:"types,omitempty" yaml:"types"`
	Instances     []Instance   `json:"instances" yaml:"instances"`

	name string // the file that it was read from, "" if there is none
	text string // of the file
}

// fault returns an error about a value of the document, with the file and the line. The path leads
// to the value.
func (d Document) fault(err error, path ...any) error {
	if d.name == "" {
		return err
	}
	return fmt.Errorf("%s:%d: %w", d.name, yamlfile.Line([]byte(d.text), path...), err)
}

// Credentials are the credentials of the mock's clients. They open nothing else.
type Credentials struct {
	KeyID       string `json:"keyId,omitempty" yaml:"keyId"`
	KeyPassword string `json:"keyPassword,omitempty" yaml:"keyPassword"`
	Token       string `json:"token,omitempty" yaml:"token"`
}

// Type is an instance type.
type Type struct {
	ID     string `json:"id" yaml:"id"`
	CPU    int    `json:"cpu" yaml:"cpu"`
	Memory int    `json:"memory" yaml:"memory"` // in GiB
	Use    string `json:"use" yaml:"use"`       // resizable, unsupported or gpu
}

// Instance is an instance, with its running change. Missing fields are filled in.
type Instance struct {
	ID              string    `json:"id,omitempty" yaml:"id"`
	Name            string    `json:"name,omitempty" yaml:"name"`
	Status          string    `json:"status,omitempty" yaml:"status"`
	Type            string    `json:"type,omitempty" yaml:"type"`
	GPU             bool      `json:"gpu,omitempty" yaml:"gpu"`
	ZoneID          string    `json:"zoneId,omitempty" yaml:"zoneId"`
	ImageID         string    `json:"imageId,omitempty" yaml:"imageId"`
	ResourceGroupID string    `json:"resourceGroupId,omitempty" yaml:"resourceGroupId"`
	PrivateAddress  string    `json:"privateIpv4,omitempty" yaml:"privateIpv4"`
	IPv6Address     string    `json:"ipv6,omitempty" yaml:"ipv6"`
	PublicAddress   string    `json:"publicIpv4,omitempty" yaml:"publicIpv4"`
	KeyID           string    `json:"keyId,omitempty" yaml:"keyId"`
	Tags            []Tag     `json:"tags,omitempty" yaml:"tags"`
	Created         time.Time `json:"createTime,omitzero" yaml:"createTime"`
	Expires         time.Time `json:"expiredTime,omitzero" yaml:"expiredTime"`
	Change          *Change   `json:"change,omitempty" yaml:"change"`
}

// Tag is a label on an instance.
type Tag struct {
	Key   string `json:"key" yaml:"key"`
	Value string `json:"value" yaml:"value"`
}

// Change is a running change of an instance.
type Change struct {
	Action   string    `json:"action,omitempty" yaml:"action"`
	Started  time.Time `json:"started" yaml:"started"`
	Ends     time.Time `json:"ends" yaml:"ends"`
	Statuses []string  `json:"statuses" yaml:"statuses"` // the transient statuses
	Status   string    `json:"status" yaml:"status"`     // the final status
	Type     string    `json:"type,omitempty" yaml:"type"`
}

// Duration is a time.Duration in the form 90s.
type Duration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil || parsed < 0 {
		return fmt.Errorf("%q is no duration: write it as 90s or 15m", text)
	}
	*d = Duration(parsed)
	return nil
}

// ReadDocument parses a document in YAML or JSON. name is the file name for errors.
func ReadDocument(name string, text []byte) (Document, error) {
	var d Document
	if err := yamlfile.Load(name, text, &d); err != nil {
		return Document{}, err
	}
	d.name, d.text = name, string(text)
	if err := d.check(); err != nil {
		return Document{}, err
	}
	return d, nil
}

// check rejects a document that no mock could hold. The mock itself checks the instances.
func (d Document) check() error {
	seen := map[string]bool{}
	for i, t := range d.Types {
		if err := t.check(i, seen[t.ID]); err != nil {
			return d.fault(err, "types", i)
		}
		seen[t.ID] = true
	}
	if d.Credentials == nil {
		return nil
	}
	if err := d.Credentials.check(); err != nil {
		return d.fault(err, "credentials")
	}
	return nil
}

// check rejects a type that no mock could have. i is its place in the list.
func (t Type) check(i int, again bool) error {
	switch {
	case t.ID == "":
		return fmt.Errorf("types[%d] has no id", i)
	case again:
		return fmt.Errorf("type %s is listed twice", t.ID)
	case t.Use != mock.UseResizable && t.Use != mock.UseUnsupported && t.Use != mock.UseGPU:
		return fmt.Errorf("type %s: use is one of resizable, unsupported, gpu", t.ID)
	case t.CPU < 1 || t.Memory < 1:
		return fmt.Errorf("type %s: cpu and memory are above 0", t.ID)
	}
	return nil
}

// check rejects credentials that are not complete, and those that no client could send. An
// Authorization header carries the key id and the token, and environment variables carry all three.
func (c *Credentials) check() error {
	if (c.KeyID == "") != (c.KeyPassword == "") {
		return fmt.Errorf("credentials: keyId and keyPassword go together")
	}
	if c.KeyID == "" && c.Token == "" {
		return fmt.Errorf("credentials: give keyId and keyPassword, or a token")
	}
	for name, text := range map[string]string{"keyId": c.KeyID, "token": c.Token} {
		if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == ',' || r > '~' }) {
			return fmt.Errorf("credentials: %s has a character that no Authorization header carries there: give ASCII without spaces and commas", name)
		}
	}
	if strings.ContainsFunc(c.KeyPassword, unicode.IsControl) {
		return fmt.Errorf("credentials: keyPassword has a control character")
	}
	return nil
}

// JSON returns the document as indented JSON.
func (d Document) JSON() []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(d) // it contains only texts, numbers and times, which can be encoded
	return out.Bytes()
}

func (i Instance) state() mock.State {
	s := mock.State{Instance: mock.Instance{
		ID: i.ID, Name: i.Name, Status: i.Status, Type: i.Type, GPU: i.GPU, ZoneID: i.ZoneID, ImageID: i.ImageID,
		ResourceGroupID: i.ResourceGroupID, IPv4Address: i.PrivateAddress, IPv6Address: i.IPv6Address,
		PublicAddress: i.PublicAddress, KeyID: i.KeyID, Created: i.Created, Expires: i.Expires,
	}}
	for _, t := range i.Tags {
		s.Instance.Tags = append(s.Instance.Tags, mock.Tag(t))
	}
	if c := i.Change; c != nil {
		s.Change = &mock.Change{Action: c.Action, Start: c.Started, End: c.Ends, Statuses: c.Statuses, Status: c.Status, Type: c.Type}
	}
	return s
}

func instanceOf(s mock.State) Instance {
	in := s.Instance
	i := Instance{
		ID: in.ID, Name: in.Name, Status: in.Status, Type: in.Type, GPU: in.GPU, ZoneID: in.ZoneID, ImageID: in.ImageID,
		ResourceGroupID: in.ResourceGroupID, PrivateAddress: in.IPv4Address, IPv6Address: in.IPv6Address,
		PublicAddress: in.PublicAddress, KeyID: in.KeyID, Created: in.Created.UTC(), Expires: in.Expires.UTC(),
	}
	for _, t := range in.Tags {
		i.Tags = append(i.Tags, Tag(t))
	}
	if c := s.Change; c != nil {
		i.Change = &Change{Action: c.Action, Started: c.Start.UTC(), Ends: c.End.UTC(), Statuses: c.Statuses, Status: c.Status, Type: c.Type}
	}
	return i
}
