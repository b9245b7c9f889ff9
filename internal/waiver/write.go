package waiver

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/wholefile"
)

// Add appends a waiver to a file, creating the file if necessary. The existing content, including
// comments, is kept. The file is written completely or not at all. Add rejects a waiver that has
// already expired, and one for a finding that the file already waives.
func Add(file string, w Waiver, known Known, now time.Time) error {
	if err := w.check(known); err != nil {
		return err
	}
	if !now.Before(w.end) {
		return fmt.Errorf("expires %q is over: give the last day on which the waiver is to hold, in UTC", w.Expires)
	}
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the waivers: %w", err)
	}
	there, err := parse(file, before, known)
	if err != nil {
		return err
	}
	for _, other := range there {
		if other.Target == w.Target && other.Clause == w.Clause && other.Scenario == w.Scenario && other.Fingerprint == w.Fingerprint {
			return fmt.Errorf("%s waives this finding already, until %s: change that entry", file, other.Expires)
		}
	}
	after, err := appended(file, before, w)
	if err != nil {
		return err
	}
	if _, err := parse(file, after, known); err != nil {
		return fmt.Errorf("cannot add to the file as it is written, add the entry by hand: %w", err)
	}
	if err := wholefile.Write(file, after, 0o644); err != nil {
		return fmt.Errorf("write the waivers: %w", err)
	}
	return nil
}

// appended returns the text of a file with a waiver added at its end.
func appended(file string, text []byte, w Waiver) ([]byte, error) {
	entry, err := yaml.Marshal([]Waiver{w})
	if err != nil {
		return nil, fmt.Errorf("write the waiver: %w", err)
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	indent := 2
	list := entries(text)
	switch {
	case len(list) > 0:
		if indent = list[0].Column - 3; indent < 0 || list[0].Style&yaml.FlowStyle != 0 && !bytes.Contains(text, []byte("- {")) {
			return nil, fmt.Errorf("%s:%d: the waivers are not written one to a line with a dash: add the entry by hand", file, list[0].Line)
		}
	case !hasList(text):
		text = append(text, "waivers:\n"...)
	}
	for line := range strings.Lines(string(entry)) {
		text = append(text, strings.Repeat(" ", indent)+line...)
	}
	return text, nil
}

// hasList reports whether a text has the key of the list without any entries.
func hasList(text []byte) bool {
	var document map[string]any
	_ = yaml.Load(text, &document) // it was read before
	_, has := document["waivers"]
	return has
}
