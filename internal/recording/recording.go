// Package recording reads recorded HTTP traffic as exchanges in the order of time: HAR 1.2,
// lines of JSON (one exchange a line, the form that the harness itself uses) and report.json.
//
// It judges nothing and knows neither the contract nor any action: an entry of another host
// or path is an exchange like any other. What a recorder has left out, cut off or taken out
// makes an entry evidence of nothing; Entry.Exchange then has the cause CauseNotRecorded, or
// CauseUnreadable where its request cannot be told from any other.
//
// A recording may be larger than memory. It is read twice: once to learn where each entry
// lies and when it began, then entry by entry in the order of time.
package recording

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/zec-tools/conformance/internal/wire"
)

// The causes of entries that are evidence of nothing.
const (
	CauseNotRecorded wire.Cause = "not-recorded" // the recording of the exchange is not whole
	CauseUnreadable  wire.Cause = "unreadable"   // nobody can say which request it was
)

// maxEntry bounds one entry, in bytes: what one exchange may take of memory.
const maxEntry = 64 << 20

// Entry is one recorded exchange.
type Entry struct {
	File     string // as it was named; "-" for the standard input
	Number   int    // of the entry in its file, from 1
	Exchange wire.Exchange
	Findings []string // what a run of this program has found in it, each with its clause first
}

// Place returns where the entry stands, for people.
func (e Entry) Place() string { return fmt.Sprintf("%s, entry %d", e.File, e.Number) }

// Recording is one session of traffic, from one file or several.
type Recording struct {
	sources []*source
	entries []place
}

// place is where an entry lies.
type place struct {
	source, number int
	offset         int64
	length         int
	started        time.Time
}

// Open reads where the entries of the files lie; "-" is the standard input. Files that are
// no recording are an error of one line that names the file and the place in it. Close the
// recording when done with it. Found is told how many entries were found so far; it may be nil.
func Open(stdin io.Reader, found func(entries int), files ...string) (*Recording, error) {
	r := &Recording{}
	for _, name := range files {
		s, err := open(name, stdin)
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		r.sources = append(r.sources, s)
		if before := len(r.entries); found != nil {
			s.found = func(entries int) { found(before + entries) }
		}
		places, err := s.index()
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		for _, p := range places {
			p.source = len(r.sources) - 1
			r.entries = append(r.entries, p)
		}
	}
	slices.SortStableFunc(r.entries, func(a, b place) int { return a.started.Compare(b.started) })
	return r, nil
}

// Len returns the number of entries.
func (r *Recording) Len() int { return len(r.entries) }

// Redacted reports whether runs of this program wrote all of it as HAR. In the place of what
// is right in a credential such a recording has secret.Redacted, and what is wrong stands as
// it was sent.
func (r *Recording) Redacted() bool {
	return !slices.ContainsFunc(r.sources, func(s *source) bool { return !s.redacted })
}

// Partial returns the first file that lacks exchanges of a run at an endpoint which prepare
// and restore its instances, "" if there is none.
func (r *Recording) Partial() string {
	if i := slices.IndexFunc(r.sources, func(s *source) bool { return s.partial }); i >= 0 {
		return r.sources[i].name
	}
	return ""
}

// Entries yields the entries in the order in which they began. It may be called again.
func (r *Recording) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		var text []byte
		for _, p := range r.entries {
			s := r.sources[p.source]
			text = slices.Grow(text[:0], p.length)[:p.length]
			entry := Entry{File: s.name, Number: p.number}
			if _, err := s.at.ReadAt(text, p.offset); err != nil {
				yield(entry, fmt.Errorf("read %s: %w", entry.Place(), err))
				return
			}
			entry.Exchange, entry.Findings = s.decode(text)
			entry.Exchange.Timing.Start = p.started
			if !yield(entry, nil) {
				return
			}
		}
	}
}

// Close closes the files.
func (r *Recording) Close() error {
	var errs []error
	for _, s := range r.sources {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

// unreadable returns an exchange of which nothing is known.
func unreadable(why string) wire.Exchange {
	return wire.Exchange{Attempt: 1, Sent: wire.Sent{Header: http.Header{}}, Cause: CauseUnreadable, Detail: why}
}

// misfit says in words of the file which member of an entry is of another type than it has to be.
func misfit(err error) string {
	var har *jsonv2.SemanticError
	var own *json.UnmarshalTypeError
	switch {
	case errors.As(err, &har) && har.JSONPointer != "":
		return fmt.Sprintf("%s cannot be a %s", strings.ReplaceAll(strings.TrimPrefix(string(har.JSONPointer), "/"), "/", "."), har.JSONKind)
	case errors.As(err, &own) && own.Field != "":
		return fmt.Sprintf("%s cannot be a %s", own.Field, own.Value)
	}
	return err.Error()
}

// notRecorded marks an exchange as evidence of nothing.
func notRecorded(x *wire.Exchange, why string) {
	if x.Cause == "" {
		x.Cause, x.Detail = CauseNotRecorded, why
	}
}
