package recording

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/verdict"
)

// index finds the location of each entry in a source, and the form of the recording.
func (s *source) index() ([]place, error) {
	kind, err := s.kind()
	if err != nil {
		return nil, err
	}
	w := s.walk()
	switch kind {
	case "log":
		s.decode, w.started = decodeHAR, "startedDateTime"
		err = w.members(func(name string) error {
			if name != "log" {
				return w.skip()
			}
			return w.members(s.har(w))
		})
	case "run":
		s.decode = decodeNewman
		err = w.members(func(name string) error {
			if name != "run" {
				return w.skip()
			}
			return w.newman()
		})
	case "scenarios", "schemaVersion":
		s.decode, w.started = decodeExchange, "timing.start"
		err = w.members(s.report(w))
	default:
		s.decode, w.started = decodeExchange, "timing.start"
		for err == nil && w.dec.PeekKind() != 0 {
			err = w.entry()
		}
	}
	if err == nil {
		err = w.end()
	}
	return w.places, s.located(w, err)
}

// har reads a member of HAR's log.
func (s *source) har(w *walker) func(name string) error {
	return func(name string) error {
		switch name {
		case "_target":
			target, err := w.word("@this")
			s.redacted = target == "mock" || target == "endpoint"
			s.partial = target == "endpoint"
			return err
		case "_complete":
			return s.complete(w)
		case "entries":
			return w.items(w.entry)
		}
		return w.skip()
	}
}

// report reads a member of report.json.
func (s *source) report(w *walker) func(name string) error {
	return func(name string) error {
		switch name {
		case "schemaVersion":
			at := w.next()
			version, err := w.word("@this")
			if err == nil {
				err = verdict.Readable(version)
			}
			return w.at(at, err)
		case "target":
			target, err := w.word("kind")
			s.partial = target == "endpoint"
			return err
		case "scenarios":
			return w.items(func() error { return w.members(w.exchanges) })
		case "fixture":
			return w.members(func(name string) error {
				if name == "complete" {
					return s.complete(w)
				}
				return w.exchanges(name)
			})
		}
		return w.skip()
	}
}

// complete reads whether a run recorded everything that may have changed an instance.
func (s *source) complete(w *walker) error {
	token, err := w.dec.ReadToken()
	s.partial = err != nil || token.Kind() != 't'
	return err
}

// word reads a value that has a string at a path.
func (w *walker) word(path string) (string, error) {
	text, err := w.dec.ReadValue()
	return gjson.GetBytes(text, path).String(), err
}

// exchanges records the location of the exchanges of a scenario in report.json, or of its fixture.
func (w *walker) exchanges(name string) error {
	if name != "exchanges" {
		return w.skip()
	}
	return w.items(w.entry)
}

// errNoRecording is the error for a file in none of the supported forms.
var errNoRecording = errors.New("no recording: want HAR 1.2 ({\"log\": …}), one exchange a line ({\"request\": …, \"response\": …}), report.json, or a JSON report of newman ({\"run\": …})")

// kind returns the name of the first member that identifies the form of the file.
func (s *source) kind() (string, error) {
	w := s.walk()
	if w.dec.PeekKind() == 0 {
		if err := w.end(); err != nil {
			return "", s.located(w, err)
		}
		return "", nil // an empty file is an empty recording
	}
	found, begins := "", w.next()
	err := w.members(func(name string) error {
		switch name {
		case "log", "run", "scenarios", "schemaVersion", "request", "response":
			found = name
			return io.EOF
		}
		return w.skip()
	})
	if found == "" {
		if err == nil {
			err = w.at(begins, errNoRecording)
		}
		return "", s.located(w, err)
	}
	return found, nil
}

// walker reads a source token by token, so that only one entry is in memory.
type walker struct {
	dec     *jsontext.Decoder
	bound   *bounded
	begin   int64
	started string // the path of the start time in an entry
	places  []place
	found   func(entries int) // may be nil
}

func (s *source) walk() *walker {
	b := &bounded{r: bufio.NewReaderSize(io.NewSectionReader(s.at, s.begin, s.size-s.begin), 1<<16)}
	b.reset()
	return &walker{
		bound: b, begin: s.begin, found: s.found,
		dec: jsontext.NewDecoder(b, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
	}
}

// bounded is a reader that returns at most the size of one entry until it is reset.
type bounded struct {
	r    io.Reader
	left int
}

var errTooLarge = fmt.Errorf("a single value of more than %d MiB: split the recording", maxEntry>>20)

func (b *bounded) reset() { b.left = maxEntry }

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// members calls f for each member of an object. f must read its value.
func (w *walker) members(f func(name string) error) error {
	return w.within('{', func() error {
		name, err := w.dec.ReadToken()
		if err != nil {
			return err
		}
		return f(name.String())
	})
}

// items calls f for each item of an array. f must read it.
func (w *walker) items(f func() error) error { return w.within('[', f) }

func (w *walker) within(kind jsontext.Kind, f func() error) error {
	if got := w.dec.PeekKind(); got != kind {
		if got == 'n' {
			return w.skip() // null counts as empty
		}
		if got == 0 {
			_, err := w.dec.ReadToken()
			return err
		}
		return w.at(w.next(), errNoRecording)
	}
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	for w.dec.PeekKind() != kind+2 { // the codes of } and ] are those of { and [ plus two
		w.bound.reset()
		if err := f(); err != nil {
			return err
		}
	}
	_, err := w.dec.ReadToken()
	return err
}

// skip reads past a value without storing it.
func (w *walker) skip() error {
	depth := w.dec.StackDepth()
	for {
		w.bound.reset()
		if _, err := w.dec.ReadToken(); err != nil {
			return err
		}
		if w.dec.StackDepth() <= depth {
			return nil
		}
	}
}

// entry records the location of the next value, and when it began.
func (w *walker) entry() error {
	text, err := w.read()
	if err != nil {
		return err
	}
	p := &w.places[len(w.places)-1]
	p.started = startOf(gjson.GetBytes(text, w.started).Str)
	if p.started.IsZero() && len(w.places) > 1 {
		p.started = w.places[len(w.places)-2].started
	}
	return nil
}

// read reads the next value, which is an entry, and records its location.
func (w *walker) read() ([]byte, error) {
	w.bound.reset()
	text, err := w.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	begins := w.dec.InputOffset() - int64(len(text))
	if text.Kind() != '{' {
		return nil, w.at(begins, fmt.Errorf("entry %d is no object: an entry holds a request and its answer", len(w.places)+1))
	}
	w.places = append(w.places, place{number: len(w.places) + 1, length: len(text), offset: w.begin + begins})
	if w.found != nil {
		w.found(len(w.places))
	}
	return text, nil
}

// end checks that only white space is left.
func (w *walker) end() error {
	at := w.next()
	_, err := w.dec.ReadToken()
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	if err == nil {
		err = w.at(at, errors.New("more text after the recording"))
	}
	return err
}

// startOf parses the time formats of recorders. For any other text it returns the zero time.
func startOf(text string) time.Time {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00"} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
