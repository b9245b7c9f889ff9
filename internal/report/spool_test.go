package report_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

func ids(t *testing.T, reader *report.Reader) []string {
	t.Helper()
	var got []string
	for s, err := range reader.Scenarios() {
		require.NoError(t, err)
		got = append(got, s.ID)
	}
	return got
}

func TestSpoolGivesScenariosInOrderWhateverOrderTheyEndedIn(t *testing.T) {
	head, scenarios := sample()
	reader := readerOf(t, head, scenarios)
	var want []string
	for _, s := range scenarios {
		want = append(want, s.ID)
	}
	assert.Equal(t, want, ids(t, reader))
	assert.Equal(t, want, ids(t, reader), "it can be read again")
	assert.Equal(t, len(want), reader.Len())
}

func TestSpoolTakesScenariosConcurrently(t *testing.T) {
	dir := t.TempDir()
	spool, err := report.Create(dir)
	require.NoError(t, err)
	var group sync.WaitGroup
	var want []string
	var all []verdict.Scenario
	for i := range 100 {
		s := failedScenario()
		s.ID = fmt.Sprintf("S-%03d", i)
		want, all = append(want, s.ID), append(all, s)
		group.Go(func() { assert.NoError(t, spool.Add(i, s)) })
	}
	group.Wait()
	reader, err := spool.Reader(headOf(all, nil))
	require.NoError(t, err)
	assert.Equal(t, want, ids(t, reader))
	require.NoError(t, spool.Close())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left, "nothing of the spool is left")
}

func TestSpoolRefusesABookWithHoles(t *testing.T) {
	head, scenarios := sample()
	t.Run("a scenario that never came", func(t *testing.T) {
		spool, err := report.Create(t.TempDir())
		require.NoError(t, err)
		defer func() { assert.NoError(t, spool.Close()) }()
		require.NoError(t, spool.Add(0, scenarios[0]))
		_, err = spool.Reader(head)
		assert.EqualError(t, err, "the summary counts 6 scenarios, 1 were kept for the report")
	})
	t.Run("two scenarios at one position", func(t *testing.T) {
		spool, err := report.Create(t.TempDir())
		require.NoError(t, err)
		defer func() { assert.NoError(t, spool.Close()) }()
		require.NoError(t, spool.Add(0, scenarios[0]))
		require.ErrorContains(t, spool.Add(0, scenarios[1]), "another scenario already stands at position 0")
		_, err = spool.Reader(headOf(scenarios[:1], nil))
		assert.ErrorContains(t, err, scenarios[1].ID, "the loss is not forgotten")
	})
	t.Run("a spool that was closed", func(t *testing.T) {
		spool, err := report.Create(t.TempDir())
		require.NoError(t, err)
		require.NoError(t, spool.Close())
		assert.ErrorContains(t, spool.Add(0, scenarios[0]), "keep scenario MIT-RESIZE-01 for the report")
	})
}

func TestSpoolLeavesTheCallersScenarioAlone(t *testing.T) {
	s := failedScenario()
	s.Exchanges[0].Sent.Header, s.Tags = nil, nil
	readerOf(t, headOf([]verdict.Scenario{s}, nil), []verdict.Scenario{s})
	assert.Nil(t, s.Tags)
	assert.Nil(t, s.Exchanges[0].Sent.Header)
}

func TestOpenGivesTheReportThatWasWritten(t *testing.T) {
	dir := t.TempDir()
	first := written(t, sampleReader(t), "json")
	path := filepath.Join(dir, "report.json")
	require.NoError(t, os.WriteFile(path, first, 0o644))
	reader, err := report.Open(path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, reader.Close()) }()
	head, _ := sample()
	assert.Equal(t, head, reader.Head)
	for _, format := range report.Formats() {
		assert.Equal(t, string(written(t, sampleReader(t), format.Name)), string(written(t, reader, format.Name)), format.Name)
	}
}

func TestOpenKeepsWhatOnlySomeRunsHave(t *testing.T) {
	head, scenarios := waived()
	head.Fault = verdict.FaultSuite
	changed, _ := leftChanged()
	head.Unrestored = changed.Unrestored
	path := filepath.Join(t.TempDir(), "report.json")
	text := written(t, readerOf(t, head, scenarios), "json")
	assertValid(t, text)
	require.NoError(t, os.WriteFile(path, text, 0o600))
	reader, err := report.Open(path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, reader.Close()) }()
	assert.Equal(t, head, reader.Head)
}

func TestOpenSaysInOneLineWhatIsWrongWithAFile(t *testing.T) {
	good := string(written(t, sampleReader(t), "json"))
	replaced := func(old, with string) string {
		require.Contains(t, good, old)
		return strings.Replace(good, old, with, 1)
	}
	cases := []struct{ name, text, want string }{
		{"empty file", "", "1:1: the file ends in the middle of the report"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "1:1: the file is UTF-16: save it as UTF-8"},
		{"a mark alone", "\ufeff", "the file ends in the middle of the report"},
		{"another format behind a mark", "\ufeff<html>", "a report begins with {"},
		{"another format", "<html>", "1:1: a report begins with {"},
		{"a list", "[]", "1:2: a report begins with {"},
		{"other JSON", `{"a":1}`, "1:1: the report has no member scenarios"},
		{"no version", replaced(`"schemaVersion": "2.0",`, ""), "1:1: not a report: no schemaVersion"},
		{"a later version", replaced(`"2.0"`, `"3.0"`), `2:20: schema version "3.0", this program reads 2.0 and older: use the release that wrote it`},
		{"cut short", good[:len(good)/2], "the file ends in the middle of the report"},
		{"cut between scenarios", good[:strings.Index(good, "\n    },\n    {\n      \"id\": \"MIT-STATUS-01[RUNNING]")+6], "the file ends in the middle of the report"},
		{"text after the end", good + "{}", "more text after the report"},
		{"a count of another type", replaced(`"total": 6`, `"total": "6"`), `6:18: member "summary": scenarios.total cannot be a string`},
		{"a line of another type", replaced(`"line": 12,`, `"line": "twelve",`), "scenario 1: line cannot be a string"},
		{"broken inside a scenario", replaced(`"line": 12,`, `"line": 12 12,`), "invalid character '1' after object key:value pair"},
		{"a scenario was taken out", replaced(`"total": 6`, `"total": 7`), "the summary counts 7 scenarios, the list has 6"},
		{"a member twice", replaced(`"verdict": "non-conformant",`, `"verdict": "conformant", "verdict": "conformant",`), `member "verdict" stands twice`},
		{"an unknown verdict", replaced(`"verdict": "non-conformant",`, `"verdict": "fine",`), `3:14: verdict "fine" is unknown: want conformant, `},
		{"an unknown fault", replaced(`"verdict": "non-conformant",`, `"verdict": "broken", "fault": "user",`), `3:33: fault "user" is unknown: want suite, harness`},
		{"an unknown status of a clause", replaced(`"status": "proved"`, `"status": "kept"`), `status "kept" is unknown: want proved, broken, unproved, untestable`},
		{"an unknown level of a clause", replaced(`"level": "must"`, `"level": "may"`), `level "may" is unknown: want must, should`},
		{"an unknown outcome of a scenario", replaced(`"outcome": "passed",`, `"outcome": "green",`), `scenario 1: outcome "green" is unknown: want passed, failed, inconclusive, skipped, broken`},
		{"a scenario that is not reached", replaced(`"outcome": "passed",`, `"outcome": "not-reached",`), `scenario 1: outcome "not-reached" is unknown`},
		{"a member missing", replaced(`"verdict": "non-conformant",`, ""), `member "verdict": it is missing`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "report.json")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o644))
			_, err := report.Open(path)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
			assert.Regexp(t, `^.*report\.json:\d+:\d+: [^\n]+$`, err.Error())
		})
	}
}

// TestAByteOrderMarkIsReadOver holds that a report that another program has saved with a
// mark reads as before, evidence included.
func TestAByteOrderMarkIsReadOver(t *testing.T) {
	good := written(t, sampleReader(t), "json")
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, append([]byte("\ufeff"), good...), 0o644))
	reader, err := report.Open(path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, reader.Close()) }()
	assert.Equal(t, string(good), string(written(t, reader, "json")))

	bad := strings.Replace(string(good), `"line": 12,`, `"line": "twelve",`, 1)
	require.NoError(t, os.WriteFile(path, []byte("\ufeff"+bad), 0o644))
	_, err = report.Open(path)
	assert.ErrorContains(t, err, fmt.Sprintf("report.json:%d:", 1+strings.Count(bad[:strings.Index(bad, `"twelve"`)], "\n")))
}

func TestOpenPointsAtTheLineOfTheFault(t *testing.T) {
	good := string(written(t, sampleReader(t), "json"))
	bad := strings.Replace(good, `"line": 12,`, `"line": "twelve",`, 1)
	line := 1 + strings.Count(bad[:strings.Index(bad, `"twelve"`)], "\n")
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, []byte(bad), 0o644))
	_, err := report.Open(path)
	assert.ErrorContains(t, err, fmt.Sprintf("report.json:%d:", line))

	broken := strings.Replace(good, `"line": 12,`, `"line": 12 12,`, 1)
	require.NoError(t, os.WriteFile(path, []byte(broken), 0o644))
	_, err = report.Open(path)
	assert.ErrorContains(t, err, fmt.Sprintf("report.json:%d:", line))
}

func TestOpenWithoutAFileSaysSo(t *testing.T) {
	_, err := report.Open(filepath.Join(t.TempDir(), "absent.json"))
	assert.ErrorContains(t, err, "open the report")
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"schemaVersion":"2.0","scenarios":[{}]}`))
	f.Add([]byte(`{"scenarios":[{"line":1}`))
	f.Add(bytes.Repeat([]byte("["), 100))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "report.json")
		require.NoError(t, os.WriteFile(path, data, 0o644))
		reader, err := report.Open(path)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		assert.NoError(t, reader.Close())
	})
}

// meter measures the heap now and then while a format is written through it.
type meter struct {
	writes int
	peak   uint64
}

func (m *meter) Write(p []byte) (int, error) {
	if m.writes++; m.writes%32 == 0 {
		m.peak = max(m.peak, heap())
	}
	return len(p), nil
}

// heap returns the bytes in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// largeReader spools count scenarios of 16 exchanges each and keeps none of them.
func largeReader(t *testing.T, count int) *report.Reader {
	t.Helper()
	spool, err := report.Create(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, spool.Close()) })
	head := headOf(nil, sampleClauses())
	for i := range count {
		s := failedScenario()
		s.ID = fmt.Sprintf("S-%05d", i)
		for range 3 {
			s.Exchanges = append(s.Exchanges, s.Exchanges...)
		}
		head.Summary.Scenarios.Add(s.Outcome)
		require.NoError(t, spool.Add(i, s))
	}
	reader, err := spool.Reader(head)
	require.NoError(t, err)
	return reader
}

func TestALargeRunIsWrittenInBoundedMemory(t *testing.T) {
	const few, many = 20, 300
	small, large := largeReader(t, few), largeReader(t, many)
	for _, format := range report.Formats() {
		t.Run(format.Name, func(t *testing.T) {
			peak := func(reader *report.Reader) uint64 {
				before, m := heap(), &meter{}
				require.NoError(t, report.WriteTo(m, reader, format))
				return max(m.peak, before) - before
			}
			// 280 scenarios more are 9 MB of text. What a format keeps of one it
			// may keep of each: a few words would pass, its exchanges would not.
			assert.Less(t, peak(large), peak(small)+2<<20)
		})
	}
}

func TestOpenKeepsNoScenarioInMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, written(t, largeReader(t, 200), "json"), 0o644))
	before := heap()
	reader, err := report.Open(path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, reader.Close()) }()
	assert.Less(t, max(heap(), before)-before, uint64(1<<20))
	assert.Len(t, ids(t, reader), 200)
}
