package report

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Open opens a report.json. It reads the file once, and keeps the head and the offsets of the
// scenarios. The reader must be closed. Every error is a single line with file, line and column:
// the file is not a report, has another schema version, or contains an unknown verdict, outcome or
// status.
func Open(path string) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the report: %w", err)
	}
	reader := &Reader{file: file, owned: true}
	if err := reader.index(); err != nil {
		_ = file.Close()
		return nil, located(path, err)
	}
	reader.Features = cmp.Or(reader.Head.Features.Folder, featuresFolder)
	return reader, nil
}

// misread is an error at a byte offset of the file.
type misread struct {
	at  int64
	err error
}

func (m misread) Error() string { return m.err.Error() }

// index reads the head and the offsets of the scenarios.
func (b *Reader) index() error {
	dec := json.NewDecoder(bufio.NewReader(markless(b.file)))
	members := map[string]json.RawMessage{}
	var scenarios int64 // the offset of the list
	var at = map[string]int64{}
	if begins(b.file, "\xff\xfe") || begins(b.file, "\xfe\xff") {
		return misread{0, errors.New("the file is UTF-16: save it as UTF-8")}
	}
	if err := expect(dec, '{', "a report begins with {"); err != nil {
		return err
	}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return misread{dec.InputOffset(), err}
		}
		name := token.(string) // in an object, the token after { or , is a name
		if _, again := at[name]; again {
			return misread{dec.InputOffset(), fmt.Errorf("member %q stands twice", name)}
		}
		at[name] = dec.InputOffset()
		if name == "scenarios" {
			scenarios = dec.InputOffset()
			err = b.indexScenarios(dec)
		} else {
			members[name], at[name], err = b.value(dec)
		}
		if err != nil {
			return err
		}
	}
	if err := expect(dec, '}', "a report ends with }"); err != nil {
		return err
	}
	if err := b.nothingMore(dec); err != nil {
		return err
	}
	if scenarios == 0 {
		return misread{0, errors.New("the report has no member scenarios")}
	}
	return b.readHead(members, at)
}

// markless replaces a byte order mark, which some programs write, with white space, so that the
// offsets stay the same.
func markless(file *os.File) io.Reader {
	whole := io.NewSectionReader(file, 0, 1<<62)
	if !begins(file, "\ufeff") {
		return whole
	}
	_, _ = whole.Seek(int64(len("\ufeff")), io.SeekStart) // within the file
	return io.MultiReader(strings.NewReader(strings.Repeat(" ", len("\ufeff"))), whole)
}

// begins reports whether a file begins with a text.
func begins(file *os.File, text string) bool {
	begin := make([]byte, len(text))
	_, err := file.ReadAt(begin, 0)
	return err == nil && string(begin) == text
}

// nothingMore checks that nothing follows the report in the file.
func (b *Reader) nothingMore(dec *json.Decoder) error {
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return misread{dec.InputOffset(), errors.New("more text after the report")}
	}
	return nil
}

func (b *Reader) readHead(members map[string]json.RawMessage, at map[string]int64) error {
	var version string
	if err := json.Unmarshal(members["schemaVersion"], &version); err != nil {
		return misread{at["schemaVersion"], errors.New("not a report: no schemaVersion")}
	}
	if err := verdict.Readable(version); err != nil {
		return misread{at["schemaVersion"], err}
	}
	for name, into := range headMembers(&b.Head) {
		if members[name] == nil && slices.Contains(sometimes, name) {
			continue
		}
		if err := json.Unmarshal(members[name], into); err != nil {
			if members[name] == nil {
				err = errors.New("it is missing")
			}
			return misread{at[name] + offset(err), fmt.Errorf("member %q: %w", name, plain(err))}
		}
	}
	if name, bad := unknownWords(b.Head); bad != nil {
		return misread{at[name] + bad.within(members[name]), bad.err}
	}
	if got, want := len(b.entries), b.Head.Summary.Scenarios.Total; got != want {
		return misread{at["summary"], fmt.Errorf("the summary counts %d scenarios, the list has %d", want, got)}
	}
	return nil
}

// sometimes are the optional members of a report.
var sometimes = []string{"fault", "unrestored", "waivers", "repeat", "recording", "features", "fixture", "call"}

// headMembers returns the destinations for the members of a report other than scenarios.
func headMembers(head *verdict.Run) map[string]any {
	return map[string]any{
		"schemaVersion": &head.SchemaVersion, "verdict": &head.Verdict, "fault": &head.Fault, "summary": &head.Summary,
		"tool": &head.Tool, "contract": &head.Contract, "features": &head.Features, "target": &head.Target,
		"selection": &head.Selection, "clauses": &head.Clauses, "recording": &head.Recording, "fixture": &head.Fixture, "call": &head.Call,
		"unrestored": &head.Unrestored, "waivers": &head.Waivers, "repeat": &head.Repeat, "volatile": &head.Volatile,
	}
}

func (b *Reader) indexScenarios(dec *json.Decoder) error {
	if err := expect(dec, '[', "scenarios is a list"); err != nil {
		return err
	}
	for dec.More() {
		raw, at, err := b.value(dec)
		if err != nil {
			return err
		}
		var scenario verdict.Scenario
		if err := json.Unmarshal(raw, &scenario); err != nil {
			return misread{at + offset(err), fmt.Errorf("scenario %d: %w", len(b.entries)+1, plain(err))}
		}
		if bad := unknownIn(scenario); bad != nil {
			return misread{at + bad.within(raw), fmt.Errorf("scenario %d: %w", len(b.entries)+1, bad.err)}
		}
		b.entries = append(b.entries, entryOf(scenario, span{at: at, size: int64(len(raw))}))
	}
	return expect(dec, ']', "the list of scenarios ends with ]")
}

// value reads the next value and its offset.
func (b *Reader) value(dec *json.Decoder) (json.RawMessage, int64, error) {
	before := dec.InputOffset()
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return nil, 0, b.syntaxFault(before, err)
	}
	return raw, dec.InputOffset() - int64(len(raw)), nil
}

// syntaxFault finds the byte with the syntax error, because a decoder that has read tokens
// miscounts the bytes of the values in between.
func (b *Reader) syntaxFault(before int64, err error) error {
	tail := io.NewSectionReader(b.file, before, 1<<62)
	skip := int64(0)
	for c := make([]byte, 1); ; skip++ {
		if _, end := tail.Read(c); end != nil || !strings.ContainsRune(" \t\r\n:,", rune(c[0])) {
			break
		}
	}
	var raw json.RawMessage
	again := json.NewDecoder(bufio.NewReader(io.NewSectionReader(b.file, before+skip, 1<<62))).Decode(&raw)
	if again == nil { // the error is in the separator before the value
		return misread{before, err}
	}
	if errors.Is(again, io.ErrUnexpectedEOF) || errors.Is(again, io.EOF) {
		again = errors.New("the file ends in the middle of the report")
	}
	return misread{before + skip + offset(again), again}
}

func expect(dec *json.Decoder, want json.Delim, say string) error {
	token, err := dec.Token()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return misread{dec.InputOffset(), errors.New("the file ends in the middle of the report")}
	}
	if err != nil || token != want {
		return misread{dec.InputOffset(), errors.New(say)}
	}
	return nil
}

// offset returns the offset of an error within a value.
func offset(err error) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return max(syntax.Offset-1, 0)
	case errors.As(err, &kind):
		return max(kind.Offset-1, 0)
	}
	return 0
}

// plain rewords a type error in terms of the file rather than of the program.
func plain(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("%s cannot be a %s", kind.Field, kind.Value)
	}
	return err
}

// located adds file, line and column to an error.
func located(path string, err error) error {
	var fault misread
	if !errors.As(err, &fault) {
		return fmt.Errorf("read the report %s: %w", path, err)
	}
	file, open := os.Open(path)
	if open != nil {
		return fmt.Errorf("read the report %s: %w", path, err)
	}
	defer func() { _ = file.Close() }()
	line, col := int64(1), int64(1)
	r := bufio.NewReader(io.LimitReader(file, fault.at))
	for {
		c, err := r.ReadByte()
		if err != nil {
			break
		}
		col++
		if c == '\n' {
			line, col = line+1, 1
		}
	}
	return fmt.Errorf("%s:%d:%d: %w", path, line, col, fault.err)
}
