package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/zec-tools/conformance/internal/wire"
)

// harOf writes a HAR of entries.
func harOf(entries ...string) string {
	return `{"log":{"version":"1.2","creator":{"name":"t","version":"1"},"pages":[{"id":"p"}],"entries":[` + strings.Join(entries, ",\n") + `]}}`
}

// harAt writes an entry that began some seconds after noon and was answered 200 with a body.
func harAt(second int, zone, response string) string {
	return fmt.Sprintf(`{"startedDateTime":"2026-11-26T12:00:%02d.000%s","time":12,"request":{"method":"post","url":"https://host.example/api/v2/zec",`+
		`"headers":[{"name":":method","value":"POST"},{"name":"x-zc-action","value":"Do%d"},{"name":"x-zc-version","value":"2024-04-01"}],`+
		`"postData":{"mimeType":"application/json","text":"{}"}},"response":%s,"timings":{"send":1,"wait":10,"receive":1}}`, second, zone, second, response)
}

const harAnswer = `{"status":200,"httpVersion":"h2","headers":[{"name":"content-type","value":"application/json"}],"content":{"size":2,"text":"{}"}}`

func file(t testing.TB, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "recording")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// read returns all entries of recordings.
func read(t testing.TB, stdin string, files ...string) []Entry {
	t.Helper()
	r, err := Open(strings.NewReader(stdin), nil, files...)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	var all []Entry
	for e, err := range r.Entries() {
		require.NoError(t, err)
		all = append(all, e)
	}
	require.Len(t, all, r.Len())
	return all
}

func actions(entries []Entry) (names []string) {
	for _, e := range entries {
		names = append(names, e.Exchange.Operation.Action)
	}
	return names
}

func TestAnEntryOfAHARIsAnExchange(t *testing.T) {
	all := read(t, "", file(t, harOf(harAt(1, "Z", harAnswer))))
	require.Len(t, all, 1)
	x := all[0].Exchange
	assert.Equal(t, wire.Operation{Path: "/api/v2/zec", Action: "Do1", Version: "2024-04-01"}, x.Operation)
	assert.Equal(t, "POST", x.Sent.Method)
	assert.NotContains(t, x.Sent.Header, ":method")
	assert.Equal(t, wire.Body("{}"), x.Sent.Body)
	require.NotNil(t, x.Received)
	assert.Equal(t, 200, x.Received.Status)
	assert.Equal(t, "application/json", x.Received.Header.Get("Content-Type"))
	assert.Equal(t, wire.Body("{}"), x.Received.Body)
	assert.Equal(t, time.Date(2026, 11, 26, 12, 0, 1, 0, time.UTC), x.Timing.Start)
	assert.Equal(t, 11*time.Millisecond, x.Timing.FirstByte)
	assert.Equal(t, 12*time.Millisecond, x.Timing.End)
	assert.True(t, x.Judgeable())
}

func TestEntriesComeInTheOrderOfTime(t *testing.T) {
	late := file(t, harOf(harAt(9, "Z", harAnswer), harAt(1, "Z", harAnswer)))
	zoned := file(t, harOf(harAt(5, "+00:00", harAnswer), strings.Replace(harAt(4, "+02:00", harAnswer), "T12:", "T14:", 1)))
	assert.Equal(t, []string{"Do1", "Do4", "Do5", "Do9"}, actions(read(t, "", late, zoned)))
}

func TestTheSameRecordingInOtherBytes(t *testing.T) {
	text := harOf(harAt(1, "Z", harAnswer), harAt(2, "Z", harAnswer))
	for name, from := range map[string]unicode.Endianness{"little endian": unicode.LittleEndian, "big endian": unicode.BigEndian} {
		t.Run(name, func(t *testing.T) {
			coded, err := unicode.UTF16(from, unicode.UseBOM).NewEncoder().String(text)
			require.NoError(t, err)
			assert.Equal(t, []string{"Do1", "Do2"}, actions(read(t, "", file(t, coded))))
			assert.Equal(t, []string{"Do1", "Do2"}, actions(read(t, coded, "-")))
		})
	}
	assert.Equal(t, []string{"Do1", "Do2"}, actions(read(t, "", file(t, "\uFEFF"+text))))
	assert.Equal(t, []string{"Do1", "Do2"}, actions(read(t, text, "-")))
}

// exchanges are two of the harness's own form.
func exchanges(t testing.TB) (lines string) {
	for n := range 2 {
		x := wire.Exchange{
			Sent:     wire.Sent{Method: "POST", URL: "http://localhost/api/v2/zec", Header: map[string][]string{"X-Zc-Action": {fmt.Sprint("Do", n)}}, Body: wire.Body("{\xff")},
			Received: &wire.Received{Status: 200, Header: map[string][]string{}, Body: wire.Body(`{}`)},
			Timing:   wire.Timing{Start: time.Unix(int64(1000-n), 0).UTC(), End: time.Millisecond}, Attempt: 1,
		}
		text, err := json.Marshal(x)
		require.NoError(t, err)
		lines += string(text) + "\n"
	}
	return lines
}

func TestLinesOfExchanges(t *testing.T) {
	all := read(t, exchanges(t), "-")
	assert.Equal(t, []string{"Do1", "Do0"}, actions(all))
	assert.Equal(t, wire.Body("{\xff"), all[0].Exchange.Sent.Body)
	assert.Equal(t, "-, entry 2", all[0].Place())
}

func TestTheExchangesOfAReport(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(exchanges(t)), "\n")
	report := `{"schemaVersion":"1.0","clauses":[{}],"scenarios":[{"id":"a","exchanges":[` + lines[0] + `]},{"id":"b"},{"exchanges":[` + lines[1] + `]}],"volatile":{}}`
	assert.Equal(t, []string{"Do1", "Do0"}, actions(read(t, "", file(t, report))))
}

func TestWhatIsNoEvidence(t *testing.T) {
	for name, row := range map[string]struct{ response, says string }{
		"no answer":             {`{"status":0,"headers":[],"content":{"size":0}}`, "no answer"},
		"a failed request":      {`{"status":0,"_error":"net::ERR_CONNECTION_REFUSED","headers":[],"content":{}}`, "net::ERR_CONNECTION_REFUSED"},
		"Playwright's failure":  {`{"status":-1,"_failureText":"socket hang up","headers":[],"content":{"size":-1}}`, "socket hang up"},
		"a body left out":       {`{"status":200,"headers":[],"content":{"size":57,"mimeType":"application/json"}}`, "left the body"},
		"a body announced":      {`{"status":200,"headers":[{"name":"Content-Length","value":"9"}],"content":{"size":-1}}`, "left the body"},
		"a body cut":            {`{"status":200,"headers":[],"content":{"size":57,"text":"{}"}}`, "2 bytes of 57"},
		"a body cut, unpacked":  {`{"status":200,"headers":[],"content":{"size":57,"compression":20,"text":"{}"}}`, "2 bytes of 77"},
		"a body said to be cut": {`{"status":200,"headers":[],"content":{"size":2,"text":"{}","comment":"Response bodies are truncated."}}`, "truncated"},
		"base64 that is none":   {`{"status":200,"headers":[],"content":{"size":2,"text":"{}","encoding":"base64"}}`, "no base64"},
		"a length not reached":  {`{"status":200,"headers":[{"name":"Content-Length","value":"9"}],"content":{"size":-1,"text":"{}"}}`, "shorter than its Content-Length"},
		"compressed bytes":      {`{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"size":-1,"text":"H4sIAAAAAAA=","encoding":"base64"}}`, "compressed bytes"},
		"the proxy's refusal":   {`{"status":403,"headers":[],"content":{"size":-1,"text":"{\"code\":\"REFUSED_BY_PROXY\"}"}}`, "refused by the proxy"},
		"asterisks":             {`{"status":200,"headers":[],"content":{"size":-1,"text":"***"}}`, "taken out"},
		"a value taken out":     {`{"status":200,"headers":[],"content":{"size":20,"text":"{\"a\":\"[REDACTED]\"}  "}}`, "taken out"},
	} {
		t.Run(name, func(t *testing.T) {
			all := read(t, "", file(t, harOf(harAt(1, "Z", row.response))))
			require.Len(t, all, 1)
			assert.False(t, all[0].Exchange.Judgeable())
			assert.Equal(t, CauseNotRecorded, all[0].Exchange.Cause)
			assert.Contains(t, all[0].Exchange.Detail, row.says)
		})
	}
}

func TestARequestThatIsNotWholeIsNoEvidence(t *testing.T) {
	const post = `"postData":{"mimeType":"application/json","text":"{}"}`
	for name, row := range map[string]struct{ post, says string }{
		"cut by its size":     {`"bodySize":9,` + post, "2 bytes of 9 of the request"},
		"no text":             {`"postData":{"mimeType":"application/json","params":[]}`, "left the body of the request out"},
		"taken apart":         {`"postData":{"mimeType":"application/json","params":[{"name":"a","value":"b"}]}`, "kept the body of the request as parameters"},
		"whole by its size":   {`"bodySize":2,` + post, ""},
		"of a size not known": {`"bodySize":-1,` + post, ""},
	} {
		t.Run(name, func(t *testing.T) {
			entry := strings.Replace(harAt(1, "Z", harAnswer), post, row.post, 1)
			entry = strings.Replace(entry, `{"name":"x-zc-version"`, `{"name":"content-type","value":"application/json"},{"name":"x-zc-version"`, 1)
			x := read(t, "", file(t, harOf(entry)))[0].Exchange
			assert.Equal(t, row.says == "", x.Judgeable(), x.Detail)
			assert.Contains(t, x.Detail, row.says)
		})
	}
}

func TestALineThatLacksAPartIsNoEvidence(t *testing.T) {
	line := strings.Split(exchanges(t), "\n")[0]
	require.True(t, read(t, line, "-")[0].Exchange.Judgeable())
	for _, path := range []string{"request.body", "response.body", "timing"} {
		var values map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &values))
		around, member, inside := strings.Cut(path, ".")
		if inside {
			delete(values[around].(map[string]any), member)
		} else {
			delete(values, path)
		}
		text, err := json.Marshal(values)
		require.NoError(t, err)
		x := read(t, string(text), "-")[0].Exchange
		assert.False(t, x.Judgeable(), path)
		assert.Contains(t, x.Detail, path)
	}
}

// TestTheMediaTypeStandsForHeadersThatAreLeftOut: HAR states it a second time.
func TestTheMediaTypeStandsForHeadersThatAreLeftOut(t *testing.T) {
	answer := func(headers string) string {
		return `{"status":200,"headers":[` + headers + `],"content":{"size":2,"mimeType":"application/json","text":"{}"}}`
	}
	for headers, want := range map[string]string{"": "application/json", `{"name":"Content-Type","value":"text/html"}`: "text/html", `{"name":"Server","value":"x"}`: ""} {
		assert.Equal(t, want, read(t, "", file(t, harOf(harAt(1, "Z", answer(headers)))))[0].Exchange.Received.Header.Get("Content-Type"), headers)
	}
}

// TestWhatCannotBeReadIsNoEntryOfAnotherPath holds entries of which nobody can say what was asked:
// they may have been of the API as well as of any other path.
func TestWhatCannotBeReadIsNoEntryOfAnotherPath(t *testing.T) {
	entry := harAt(1, "Z", harAnswer)
	for name, row := range map[string]struct{ text, says string }{
		"a status as text":       {harOf(strings.Replace(entry, `"status":200`, `"status":"200"`, 1)), "response.status cannot be a string"},
		"a request as text":      {harOf(`{"request":"POST /"}`), "request cannot be a string"},
		"headers as an object":   {harOf(`{"request":{"url":"https://host.example/","headers":{}}}`), "request.headers cannot be a"},
		"no request":             {harOf(`{"a":1}`), "no request"},
		"no URL":                 {harOf(strings.Replace(entry, `"url":"https://host.example/api/v2/zec",`, "", 1)), "no request"},
		"a URL that is none":     {harOf(strings.Replace(entry, "https://host", "https://ho st", 1)), "no request"},
		"an exchange as a text":  {exchanges(t) + `{"request":"a"}`, "request cannot be a string"},
		"an exchange of nothing": {exchanges(t) + `{}`, "no request"},
		"a run without hosts":    {`{"run":{"executions":[{}]}}`, "no request"},
		"a run of another kind":  {`{"run":{"executions":[{"request":{"method":1}}]}}`, "request.method cannot be a number"},
	} {
		t.Run(name, func(t *testing.T) {
			all := read(t, "", file(t, row.text))
			last := all[len(all)-1]
			for _, e := range all {
				if e.Number > last.Number {
					last = e
				}
			}
			assert.False(t, last.Exchange.Judgeable())
			assert.Equal(t, CauseUnreadable, last.Exchange.Cause)
			assert.Contains(t, last.Exchange.Detail, row.says)
		})
	}
}

func TestWhatIsEvidenceAllTheSame(t *testing.T) {
	for name, row := range map[string]struct{ response, body string }{
		"base64":                {`{"status":200,"headers":[],"content":{"size":2,"text":"e30=","encoding":"base64"}}`, "{}"},
		"a size as it is":       {`{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"size":10,"compression":7,"text":"0123456789"}}`, "0123456789"},
		"a compressed size":     {`{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"size":3,"compression":7,"text":"0123456789"}}`, "0123456789"},
		"grown by compression":  {`{"status":200,"headers":[],"content":{"size":22,"compression":-20,"text":"{}"}}`, "{}"},
		"an empty answer":       {`{"status":500,"headers":[],"content":{"size":0}}`, ""},
		"a size not known":      {`{"status":200,"headers":[],"content":{"size":-1,"text":"{}"}}`, "{}"},
		"a word in the message": {`{"status":400,"headers":[],"content":{"size":2,"text":"redacted"}}`, "redacted"},
	} {
		t.Run(name, func(t *testing.T) {
			all := read(t, "", file(t, harOf(harAt(1, "Z", row.response))))
			assert.True(t, all[0].Exchange.Judgeable(), all[0].Exchange.Detail)
			assert.Equal(t, row.body, string(all[0].Exchange.Received.Body))
		})
	}
}

func TestTheCauseOfTheHarnessOwnRecordingStands(t *testing.T) {
	all := read(t, "", file(t, harOf(harAt(1, "Z", `{"status":503,"headers":[],"content":{"size":0},"_error":"unavailable: it stayed"}`))))
	assert.Equal(t, wire.CauseUnavailable, all[0].Exchange.Cause)
	assert.Equal(t, "it stayed", all[0].Exchange.Detail)
}

func TestAFormIsRead(t *testing.T) {
	entry := strings.Replace(harAt(1, "Z", harAnswer), `"text":"{}"`, `"params":[{"name":"a","value":"b c"}]`, 1)
	assert.Equal(t, "a=b+c", string(read(t, "", file(t, harOf(entry)))[0].Exchange.Sent.Body))
}

func TestWhatIsNoRecordingIsRefusedWithItsPlace(t *testing.T) {
	whole := harOf(harAt(1, "Z", harAnswer), harAt(2, "Z", harAnswer))
	for name, row := range map[string]struct{ text, says string }{
		"a text":               {"hello", ":1:1: no JSON: "},
		"an array":             {"[]", ":1:1: no recording"},
		"another object":       {"\n {\"a\":1}", ":2:2: no recording"},
		"a cut file":           {whole[:len(whole)-200], fmt.Sprintf(":2:%d: it ends in the middle", len(whole)-200-strings.Index(whole, "\n"))},
		"a comma too many":     {strings.Replace(whole, ",\n", ",\n,", 1), ":2:1: "},
		"a log that is none":   {`{"log":[]}`, ":1:8: no recording"},
		"text after it":        {whole + "\n  {}", ":3:3: more text after the recording"},
		"a cut line":           {exchanges(t)[:300], "it ends in the middle"},
		"nested for ever":      {`{"log":{"entries":[` + strings.Repeat("[", 20000), ":1:"},
		"nested before a log":  {`{"a":` + strings.Repeat(`{"a":`, 20000), ":1:"},
		"a number as entry":    {`{"log":{"entries":[1,2]}}`, ":1:20: entry 1 is no object: an entry holds a request and its answer"},
		"nothing as entry":     {harOf(harAt(1, "Z", harAnswer), "null"), ":2:1: entry 2 is no object"},
		"a line of a text":     {exchanges(t) + `"a"`, ":3:1: entry 3 is no object"},
		"a number run":         {`{"run":{"executions":[7]}}`, ":1:23: entry 1 is no object"},
		"a number exchanged":   {`{"scenarios":[{"exchanges":["a"]}]}`, ":1:29: entry 1 is no object"},
		"a later report":       {`{"schemaVersion": "3.0","scenarios":[]}`, `:1:19: schema version "3.0", this program reads 2.0 and older`},
		"a version at its end": {`{"scenarios":[], "schemaVersion": 3}`, `:1:35: schema version "3", this program reads`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(nil, nil, file(t, row.text))
			require.Error(t, err)
			assert.Contains(t, err.Error(), row.says)
			assert.Regexp(t, `^.*/recording:\d+:\d+: [^\n]+$`, err.Error())
		})
	}
	_, err := Open(nil, nil, filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "open the recording")
	_, err = Open(nil, nil, t.TempDir())
	require.ErrorContains(t, err, "it is a folder")
}

func TestNothingInAFileIsARecordingOfNothing(t *testing.T) {
	assert.Empty(t, read(t, "", file(t, "")))
	assert.Empty(t, read(t, "", file(t, harOf())))
	assert.Empty(t, read(t, "", file(t, `{"log":{"entries":null}}`)))
}

func TestASpoolGivesBackWhatItTook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SliceOf(rapid.Byte())).Draw(t, "parts")
		whole := bytes.Join(parts, nil)
		s, err := newSpool()
		require.NoError(t, err)
		name := s.file.Name()
		for _, p := range parts {
			_, err := s.Write(p)
			require.NoError(t, err)
		}
		from := rapid.IntRange(0, len(whole)).Draw(t, "from")
		got := make([]byte, len(whole)-from)
		if len(got) > 0 {
			_, err = s.ReadAt(got, int64(from))
			require.NoError(t, err)
		}
		require.Equal(t, append([]byte{}, whole[from:]...), got)
		stored := make([]byte, len(whole))
		_, err = s.file.ReadAt(stored, 0)
		require.NoError(t, err)
		if len(whole) > 8 {
			require.False(t, bytes.Contains(stored, whole[:8]), "the file holds the text in the clear")
		}
		require.NoError(t, s.Close())
		require.NoFileExists(t, name)
	})
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(harOf(harAt(1, "Z", harAnswer))))
	f.Add([]byte(exchanges(f)))
	f.Add([]byte(`{"schemaVersion":"1.0","scenarios":[{"exchanges":[{}]}]}`))
	f.Add([]byte(`{"run":{"executions":[{"request":{"url":{"host":["a"]}},"response":{"code":200,"stream":{"data":[123,125]}}}],"timings":{"started":1}}}`))
	f.Add([]byte(`{"log":{"_target":"mock","entries":[{"_findings":["A-B (A): c"]}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Open(bytes.NewReader(text), nil, "-")
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		for e, err := range r.Entries() {
			require.NoError(t, err)
			require.NotNil(t, e.Exchange.Sent.Header)
		}
		require.NoError(t, r.Close())
	})
}

func BenchmarkEntries(b *testing.B) {
	entries := make([]string, 1000)
	for i := range entries {
		entries[i] = harAt(i%60, "Z", harAnswer)
	}
	name := file(b, harOf(entries...))
	for b.Loop() {
		r, err := Open(nil, nil, name)
		require.NoError(b, err)
		for _, err := range r.Entries() {
			require.NoError(b, err)
		}
		require.NoError(b, r.Close())
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(len(entries))/1000, "us/entry")
}
