package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/zec-tools/conformance/internal/verdict"
)

// writeMessages writes the run as a stream of Cucumber Messages, one per line. It reconstructs the
// documents from the scenarios that ran: the lines are those of the feature files, and each row of
// an outline is a separate scenario.
func writeMessages(w io.Writer, b *Reader) error {
	m := messageWriter{out: bufio.NewWriterSize(w, 1<<16), reader: b}
	head := b.Head
	m.write(messages.Envelope{Meta: &messages.Meta{
		ProtocolVersion: "21.0.1", // of the module that provides the types
		Implementation:  &messages.Product{Name: head.Tool.Name, Version: head.Tool.Version},
		Runtime:         &messages.Product{Name: "go", Version: strings.TrimPrefix(head.Tool.Go, "go")},
		Os:              &messages.Product{Name: "unknown"}, Cpu: &messages.Product{Name: "unknown"},
	}})
	if err := m.documents(); err != nil {
		return err
	}
	m.write(messages.Envelope{TestRunStarted: &messages.TestRunStarted{Timestamp: messageTime(head.Volatile.Started)}})
	number := 0
	for s, err := range b.some(every, remarkable) { // the evidence is attached if something is wrong
		if err != nil {
			return err
		}
		m.testCase(number, s)
		number++
	}
	m.write(messages.Envelope{TestRunFinished: &messages.TestRunFinished{
		Success:   head.ExitCode(false) == verdict.ExitConformant,
		Message:   strings.Join(append(unrestoredTexts(head.Unrestored), meaningOf(head.Verdict).In(English)), "\n"),
		Timestamp: messageTime(head.Volatile.Started.Add(head.Volatile.Duration)),
	}})
	return m.flush()
}

// messageWriter writes envelopes until the first error, which it stores.
type messageWriter struct {
	out    *bufio.Writer
	reader *Reader
	err    error
}

func (m *messageWriter) write(e messages.Envelope) {
	if m.err != nil {
		return
	}
	line, err := encode(e)
	if err == nil {
		_, err = m.out.Write(append(line, '\n'))
	}
	m.err = err
}

func (m *messageWriter) flush() error {
	if m.err != nil {
		return m.err
	}
	return m.out.Flush()
}

// documents writes a document for each feature file and a pickle for each scenario.
func (m *messageWriter) documents() error {
	var doc *gherkinFile
	number := 0
	for s, err := range m.reader.some(every, outline) {
		if err != nil {
			return err
		}
		if doc == nil || doc.file != s.File {
			m.document(doc)
			doc = newGherkinFile(s, m.reader.path(s.File))
		}
		doc.add(number, s)
		number++
	}
	m.document(doc)
	return nil
}

func (m *messageWriter) document(doc *gherkinFile) {
	if doc == nil {
		return
	}
	m.write(messages.Envelope{GherkinDocument: doc.document})
	for _, pickle := range doc.pickles {
		m.write(messages.Envelope{Pickle: pickle})
	}
}

// testCase writes the result of a scenario.
func (m *messageWriter) testCase(number int, s verdict.Scenario) {
	id := messageID(number)
	test := &messages.TestCase{Id: id("test"), PickleId: id("pickle"), TestSteps: []*messages.TestStep{}}
	for i := range s.Steps {
		test.TestSteps = append(test.TestSteps, &messages.TestStep{
			Id: id("teststep", i), PickleStepId: id("picklestep", i), StepDefinitionIds: []string{},
		})
	}
	m.write(messages.Envelope{TestCase: test})
	m.write(messages.Envelope{TestCaseStarted: &messages.TestCaseStarted{
		Id: id("run"), TestCaseId: id("test"), Timestamp: messageTime(s.Start),
	}})
	at := s.Start
	for i, end := range stepEnds(s) {
		m.write(messages.Envelope{TestStepStarted: &messages.TestStepStarted{
			TestCaseStartedId: id("run"), TestStepId: id("teststep", i), Timestamp: messageTime(at),
		}})
		m.evidence(s, i, end, id)
		at = at.Add(s.Steps[i].Duration)
		m.write(messages.Envelope{TestStepFinished: &messages.TestStepFinished{
			TestCaseStartedId: id("run"), TestStepId: id("teststep", i), Timestamp: messageTime(at),
			TestStepResult: &messages.TestStepResult{
				Duration: messageDuration(s.Steps[i].Duration), Message: visible(end.message + fingerprintsOf(s, i)), Status: messageStatus(end.outcome),
			},
		}})
	}
	m.write(messages.Envelope{TestCaseFinished: &messages.TestCaseFinished{
		TestCaseStartedId: id("run"), Timestamp: messageTime(s.Start.Add(s.Duration)),
	}})
}

// fingerprintsOf lists the fingerprints of the findings of a step, one per line.
func fingerprintsOf(s verdict.Scenario, step int) string {
	var lines []string
	for _, f := range s.Findings {
		if line := "\n" + f.Clause + " has the fingerprint " + f.Fingerprint(); stepOf(s, f) == step && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// evidence attaches the exchanges of a step that did not pass.
func (m *messageWriter) evidence(s verdict.Scenario, step int, end stepEnd, id func(string, ...int) string) {
	if end.message == "" {
		return
	}
	before := 0
	if step > 0 {
		before = s.Steps[step-1].Exchanges
	}
	accused := map[int]bool{}
	for _, f := range s.Findings {
		accused[f.Exchange] = accused[f.Exchange] || stepOf(s, f) == step
	}
	for i, x := range s.Exchanges {
		if made := i >= before && i < s.Steps[step].Exchanges; made || accused[i+1] {
			m.write(messages.Envelope{Attachment: &messages.Attachment{
				Body: exchangeText(x), ContentEncoding: messages.AttachmentContentEncoding_IDENTITY, MediaType: "text/plain",
				FileName: fmt.Sprintf("exchange-%d.txt", i+1), TestCaseStartedId: id("run"), TestStepId: id("teststep", step),
			}})
		}
	}
}

func messageStatus(o verdict.Outcome) messages.TestStepResultStatus {
	switch o {
	case verdict.Passed:
		return messages.TestStepResultStatus_PASSED
	case verdict.Failed, verdict.Broken:
		return messages.TestStepResultStatus_FAILED
	case verdict.Skipped, verdict.NotReached:
		return messages.TestStepResultStatus_SKIPPED
	}
	return messages.TestStepResultStatus_UNKNOWN // it could not be judged
}

// messageID generates the ids for the parts of a scenario.
func messageID(number int) func(part string, index ...int) string {
	return func(part string, index ...int) string {
		id := fmt.Sprintf("%s-%d", part, number)
		for _, i := range index {
			id += fmt.Sprintf("-%d", i)
		}
		return id
	}
}

func messageTime(t time.Time) *messages.Timestamp {
	return &messages.Timestamp{Seconds: t.Unix(), Nanos: int64(t.Nanosecond())}
}

func messageDuration(d time.Duration) *messages.Duration {
	return &messages.Duration{Seconds: int64(d / time.Second), Nanos: int64(d % time.Second)}
}
