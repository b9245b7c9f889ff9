package report

import (
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// canonical returns a scenario in the form in which it is written: times in UTC, and empty lists
// rather than null. It does not modify the caller's value.
func canonical(s verdict.Scenario) verdict.Scenario {
	s.Clauses, s.Tags, s.Steps = list(s.Clauses), list(s.Tags), list(s.Steps)
	s.Start = instant(s.Start)
	s.Exchanges = slices.Clone(s.Exchanges)
	for i := range s.Exchanges {
		s.Exchanges[i] = canonicalExchange(s.Exchanges[i])
	}
	s.Trajectories = slices.Clone(s.Trajectories)
	for i := range s.Trajectories {
		t := &s.Trajectories[i]
		t.Start, t.Observations = instant(t.Start), list(t.Observations)
	}
	return s
}

func canonicalExchange(e wire.Exchange) wire.Exchange {
	e.Timing.Start = instant(e.Timing.Start)
	e.Sent.Header = header(e.Sent.Header)
	if e.Received != nil {
		received := *e.Received
		received.Header = header(received.Header)
		e.Received = &received
	}
	return e
}

func canonicalHead(head verdict.Run) verdict.Run {
	head.SchemaVersion = verdict.SchemaVersion
	head.Clauses = list(head.Clauses)
	head.Scenarios = nil
	head.Volatile.Started = instant(head.Volatile.Started)
	return head
}

// instant returns a time without its monotonic reading, which is never written, so that a time
// compares equal after it is read back.
func instant(t time.Time) time.Time { return t.UTC().Round(0) }

func header(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}

func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// escapeControls escapes the control characters that JSON allows in a string: DEL, C1 and the
// characters that reorder text. Nothing is lost, and a terminal or diff tool that shows the file
// obeys nothing that an endpoint sent.
func escapeControls(json []byte) []byte {
	clean := true
	for i, c := range json {
		if c == 0x7f || (c == 0xc2 && i+1 < len(json) && json[i+1] < 0xa0) || c == 0xe2 || c == 0xd8 {
			clean = false
			break
		}
	}
	if clean {
		return json
	}
	out := make([]byte, 0, len(json)+len(json)/8)
	for i := 0; i < len(json); {
		r, size := utf8.DecodeRune(json[i:])
		if isControl(r) && r >= ' ' {
			out = append(out, '\\', 'u')
			for shift := 12; shift >= 0; shift -= 4 {
				out = append(out, "0123456789abcdef"[r>>shift&0xf])
			}
		} else {
			out = append(out, json[i:i+size]...)
		}
		i += size
	}
	return out
}
