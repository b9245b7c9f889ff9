package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/zec-tools/conformance/internal/verdict"
)

// writeJSON writes the canonical report. It is indented, so that a diff of two reports shows the
// member that differs. Its bytes depend on the run alone.
func writeJSON(w io.Writer, b *Reader) error {
	head := b.Head
	head.Scenarios = []verdict.Scenario{}
	encoded, err := encode(head)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, encoded, "", "  "); err != nil {
		return err
	}
	// Only a direct member of the report follows a line feed and two spaces.
	before, after, ok := bytes.Cut(text.Bytes(), []byte("\n  \"scenarios\": []"))
	if !ok {
		return fmt.Errorf("no place for the scenarios in the report's head")
	}
	out := bufio.NewWriterSize(w, 1<<16)
	_, _ = out.Write(before)
	_, _ = out.WriteString("\n  \"scenarios\": [")
	if err := writeScenarios(out, b); err != nil {
		return err
	}
	_, _ = out.WriteString("]")
	_, _ = out.Write(after)
	_, _ = out.WriteString("\n")
	return out.Flush() // reports the first write error
}

// twoDeep indents a scenario by two levels and leaves its strings unchanged.
var twoDeep = []jsontext.Options{
	jsontext.WithIndentPrefix("    "), jsontext.WithIndent("  "), jsontext.PreserveRawStrings(true),
	jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true),
}

func writeScenarios(out *bufio.Writer, b *Reader) error {
	var text []byte
	first := true
	for record := range b.records() {
		if record.err != nil {
			return record.err
		}
		text = text[:0]
		if !first {
			text = append(text, ',')
		}
		text = append(text, "\n    "...)
		var err error
		if text, err = jsontext.AppendFormat(text, record.json, twoDeep...); err != nil {
			return fmt.Errorf("indent a scenario: %w", err)
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
		first = false
	}
	if !first {
		_, _ = out.WriteString("\n  ")
	}
	return nil
}
