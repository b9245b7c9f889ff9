package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// suite is a feature, in the terms of JUnit.
type suite struct {
	file, name string
	counts     verdict.Counts
	start      time.Time
	duration   time.Duration
}

// The elements of JUnit XML that GitHub, GitLab and Jenkins read.
type (
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
	junitCase struct {
		XMLName   xml.Name     `xml:"testcase"`
		Classname string       `xml:"classname,attr"`
		Name      string       `xml:"name,attr"`
		File      string       `xml:"file,attr,omitempty"`
		Line      int          `xml:"line,attr,omitempty"`
		Time      string       `xml:"time,attr"`
		Failure   *junitResult `xml:"failure"`
		Error     *junitResult `xml:"error"`
		Skipped   *junitResult `xml:"skipped"`
		SystemOut string       `xml:"system-out,omitempty"`
	}
)

// writeJUnit writes one testsuite per feature and one testcase per scenario. A finding is a
// failure, a scenario that was not judged is an error, and a skipped one is skipped.
func writeJUnit(w io.Writer, b *Reader) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	x := xmlWriter{enc: xml.NewEncoder(w)}
	x.enc.Indent("", "  ")
	total, took := b.Head.Summary.Scenarios, b.Head.Volatile.Duration
	if b.Len() == 0 {
		total = verdict.Counts{Total: 1, Broken: 1}
	}
	total.Total += len(b.Head.Unrestored)
	total.Broken += len(b.Head.Unrestored)
	x.open("testsuites", append(countAttrs(total, took), attr("name", "conformance of "+b.Head.Target.Name))...)
	x.unrestored(b.Head.Unrestored)
	if b.Len() == 0 {
		x.emptyRun(verdict.Counts{Total: 1, Broken: 1})
	}
	if err := x.suites(b, suitesOf(b)); err != nil {
		return err
	}
	x.close("testsuites")
	if x.err == nil {
		x.err = x.enc.Close()
	}
	if x.err != nil {
		return x.err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// suitesOf counts the scenarios of each feature, because the counts precede them in the file.
func suitesOf(b *Reader) []suite {
	var suites []suite
	for _, s := range b.entries {
		if len(suites) == 0 || suites[len(suites)-1].file != s.file {
			suites = append(suites, suite{file: s.file, name: s.feature, start: s.start})
		}
		last := &suites[len(suites)-1]
		last.counts.Add(s.outcome)
		if s.waived {
			last.counts.Waived++
		}
		last.duration += s.duration
		if s.start.Before(last.start) {
			last.start = s.start
		}
	}
	return suites
}

// xmlWriter writes elements until the first error, which it stores.
type xmlWriter struct {
	enc *xml.Encoder
	err error
}

func (x *xmlWriter) open(name string, attrs ...xml.Attr) {
	x.token(xml.StartElement{Name: xml.Name{Local: name}, Attr: attrs})
}

func (x *xmlWriter) close(name string) { x.token(xml.EndElement{Name: xml.Name{Local: name}}) }

func (x *xmlWriter) token(t xml.Token) {
	if x.err == nil {
		x.err = x.enc.EncodeToken(t)
	}
}

func (x *xmlWriter) element(v any, name string) {
	if x.err == nil {
		x.err = x.enc.EncodeElement(v, xml.StartElement{Name: xml.Name{Local: name}})
	}
}

func (x *xmlWriter) suites(b *Reader, suites []suite) error {
	left := 0 // scenarios left in the open suite
	for s, err := range b.some(every, outline) {
		if err != nil {
			return err
		}
		if left == 0 {
			next := suites[0]
			suites, left = suites[1:], next.counts.Total
			x.openSuite(b, next)
		}
		x.element(testcase(s, b.path(s.File)), "testcase")
		if left--; left == 0 {
			x.close("testsuite")
		}
	}
	return nil
}

func (x *xmlWriter) openSuite(b *Reader, s suite) {
	head := b.Head
	attrs := append(countAttrs(s.counts, s.duration), attr("name", s.name), attr("file", b.path(s.file)),
		attr("timestamp", s.start.UTC().Format("2006-01-02T15:04:05")))
	x.open("testsuite", attrs...)
	x.open("properties")
	for _, p := range []junitProperty{
		{"target", head.Target.Name}, {"endpoint", head.Target.Endpoint}, {"verdict", string(head.Verdict)},
		{"contract", head.Contract.Title + " " + head.Contract.Version}, {"tool", head.Tool.Name + " " + head.Tool.Version},
	} {
		p.Value = visible(p.Value)
		x.element(p, "property")
	}
	x.close("properties")
}

// unrestored precedes everything else, because test viewers show errors and little more.
func (x *xmlWriter) unrestored(list []verdict.Unrestored) {
	if len(list) == 0 {
		return
	}
	counts := verdict.Counts{Total: len(list), Broken: len(list)}
	x.open("testsuite", append(countAttrs(counts, 0), attr("name", "not restored"))...)
	for _, u := range list {
		text := oneLine(unrestoredText(u))
		x.element(junitCase{
			Classname: "conformance", Name: visible(cmp.Or(u.Kind, "instance") + " " + u.Instance + " is restored"), Time: "0.000",
			Error: &junitResult{Message: text, Type: "not-put-back", Text: text},
		}, "testcase")
	}
	x.close("testsuite")
}

// emptyRun writes a testcase for a run without scenarios, because a file without testcases counts
// as passed.
func (x *xmlWriter) emptyRun(counts verdict.Counts) {
	x.open("testsuite", append(countAttrs(counts, 0), attr("name", "the run"))...)
	x.element(junitCase{
		Classname: "conformance", Name: "the run proves something", Time: "0.000",
		Error: &junitResult{Message: "no scenario ran", Type: string(verdict.Broken), Text: "A run without scenarios proves nothing."},
	}, "testcase")
	x.close("testsuite")
}

func testcase(s verdict.Scenario, file string) junitCase {
	c := junitCase{
		Classname: classname(s.File), Name: visible(s.ID + ": " + s.Name), File: file, Line: s.Line,
		Time: fmt.Sprintf("%.3f", s.Duration.Seconds()),
	}
	switch s.Outcome {
	case verdict.Passed:
		c.SystemOut = findingsText(s.Findings) // of clauses of level should
	case verdict.Failed:
		if s.Waived() {
			c.Skipped = &junitResult{Message: summaryOf(s)}
			break
		}
		c.Failure = &junitResult{Message: summaryOf(s), Type: failureType(s), Text: findingsText(s.Findings) + repeatText(s)}
	case verdict.Skipped:
		c.Skipped = &junitResult{Message: visible(s.Reason)}
	default:
		kind := string(s.Outcome)
		if s.Cause != "" {
			kind = string(s.Cause)
		}
		c.Error = &junitResult{Message: visible(summaryOf(s)), Type: kind, Text: findingsText(s.Findings) + repeatText(s)}
	}
	return c
}

// summaryOf summarises on one line how a scenario ended that did not pass.
func summaryOf(s verdict.Scenario) string {
	if s.Outcome != verdict.Failed || len(s.Findings) == 0 {
		return oneLine(string(s.Outcome) + ": " + s.Reason)
	}
	text := oneLine(s.Findings[0].Error())
	if more := len(s.Findings) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

func failureType(s verdict.Scenario) string {
	if len(s.Findings) == 0 {
		return string(s.Outcome)
	}
	return s.Findings[0].Clause
}

// findingsText lists findings, one per line, with the fingerprint for waivers and the request id.
func findingsText(findings []verdict.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		b.WriteString(oneLine(f.Error()))
		b.WriteString(" [fingerprint " + f.Fingerprint())
		if f.RequestID != "" {
			b.WriteString(", request id " + oneLine(f.RequestID))
		}
		b.WriteString("]\n")
	}
	return b.String()
}

func repeatText(s verdict.Scenario) string {
	if s.Repeat == "" {
		return ""
	}
	return "repeat with: " + oneLine(s.Repeat) + "\n"
}

// classname converts a file path to a dotted name, which readers use for grouping: resize.refused.
func classname(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(file, path.Ext(file)), "/", ".")
}

func countAttrs(c verdict.Counts, took time.Duration) []xml.Attr {
	return []xml.Attr{
		attr("tests", fmt.Sprint(c.Total)), attr("failures", fmt.Sprint(c.Failed-c.Waived)),
		attr("errors", fmt.Sprint(c.Inconclusive+c.Broken)), attr("skipped", fmt.Sprint(c.Skipped+c.Waived)),
		attr("time", fmt.Sprintf("%.3f", took.Seconds())),
	}
}

func attr(name, value string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: visible(value)}
}
