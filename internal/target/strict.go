package target

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// fileError returns the error about one place in a configuration file. It omits values that may be
// secrets.
type fileError func(n *yaml.Node, format string, args ...any) error

func errorsIn(file string) fileError {
	return func(n *yaml.Node, format string, args ...any) error {
		line := 1
		if n != nil && n.Line > 0 {
			line = n.Line
		}
		return fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(format, args...))
	}
}

// ofFlag makes errors about the value of a flag, which has neither lines nor keys.
func ofFlag(name string) fileError {
	return func(_ *yaml.Node, format string, args ...any) error {
		_, why, _ := strings.Cut(fmt.Sprintf(format, args...), ": ")
		return fmt.Errorf("%s: %s", name, why)
	}
}

// checkKinds rejects values whose YAML type differs from the Go type that they are read into. The
// YAML parser is lenient about that: it takes the text "yes" for true.
func checkKinds(n *yaml.Node, t reflect.Type, key string, fail fileError) error {
	n = resolved(n)
	if n.Tag == "!!null" && (t.Kind() == reflect.Struct || t.Kind() == reflect.Slice || t.Kind() == reflect.Map) {
		return nil // a key whose list is commented out
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return checkDuration(n, key, fail)
	case t.Kind() == reflect.Struct:
		return checkStruct(n, t, key, fail)
	case t.Kind() == reflect.Map:
		if n.Kind != yaml.MappingNode {
			return fail(n, "%s: want keys with their values", key)
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if err := checkKinds(n.Content[i+1], t.Elem(), n.Content[i].Value, fail); err != nil {
				return err
			}
		}
		return nil
	case t.Kind() == reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			return fail(n, "%s: want a list", key)
		}
		for _, item := range n.Content {
			if resolved(item).Tag == "!!null" {
				return fail(item, "%s: an item has no value: give one, or remove it", key)
			}
			if err := checkKinds(item, t.Elem(), key, fail); err != nil {
				return err
			}
		}
		return nil
	}
	return checkScalar(n, t.Kind(), key, fail)
}

func checkStruct(n *yaml.Node, t reflect.Type, key string, fail fileError) error {
	if n.Kind != yaml.MappingNode {
		return fail(n, "%s: want keys with their values", key)
	}
	fields := map[string]reflect.Type{}
	for f := range t.Fields() {
		fields[f.Tag.Get("yaml")] = f.Type
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i].Value, n.Content[i+1]
		inner, known := fields[name]
		switch {
		case n.Content[i].Tag == "!!merge":
			inner, name = t, key
		case !known || name == "-":
			return fail(n.Content[i], "unknown key %q: see the README for the keys of a target", name)
		}
		if err := checkKinds(value, inner, name, fail); err != nil {
			return err
		}
	}
	return nil
}

func checkScalar(n *yaml.Node, kind reflect.Kind, key string, fail fileError) error {
	tag := n.ShortTag()
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	switch {
	case n.Kind != yaml.ScalarNode:
		return fail(n, "%s: want one value", key)
	case tag == "!!null":
		return fail(n, "%s: it has no value: give one, or remove the key", key)
	case kind == reflect.Bool && (quoted || tag != "!!bool"):
		return fail(n, "%s: want true or false, without quotes", key)
	case kind == reflect.Int && (quoted || tag != "!!int"):
		return fail(n, "%s: want a whole number, without quotes", key)
	case kind == reflect.Float64 && !finite(n):
		return fail(n, "%s: want a number, without quotes", key)
	case kind == reflect.String && tag == "!!bool":
		return fail(n, "%s: want a text: write it in quotes", key)
	}
	return nil
}

// finite reports whether a value is a finite number. YAML also has .nan and .inf.
func finite(n *yaml.Node) bool {
	value, err := strconv.ParseFloat(n.Value, 64)
	return err == nil && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 && !math.IsNaN(value) && !math.IsInf(value, 0)
}

func checkDuration(n *yaml.Node, key string, fail fileError) error {
	if n.Kind != yaml.ScalarNode {
		return fail(n, "timing: %s: want a time such as 2s or 15m", key)
	}
	d, err := time.ParseDuration(n.Value)
	switch {
	case err != nil:
		return fail(n, "timing: %s: want a time such as 2s or 15m", key)
	case d < 0:
		return fail(n, "timing: %s is below zero: give a time such as 2s or 15m", n.Value)
	case d == 0:
		return fail(n, "timing: %s: 0 is no time: give one such as 2s or 15m, or remove the key for the default", key)
	}
	return nil
}

// resolved follows an alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}
