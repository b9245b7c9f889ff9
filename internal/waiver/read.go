package waiver

import (
	"fmt"
	"os"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/yamlfile"
)

// Read reads files of waivers. Every error is a single line with file and line number: an unknown
// key or id, or a missing reason, owner or end. A file that is empty or contains only comments has
// no waivers.
func Read(files []string, known Known) ([]Waiver, error) {
	var all []Waiver
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the waivers: %w", err)
		}
		waivers, err := parse(file, data, known)
		if err != nil {
			return nil, err
		}
		all = append(all, waivers...)
	}
	return all, nil
}

func parse(file string, data []byte, known Known) ([]Waiver, error) {
	var document struct {
		Waivers []Waiver `yaml:"waivers"`
	}
	if err := yamlfile.Load(file, data, &document); err != nil {
		return nil, err
	}
	places := entries(data)
	for i := range document.Waivers {
		if err := document.Waivers[i].check(known); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, places[i].Line, err)
		}
	}
	return document.Waivers, nil
}

// entries returns the YAML nodes of the waivers in a text that was read before.
func entries(data []byte) []yaml.Node {
	var document struct {
		Waivers []yaml.Node `yaml:"waivers"`
	}
	_ = yaml.Load(data, &document) // it was read before
	return document.Waivers
}
