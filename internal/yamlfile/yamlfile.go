// Package yamlfile strictly reads the YAML files that people write: an unknown key is an error.
// Every error is a single line with file and line number, in terms of the file.
//
// It knows no file format and no type of the program.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Load reads the text of a file into a value. A file that is empty or contains only comments leaves
// the value unchanged.
func Load(file string, text []byte, into any) error {
	err := yaml.Load(text, into, yaml.WithKnownFields())
	if err == nil || strings.HasSuffix(err.Error(), "no documents in stream") {
		return nil
	}
	return Located(file, text, err)
}

// Located adds the location to an error of the library about a file, and rewords it in terms of the
// file.
func Located(file string, text []byte, err error) error {
	var several *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &several) && len(several.Errors) > 0:
		one = several.Errors[0]
	case !errors.As(err, &one):
		return fmt.Errorf("%s: %w", file, err)
	}
	if strings.HasSuffix(one.Message, "found multiple") {
		return fmt.Errorf("%s:%d: a second document begins here: keep one to a file", file, secondDocument(text))
	}
	line, _ := Position(text, one.Mark)
	return fmt.Errorf("%s:%d: %s", file, line, plain(one.Message))
}

// secondDocument returns the line of the separator before the second document.
func secondDocument(text []byte) int {
	content := false
	for i, line := range bytes.Split(text, []byte("\n")) {
		line = bytes.TrimSpace(line)
		switch {
		case bytes.HasPrefix(line, []byte("---")) && content:
			return i + 1
		case len(line) > 0 && line[0] != '#':
			content = true
		}
	}
	return 1
}

var (
	unknownKey = regexp.MustCompile(`^field (.*) not found in type `)
	wrongType  = regexp.MustCompile("(?s)^cannot construct !!(\\w+)(?: `(.*)`)? into (.*)$")
)

// plain rewords an error of the library in terms of the file.
func plain(message string) string {
	message = strings.TrimPrefix(message, "yaml: ")
	if m := unknownKey.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("unknown key %q", m[1])
	}
	if m := wrongType.FindStringSubmatch(message); m != nil {
		got := nameOfTag(m[1])
		if m[2] != "" {
			got += " (" + m[2] + ")"
		}
		return fmt.Sprintf("want %s, got %s", nameOfType(m[3]), got)
	}
	return message
}

// nameOfTag names the type of the value in the file.
func nameOfTag(tag string) string {
	switch tag {
	case "seq":
		return "a list"
	case "map":
		return "a mapping"
	case "int", "float":
		return "a number"
	case "bool":
		return "a boolean"
	case "null":
		return "nothing"
	}
	return "a string"
}

// nameOfType names the required type.
func nameOfType(name string) string {
	switch {
	case name == "string":
		return "a string"
	case name == "bool":
		return "a boolean"
	case name == "time.Duration":
		return "a duration, as 30s"
	case strings.HasPrefix(name, "[]"):
		return "a list"
	case strings.HasPrefix(name, "int"), strings.HasPrefix(name, "uint"), strings.HasPrefix(name, "float"):
		return "a number"
	}
	return "a mapping"
}
