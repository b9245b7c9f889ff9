package report

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Book is a run as the formats read it: the head in memory, the scenarios one at a
// time. It is made by Spool.Book or by Open.
type Book struct {
	// Head is the run without its scenarios.
	Head verdict.Run

	file  *os.File
	spans []span
	owned bool // the file was opened for this book
}

// span is where one scenario's JSON stands.
type span struct{ at, size int64 }

// Len returns the number of scenarios.
func (b *Book) Len() int { return len(b.spans) }

// Scenarios yields the scenarios in the order of the features. It may be ranged
// over again. After an error it yields no more.
func (b *Book) Scenarios() iter.Seq2[verdict.Scenario, error] {
	return func(yield func(verdict.Scenario, error) bool) {
		for record, err := range b.records() {
			var scenario verdict.Scenario
			if err == nil {
				err = json.Unmarshal(record, &scenario)
			}
			if err != nil {
				yield(verdict.Scenario{}, fmt.Errorf("read a scenario back: %w", err))
				return
			}
			if !yield(scenario, nil) {
				return
			}
		}
	}
}

// records yields each scenario's JSON; a record is valid until the next one is asked for.
func (b *Book) records() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var buf []byte
		for _, s := range b.spans {
			if int64(cap(buf)) < s.size {
				buf = make([]byte, s.size)
			}
			buf = buf[:s.size]
			_, err := io.ReadFull(io.NewSectionReader(b.file, s.at, s.size), buf)
			if !yield(buf, err) || err != nil {
				return
			}
		}
	}
}

// Close lets go of the file that Open opened.
func (b *Book) Close() error {
	if !b.owned {
		return nil
	}
	return b.file.Close()
}
