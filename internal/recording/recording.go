// Package recording reads recorded HTTP traffic as exchanges in the order of time. It supports HAR
// 1.2, lines of JSON (one exchange per line, in the harness's own form), report.json, and the JSON
// reports of newman.
//
// It judges nothing and knows neither the contract nor any action: an entry with another host or
// path is an exchange like any other. If a recorder has left out, truncated or redacted something,
// the entry is not evidence. Its Exchange then has the cause CauseNotRecorded, or CauseUnreadable
// if its request cannot be identified.
//
// A recording may be larger than memory. It is read twice: once to find the location and the start
// time of each entry, then entry by entry in the order of time.
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

// The causes of entries that are not evidence.
const (
	CauseNotRecorded wire.Cause = "not-recorded" // the exchange was not recorded completely
	CauseUnreadable  wire.Cause = "unreadable"   // the request cannot be identified
)

// maxEntry limits the size of one entry in bytes, and so the memory for one exchange.
const maxEntry = 64 << 20

// Entry is one recorded exchange.
type Entry struct {
	File     string // as it was given; "-" for the standard input
	Number   int    // the number of the entry in its file, from 1
	Exchange wire.Exchange
	Findings []string // the findings of the recorded run about it, each beginning with its clause
}

// Place returns the location of the entry, for display.
func (e Entry) Place() string { return fmt.Sprintf("%s, entry %d", e.File, e.Number) }

// Recording is one session of traffic, from one file or several.
type Recording struct {
	sources []*source
	entries []place
}

// place is the location of an entry.
type place struct {
	source, number int
	offset         int64
	length         int
	started        time.Time
}

// Open finds the entries in the files; "-" is the standard input. If a file is not a recording, the
// error is a single line with the file and the position in it. The recording must be closed. found
// is called with the number of entries found so far; it may be nil.
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

// Redacted reports whether runs of this program wrote all of it as HAR. Such a recording has
// secret.Redacted in place of correct credentials, and wrong ones as they were sent.
func (r *Recording) Redacted() bool {
	return !slices.ContainsFunc(r.sources, func(s *source) bool { return !s.redacted })
}

// Partial returns the first file of a run at an endpoint without the exchanges that prepare and
// restore its instances, "" if there is none.
func (r *Recording) Partial() string {
	if i := slices.IndexFunc(r.sources, func(s *source) bool { return s.partial }); i >= 0 {
		return r.sources[i].name
	}
	return ""
}

// Entries yields the entries in the order in which they began. It can be iterated several times.
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

// unreadable returns an exchange about which nothing is known.
func unreadable(why string) wire.Exchange {
	return wire.Exchange{Attempt: 1, Sent: wire.Sent{Header: http.Header{}}, Cause: CauseUnreadable, Detail: why}
}

// misfit describes which member of an entry has the wrong type, in terms of the file.
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

// notRecorded marks an exchange as not being evidence.
func notRecorded(x *wire.Exchange, why string) {
	if x.Cause == "" {
		x.Cause, x.Detail = CauseNotRecorded, why
	}
}
