package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// writeAnnotations writes a GitHub workflow command for each scenario with a failure, a finding or
// no judgement: an error or a warning at the line of the feature file. Skipped scenarios get no
// annotation, because GitHub shows only a few.
func writeAnnotations(w io.Writer, b *Reader) error {
	for _, u := range b.Head.Unrestored {
		if _, err := fmt.Fprintf(w, "::error title=not restored::%s\n", data(unrestoredText(u))); err != nil {
			return err
		}
	}
	for s, err := range b.some(remarkable, outline) {
		if err != nil {
			return err
		}
		command := annotationLevel(s)
		if command == "" {
			continue
		}
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,title=%s::%s\n", command, property(b.path(s.File)), max(lineOf(s), 1),
			property(s.ID+" "+string(s.Outcome)), data(s.Name+"\n"+annotationText(s)))
		if err != nil {
			return err
		}
	}
	return nil
}

func annotationLevel(s verdict.Scenario) string {
	switch {
	case s.Outcome == verdict.Skipped:
		return ""
	case s.Outcome == verdict.Failed && !s.Waived(), s.Outcome == verdict.Broken:
		return "error"
	}
	return "warning" // it passed, with a finding on a clause of level should
}

func annotationText(s verdict.Scenario) string {
	const limit = 3000 // characters; GitHub silently truncates longer messages
	text := findingsText(s.Findings)
	if len(s.Findings) == 0 {
		text = summaryOf(s) + "\n"
	}
	return short(text, limit) + repeatText(s)
}

// data escapes the message of a workflow command, which must be one line.
func data(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(visible(strings.TrimSpace(text)))
}

// property escapes a property value of a workflow command.
func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(text))
}
