package operation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestWhatReadsWouldHaveSeen: reads prove that a change was never shown only where they lie so
// close to each other that one of them would have met it. All times are in tenths of a millisecond.
func TestWhatReadsWouldHaveSeen(t *testing.T) {
	const unit = time.Millisecond / 10
	type read struct {
		asked, seen int
		shows       string // a status, or the status and the value of a row
	}
	every := func(from, to, pause int, shows string) (reads []read) {
		for at := from; at < to; at += pause + 2 {
			reads = append(reads, read{at, at + 2, shows})
		}
		return reads
	}
	join := func(parts ...[]read) (all []read) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for name, c := range map[string]struct {
		end, from, to string // the status that it ends in, and the values before and after
		reads         []read
		shortest      int
		want          bool
	}{
		"no read at all": {"DONE", "", "", nil, 0, false},
		"none between the answer and the end, which is long after it": {"DONE", "", "", []read{{0, 2, "IDLE"}, {500, 502, "DONE"}}, 0, false},
		"none before the end, which is there within a millisecond":    {"DONE", "", "", []read{{0, 2, "IDLE"}, {10, 14, "DONE"}}, 0, true},
		"the end is shown within a millisecond of the start":          {"DONE", "", "", []read{{9, 11, "IDLE"}, {12, 18, "DONE"}}, 0, true},
		"within exactly a millisecond":                                {"DONE", "", "", []read{{9, 11, "IDLE"}, {12, 19, "DONE"}}, 0, false},
		"a slow read may have looked at any moment":                   {"DONE", "", "", []read{{9, 11, "IDLE"}, {12, 40, "DONE"}}, 0, false},
		"another one under way meanwhile shows no more":               {"DONE", "", "", []read{{9, 11, "IDLE"}, {12, 40, "DONE"}, {13, 39, "IDLE"}}, 0, false},
		"the start is shown for long, then the end in a short time":   {"DONE", "", "", join(every(10, 800, 20, "IDLE"), []read{{820, 822, "DONE"}}), 0, true},
		"the start is shown for long, then nothing for long":          {"DONE", "", "", join(every(10, 400, 20, "IDLE"), []read{{820, 822, "DONE"}}), 0, false},
		"others took long beside the gap":                             {"DONE", "", "", []read{{9, 11, "IDLE"}, {80, 82, "DONE"}}, 800, true},
		"others took no longer than eight times the gap":              {"DONE", "", "", []read{{9, 11, "IDLE"}, {80, 82, "DONE"}}, 8 * 73, false},
		"the status tells nothing, and the value changes at once":     {"IDLE", "a", "b", []read{{9, 11, "IDLE a"}, {12, 15, "IDLE b"}}, 0, true},
		"the value changes after a gap":                               {"IDLE", "a", "b", []read{{9, 11, "IDLE a"}, {30, 33, "IDLE b"}}, 0, false},
		"reads of the status fill the gap":                            {"IDLE", "a", "b", join([]read{{9, 11, "IDLE a"}}, every(12, 30, 1, "IDLE"), []read{{30, 33, "IDLE b"}}), 0, true},
		"nothing tells the end, and the reads stay close":             {"IDLE", "", "", join(every(8, 100, 1, "IDLE"), every(100, 2000, 5, "IDLE")), 0, true},
		"nothing tells the end, and there is a gap at first":          {"IDLE", "", "", join(every(30, 100, 1, "IDLE"), every(100, 2000, 5, "IDLE")), 0, false},
		"nothing tells the end, and there is a gap later":             {"IDLE", "", "", join(every(8, 100, 1, "IDLE"), every(200, 2000, 5, "IDLE")), 0, false},
		"likewise, and changes take long beside it":                   {"IDLE", "", "", join(every(8, 100, 1, "IDLE"), every(200, 2000, 5, "IDLE")), 8 * 200, true},
		"the reads contradict each other":                             {"DONE", "", "", []read{{9, 11, "DONE"}, {12, 15, "IDLE"}}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			wanted := ""
			if c.to != "" {
				wanted = "kind"
			}
			start := time.Now()
			at := func(asked, seen int) wire.Timing {
				return wire.Timing{Start: start.Add(time.Duration(asked) * unit), End: time.Duration(seen-asked) * unit}
			}
			d := definition("IDLE", c.end, wanted)
			s := operation.NewSubject(d, "one", time.Second, start)
			s.Trajectory.From, s.Trajectory.To = c.from, c.to
			s.Answered(at(8, 10))
			for _, r := range c.reads {
				status, value := r.shows[:4], ""
				if len(r.shows) > 4 {
					value = r.shows[5:]
					row := map[string]string{"status": status}
					row[d.Changed.Field] = value
					s.Row(row, at(r.asked, r.seen))
					continue
				}
				s.Note(status, at(r.asked, r.seen))
			}
			assert.Equal(t, c.want, operation.WouldHaveSeen([]*operation.Subject{s}, 1, time.Duration(c.shortest)*unit))
		})
	}
}

// TestChangesThatEndAsTheyBeganAreReadTogether: whenever after its call a change may have run, some of the
// attempts were read just then, though none of them was all the time.
func TestChangesThatEndAsTheyBeganAreReadTogether(t *testing.T) {
	start := time.Now()
	attempt := func(from, to int) *operation.Subject { // read closely between two milliseconds after the answer
		s := operation.NewSubject(definition("IDLE", "IDLE", ""), "one", time.Second, start)
		s.Answered(wire.Timing{Start: start, End: time.Microsecond})
		for at := from * 10; at < to*10; at += 2 {
			s.Note("IDLE", wire.Timing{Start: start.Add(time.Duration(at) * time.Millisecond / 10), End: 100 * time.Microsecond})
		}
		s.Note("IDLE", wire.Timing{Start: start.Add(100 * time.Millisecond), End: 100 * time.Microsecond})
		return s
	}
	early, late, whole := attempt(0, 40), attempt(30, 100), attempt(0, 100)
	for name, c := range map[string]struct {
		attempts []*operation.Subject
		times    int
		want     bool
	}{
		"one, which is not read for a while":     {[]*operation.Subject{early}, 1, false},
		"two, of which one is always read":       {[]*operation.Subject{early, late}, 1, true},
		"two, of which both are never read":      {[]*operation.Subject{early, late}, 2, false},
		"four, of which two are always read":     {[]*operation.Subject{early, late, early, late}, 2, true},
		"two, which are read all the time":       {[]*operation.Subject{whole, whole}, 2, true},
		"one, read all the time, of two to come": {[]*operation.Subject{whole}, 2, false},
	} {
		assert.Equal(t, c.want, operation.WouldHaveSeen(c.attempts, c.times, 0), name)
	}
}
