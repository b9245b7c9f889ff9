// Package secret keeps passwords and tokens out of everything the harness prints,
// stores or returns: Value holds one without ever showing it, Filter removes values,
// and what is derived from them, from text on its way out.
//
// It does not read the environment, and does not know which headers carry secrets.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted stands wherever a secret stood.
const Redacted = "[redacted]"

// RedactedMisfit stands where a signature stood that does not fit its request.
const RedactedMisfit = "[redacted, does not fit]"

// RedactedMalformed stands where a signature stood that has not the length of one.
const RedactedMalformed = "[redacted, malformed]"

// Value is a secret. However it is formatted, marshalled or logged it shows as
// Redacted; only Reveal gives it away. The zero Value is empty.
type Value struct {
	// A closure, not a string: formatting a struct reaches the unexported fields
	// of its members by reflection, where no method of Value is asked.
	reveal func() string
}

// New returns the secret s as a Value.
func New(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{reveal: func() string { return s }}
}

// Reveal returns the secret itself.
func (v Value) Reveal() string {
	if v.reveal == nil {
		return ""
	}
	return v.reveal()
}

// Empty reports whether there is no secret.
func (v Value) Empty() bool { return v.reveal == nil }

// String implements fmt.Stringer.
func (Value) String() string { return Redacted }

// GoString implements fmt.GoStringer.
func (Value) GoString() string { return Redacted }

// Format implements fmt.Formatter, so that no verb shows the secret.
func (Value) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, Redacted) }

// MarshalJSON implements json.Marshaler.
func (Value) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (Value) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalYAML implements the marshaller interface of the YAML packages.
func (Value) MarshalYAML() (any, error) { return Redacted, nil }

// LogValue implements slog.LogValuer.
func (Value) LogValue() slog.Value { return slog.StringValue(Redacted) }
