package report

import (
	"cmp"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Reader is a run as the formats read it: the head in memory, the scenarios one at a time.
// Spool.Reader and Open return one.
type Reader struct {
	// Head is the run without its scenarios.
	Head verdict.Run

	// Features is the folder of the feature files as readers of a format see it, relative to the
	// root of their repository. A scenario's File is relative to it.
	Features string

	// Language is the language of reports for people. "" means English, with a page that switches
	// to the browser's language.
	Language Language

	file    *os.File
	entries []entry
	owned   bool // the reader closes the file
}

func (b *Reader) language() Language { return cmp.Or(b.Language, English) }

// span is the location of a scenario's JSON.
type span struct{ at, size int64 }

// entry is what a reader keeps in memory for a scenario: its location, and what decides whether a
// format must read it.
type entry struct {
	span
	id, name, feature, file string
	outcome                 verdict.Outcome
	waived                  bool
	findings, exchanges     int
	start                   time.Time
	duration                time.Duration
}

func entryOf(s verdict.Scenario, at span) entry {
	return entry{
		span: at, id: s.ID, name: s.Name, feature: s.Feature, file: s.File, outcome: s.Outcome, waived: s.Waived(),
		findings: len(s.Findings), exchanges: len(s.Exchanges), start: s.Start.UTC(), duration: s.Duration,
	}
}

// remarkable reports whether a scenario did more than pass.
func remarkable(e entry) bool { return e.outcome != verdict.Passed || e.findings > 0 }

func every(entry) bool { return true }

// Len returns the number of scenarios.
func (b *Reader) Len() int { return len(b.entries) }

// largeRecord is the size from which a scenario is large, so that only a few fit in memory.
const largeRecord = 1 << 20

// hasLarge reports whether any scenario is large.
func (b *Reader) hasLarge() bool {
	return slices.ContainsFunc(b.entries, func(e entry) bool { return e.size >= largeRecord })
}

// Scenarios yields the scenarios in the order of the features. It can be iterated several times. An
// error is the last item.
func (b *Reader) Scenarios() iter.Seq2[verdict.Scenario, error] { return b.some(every, whole) }

// reading decides whether the evidence of a scenario is read.
type reading func(entry) bool

// whole reads a scenario with its evidence: exchanges and trajectories.
func whole(entry) bool { return true }

// outline skips the evidence, which takes most of the time of reading.
func outline(entry) bool { return false }

// some yields the scenarios whose entry is wanted, with evidence as evident decides.
func (b *Reader) some(wanted func(entry) bool, evident reading) iter.Seq2[verdict.Scenario, error] {
	return func(yield func(verdict.Scenario, error) bool) {
		var buf []byte
		for _, e := range b.entries {
			if !wanted(e) {
				continue
			}
			r := b.read(e, &buf)
			scenario, err := r.scenario(evident(e))
			if !yield(scenario, err) || err != nil {
				return
			}
		}
	}
}

// record is the JSON of a scenario. It is valid until the next one is read.
type record struct {
	entry
	json []byte
	err  error
}

// read reads a record into a buffer, which the next one reuses.
func (b *Reader) read(e entry, buf *[]byte) record {
	if int64(cap(*buf)) < e.size {
		*buf = make([]byte, e.size)
	}
	text := (*buf)[:e.size]
	_, err := b.file.ReadAt(text, e.at)
	return record{e, text, err}
}

func (r record) scenario(evident bool) (verdict.Scenario, error) {
	var passing struct {
		verdict.Scenario
		Exchanges    unread `json:"exchanges"`
		Trajectories unread `json:"trajectories"`
	}
	into := any(&passing)
	if evident {
		into = &passing.Scenario
	}
	if r.err == nil {
		r.err = json.Unmarshal(r.json, into, jsonv1.DefaultOptionsV1()) // equivalent to encoding/json, in less than half the time
	}
	if r.err != nil {
		return verdict.Scenario{}, fmt.Errorf("read a scenario back: %w", r.err)
	}
	return passing.Scenario, nil
}

// unread is a member that is skipped.
type unread struct{}

// UnmarshalJSON implements json.Unmarshaler.
func (unread) UnmarshalJSON([]byte) error { return nil }

// records yields the record of every scenario, up to the first one that cannot be read.
func (b *Reader) records() iter.Seq[record] {
	return func(yield func(record) bool) {
		var buf []byte
		for _, e := range b.entries {
			if r := b.read(e, &buf); !yield(r) || r.err != nil {
				return
			}
		}
	}
}

// path returns the path of a scenario's feature file for the reader of a format.
func (b *Reader) path(file string) string { return path.Join(filepath.ToSlash(b.Features), file) }

// Close closes the file that Open opened.
func (b *Reader) Close() error {
	if !b.owned {
		return nil
	}
	return b.file.Close()
}
