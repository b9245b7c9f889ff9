// Package yamlfile reads the YAML files that people write, strictly: a key that is not
// known is an error. Each error is one line with file and line, in words of the file.
//
// It knows the shape of no file and no type of the program.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Load reads the text of a file into a value. A file that is empty or holds comments alone
// leaves the value as it is.
func Load(file string, text []byte, into any) error {
	err := yaml.Load(text, into, yaml.WithKnownFields())
	if err == nil || strings.HasSuffix(err.Error(), "no documents in stream") {
		return nil
	}
	return Located(file, text, err)
}

// Located gives an error that the library has about the text of a file its place, and says
// it in words of the file.
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
	return fmt.Errorf("%s:%d: %s", file, max(one.Mark.Line, 1), plain(one.Message))
}

// secondDocument is the line of the separator that begins the second document.
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

// plain says in words of the file what the library says in words of the program.
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

// nameOfTag names what stands in the file.
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

// nameOfType names what has to stand there.
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
