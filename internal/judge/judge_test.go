package judge_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/judge"
	"github.com/zec-tools/conformance/internal/recording"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// entry is a listing that was answered with one row and a request id.
func entry(n int, host, id string) string {
	answer := fmt.Sprintf(`{\"requestId\":\"%s\",\"response\":{\"requestId\":\"%s\",\"totalCount\":1,\"dataSet\":[{\"instanceId\":\"i-%d\",\"instanceStatus\":\"STOPPED\"}]}}`, id, id, n)
	return fmt.Sprintf(`{"startedDateTime":"2026-11-26T%02d:%02d:%02d.%03dZ","time":1,"request":{"method":"POST","url":"https://%s/api/v2/zec","headers":[`+
		`{"name":"content-type","value":"application/json"},{"name":"x-zc-action","value":"DescribeInstancesStatus"},{"name":"x-zc-version","value":"2024-04-01"}],`+
		`"postData":{"text":"{\"instanceIds\":[\"i-%d\"]}"}},"response":{"status":200,"headers":[{"name":"content-type","value":"application/json"}],`+
		`"content":{"size":-1,"text":"%s"}}}`, n/3600000, n/60000%60, n/1000%60, n%1000, host, n, answer)
}

func judged(t testing.TB, entries ...string) (verdict.Run, []verdict.Scenario) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "t.har")
	require.NoError(t, os.WriteFile(file, []byte(`{"log":{"entries":[`+strings.Join(entries, ",\n")+`]}}`), 0o600))
	return judgedFile(t, file)
}

func judgedFile(t testing.TB, file string) (verdict.Run, []verdict.Scenario) {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	r, err := recording.Open(nil, nil, file)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	var scenarios []verdict.Scenario
	run, err := judge.Recording(context.Background(), r, judge.Options{
		Contract: c, Redact: judge.WithoutCredentials, Account: account.Options{Exclusive: true},
		Done: func(_ int, s verdict.Scenario) error { scenarios = append(scenarios, s); return nil },
	})
	require.NoError(t, err)
	return run, scenarios
}

func TestNothingWrongIsNotConformant(t *testing.T) {
	run, scenarios := judged(t, entry(1, "a.example", "A"), entry(2, "a.example", "B"))
	assert.Equal(t, verdict.NothingWrong, run.Verdict)
	assert.Equal(t, verdict.ExitConformant, run.ExitCode(false))
	require.Len(t, scenarios, 1)
	assert.Equal(t, "DescribeInstancesStatus", scenarios[0].ID)
	assert.Equal(t, 2, run.Recording.Judged)
}

func TestWhatIsRecordedTwiceCountsOnce(t *testing.T) {
	run, _ := judged(t, entry(1, "a.example", "A"), entry(1, "a.example", "A"))
	assert.Equal(t, verdict.NothingWrong, run.Verdict)
	assert.Equal(t, 1, run.Recording.Duplicates)
	run, scenarios := judged(t, entry(1, "a.example", "A"), entry(2, "a.example", "A"))
	assert.Equal(t, verdict.NonConformant, run.Verdict)
	require.Len(t, scenarios[0].Findings, 1)
	assert.Equal(t, "R-REQUEST-ID-UNIQUE", scenarios[0].Findings[0].Clause)
	assert.Contains(t, scenarios[0].Findings[0].Place, "t.har, entry 2")
}

// TestAClientAndAProxyRecordTheSame: the one who is nearer to the endpoint sees it begin later and
// end earlier. In one file, two exchanges at the same time are two.
func TestAClientAndAProxyRecordTheSame(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	line := func(millisecond, took int) string {
		return fmt.Sprintf(`{"request":{"method":"POST","url":"https://a.example/api/v2/zec","headers":{"X-ZC-Action":["DescribeInstancesStatus"],"X-ZC-Version":["2024-04-01"],"Content-Type":["application/json"]},"body":"{}"},`+
			`"response":{"status":200,"protocol":"HTTP/1.1","headers":{"Content-Type":["application/json"]},"body":"{\"requestId\":\"A\",\"response\":{\"requestId\":\"A\",\"totalCount\":0,\"dataSet\":[]}}"},`+
			`"timing":{"start":"2026-11-26T12:00:00.%03dZ","firstByteNs":1000000,"endNs":%d}}`+"\n", millisecond, took*1000000)
	}
	for name, row := range map[string]struct {
		files      [][]byte
		duplicates int
		verdict    verdict.Verdict
	}{
		"from two places":     {[][]byte{[]byte(line(0, 20)), []byte(line(2, 16))}, 1, verdict.NothingWrong},
		"one after the other": {[][]byte{[]byte(line(0, 20)), []byte(line(30, 16))}, 0, verdict.NonConformant},
		"in one file":         {[][]byte{[]byte(line(0, 20) + line(2, 16))}, 0, verdict.NonConformant},
	} {
		t.Run(name, func(t *testing.T) {
			var files []string
			for i, text := range row.files {
				files = append(files, filepath.Join(t.TempDir(), fmt.Sprint(i)))
				require.NoError(t, os.WriteFile(files[i], text, 0o600))
			}
			r, err := recording.Open(nil, nil, files...)
			require.NoError(t, err)
			defer func() { require.NoError(t, r.Close()) }()
			run, err := judge.Recording(t.Context(), r, judge.Options{Contract: c, Redact: judge.WithoutCredentials})
			require.NoError(t, err)
			assert.Equal(t, row.verdict, run.Verdict)
			assert.Equal(t, row.duplicates, run.Recording.Duplicates)
		})
	}
}

func TestEndpointsAreKeptApart(t *testing.T) {
	run, scenarios := judged(t, entry(1, "a.example", "A"), entry(2, "b.example", "B"))
	assert.Equal(t, []string{"https://a.example", "https://b.example"}, run.Recording.Endpoints)
	assert.Len(t, scenarios, 2)
}

func TestNoEvidenceIsInconclusive(t *testing.T) {
	run, _ := judged(t, strings.Replace(entry(1, "a.example", "A"), `"status":200`, `"status":0`, 1))
	assert.Equal(t, verdict.InconclusiveVerdict, run.Verdict)
	assert.Equal(t, map[string]int{"not-recorded": 1}, run.Recording.NoEvidence)
	gateway := strings.Replace(entry(1, "a.example", "A"), `"status":200`, `"status":502`, 1)
	run, _ = judged(t, gateway[:strings.Index(gateway, `"content"`)]+`"content":{"size":3,"text":"bad"}}}`)
	assert.Equal(t, verdict.InconclusiveVerdict, run.Verdict)
}

// TestWhatCannotBeReadIsNamed holds that an entry which cannot be read is counted as such and
// named, and that nobody says of a recording with one that it holds every change.
func TestWhatCannotBeReadIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.har")
	entries := []string{entry(1, "a.example", "A"), `{"request":{"url":"https://b.example/"}}`}
	for range 12 {
		entries = append(entries, `{"request":"key-password"}`)
	}
	require.NoError(t, os.WriteFile(file, []byte(`{"log":{"entries":[`+strings.Join(entries, ",")+`]}}`), 0o600))
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	r, err := recording.Open(nil, nil, file)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	run, err := judge.Recording(context.Background(), r, judge.Options{Contract: c})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"unreadable": 12}, run.Recording.NoEvidence)
	assert.Equal(t, 1, run.Recording.Others)
	assert.Equal(t, 1, run.Recording.Judged)
	require.Len(t, run.Recording.Unreadable, 10)
	assert.Equal(t, file+", entry 3: request cannot be a string", run.Recording.Unreadable[0])
	_, err = judge.Recording(context.Background(), r, judge.Options{Contract: c, Account: account.Options{Exclusive: true}})
	assert.ErrorContains(t, err, "entry 3 cannot be read: request cannot be a string; it may have changed an instance: leave out --exclusive")
}

func TestFindingsAreBounded(t *testing.T) {
	var entries []string
	for n := range 1500 {
		entries = append(entries, entry(n, "a.example", "A"))
	}
	run, scenarios := judged(t, entries...)
	assert.Equal(t, verdict.NonConformant, run.Verdict)
	assert.Len(t, scenarios[0].Findings, 100)
	assert.Contains(t, scenarios[0].Name, "1399 further findings left out")
}

var entries = flag.Int("entries", 5000, "the length of the recording of TestALongRecording")

// TestALongRecording holds that memory does not grow with the recording. It says how many
// entries were judged in a second.
func TestALongRecording(t *testing.T) {
	file := filepath.Join(t.TempDir(), "long.har")
	out, err := os.Create(file)
	require.NoError(t, err)
	count := *entries
	_, err = out.WriteString(`{"log":{"entries":[`)
	require.NoError(t, err)
	for n := range count {
		if n > 0 {
			_, err = out.WriteString(",\n")
			require.NoError(t, err)
		}
		_, err = out.WriteString(strings.ReplaceAll(entry(n, "a.example", fmt.Sprint("R", n)), fmt.Sprintf("i-%d", n), fmt.Sprintf("i-%d", n%500)))
		require.NoError(t, err)
	}
	_, err = out.WriteString(`]}}`)
	require.NoError(t, err)
	require.NoError(t, out.Close())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started := time.Now()
	run, _ := judgedFile(t, file)
	t.Logf("%.0f entries a second", float64(count)/time.Since(started).Seconds())
	runtime.ReadMemStats(&after)
	t.Logf("%d MiB of memory", (after.Sys-min(before.Sys, after.Sys))>>20)
	assert.Equal(t, verdict.NothingWrong, run.Verdict)
	assert.Equal(t, count, run.Recording.Judged)
	assert.Less(t, after.Sys-min(before.Sys, after.Sys), uint64(128<<20), "bytes of memory taken from the system")
}
