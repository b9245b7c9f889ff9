// Package secret keeps passwords and tokens out of everything that the harness prints, stores or
// returns. Value holds a secret without ever showing it. Filter removes secrets, and what is
// derived from them, from output.
//
// The package does not read the environment, and does not know which headers carry secrets.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted replaces a secret.
const Redacted = "[redacted]"

// RedactedMisfit replaces a signature that does not match its request.
const RedactedMisfit = "[redacted, does not fit]"

// RedactedMalformed replaces a signature with the wrong length.
const RedactedMalformed = "[redacted, malformed]"

// Value is a secret. However it is formatted, marshalled or logged, it appears as Redacted; only
// Reveal returns it. The zero Value is empty.
type Value struct {
	// A closure rather than a string: formatting a struct reads the unexported fields of its
	// members by reflection, without calling the methods of Value.
	reveal func() string
}

// New returns a Value with the secret s.
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
