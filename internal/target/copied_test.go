package target

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// The second action of the test is a copy of the resize in the two documents, with a name,
// clauses and a transient status of its own. Nothing in Go knows it but the double below.
const (
	resized = "ModifyInstanceType"
	copied  = "AlterInstanceType"
)

// copiedContract returns the documents with the copy, in which texts are replaced.
func copiedContract(t *testing.T, replaced ...string) *contract.Contract {
	t.Helper()
	text := func(name string) string {
		data, err := fs.ReadFile(spec.Files, name)
		require.NoError(t, err)
		return string(data)
	}
	api := text("openapi.yaml")
	from := strings.Index(api, "  /api/v2/zec#"+resized+":")
	to := from + 1 + strings.Index(api[from+1:], "\n  /api/v2/zec#")
	action := strings.NewReplacer(resized, copied, "transient: RESIZING", "transient: IMAGING", "x-clauses: M-RESIZE", "x-clauses: M-COPY").Replace(api[from:to])
	action = strings.NewReplacer(replaced...).Replace(action)
	api = api[:to] + "\n" + action + api[to:]

	var clauses strings.Builder
	head, rest, _ := strings.Cut(text("clauses.yaml"), "\n  - id: ")
	clauses.WriteString(head)
	for block := range strings.SplitSeq(rest, "\n  - id: ") {
		id, body, _ := strings.Cut(block, "\n")
		if !strings.Contains(body, "operation: "+resized) { // a clause of all: it is stated at the copy, too
			body = regexp.MustCompile(`(?m)^(\s+- )(".*#`+resized+`/.*")$`).ReplaceAllStringFunc(body, func(line string) string {
				return line + "\n" + strings.Replace(line, resized, copied, 1)
			})
		}
		clauses.WriteString("\n  - id: " + id + "\n" + body)
		if strings.Contains(body, "operation: "+resized) {
			own := strings.NewReplacer(resized, copied, "RESIZING", "IMAGING").Replace(body)
			clauses.WriteString("\n  - id: M-COPY-" + strings.ReplaceAll(strings.TrimPrefix(id, "M-"), "RESIZING", "IMAGING") + "\n" + own)
		}
	}
	c, err := contract.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(api)}, "clauses.yaml": {Data: []byte(clauses.String())}})
	require.NoError(t, err)
	return c
}

// double serves the copy by the resize of the mock, under a transient status of its own.
type double struct {
	mock   *mock.Mock
	status string // shown while the copy runs

	mu     sync.Mutex
	copies map[string]bool // the instances that the copy has changed last
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	r.Body = http.NoBody
	forward := r.Clone(r.Context())
	forward.Body = readCloser{bytes.NewReader(body.Bytes())}
	action := r.Header.Get("X-ZC-Action")
	if action == copied {
		forward.Header.Set("X-ZC-Action", resized)
	}
	answer := httptest.NewRecorder()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mock.ServeHTTP(answer, forward)
	var asked struct {
		ID string `json:"instanceId"`
	}
	_ = json.Unmarshal(body.Bytes(), &asked)
	if answer.Code == http.StatusOK && (action == copied || action == resized) {
		d.copies[asked.ID] = action == copied
	}
	out := answer.Body.Bytes()
	for id, is := range d.copies {
		if is {
			row := regexp.MustCompile(`\{[^{}]*"` + id + `"[^{}]*\}`)
			out = row.ReplaceAllFunc(out, func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("RESIZING"), []byte(d.status)) })
		}
	}
	for name, values := range answer.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(out)
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// featureOfBoth has one scenario for each changing action that asks for a value.
const featureOfBoth = `Feature: Both

  @R-REFUSED-UNCHANGED
  Rule: A refused request changes nothing.

    @both-succeed
    Scenario Outline: <action> is carried out
      Given a <start> instance
      When <action> is called on it
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there
      And the instance has the value asked for

      Examples:
        | every changing action |

    @both-lock
    Scenario Outline: <action> runs alone (<wanted>)
      Given a <start> instance
      When <action> is called on it, and ModifyInstanceType while it runs
      Then it is refused with 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT, or named as failed
      And the instance goes through <transient> to <end> and stays there

      Examples:
        | every changing action |
`

// playBoth runs the scenarios of the two actions against the double.
func playBoth(t *testing.T, shown string) (verdict.Run, []verdict.Scenario) {
	t.Helper()
	loaded := copiedContract(t)
	m := mock.New(mock.Options{ResizeTime: 80 * time.Millisecond})
	server := httptest.NewServer(&double{mock: m, status: shown, copies: map[string]bool{}})
	t.Cleanup(server.Close)
	c := defaults()
	c.Name, c.Endpoint, c.Allow, c.RequestsPerSecond = "it", server.URL, []string{resized, copied}, 100000
	for range 2 {
		in := m.Seed(mock.Instance{Status: "STOPPED"})
		c.Instances = append(c.Instances, Listed{ID: in.ID, Status: in.Status})
	}
	c.InstanceTypes.Resizable = m.Types().Resizable
	c.Timing = Timing{ResizeTimeout: time.Minute, RestoreTimeout: time.Minute, PollInterval: 5 * time.Millisecond, Settle: 110 * time.Millisecond, RequestTimeout: time.Minute}
	creds := m.Credentials()
	env := map[string]string{c.Credentials.KeyID: creds.KeyID, c.Credentials.KeyPassword: creds.Password}
	remote, err := Open(c, Access{Env: func(name string) string { return env[name] }, Contract: loaded, Journal: t.TempDir(), State: t.TempDir(), GaveUp: context.Background()})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, remote.Close()) })
	all, err := suite.Read(map[string][]byte{"both.feature": []byte(featureOfBoth)}, suite.ContractOf(loaded))
	require.NoError(t, err)
	cases := all.Cases[:0:0]
	for _, one := range all.Cases { // the actions that ask for a value alone
		if strings.Contains(one.ID, resized) || strings.Contains(one.ID, copied) {
			cases = append(cases, one)
		}
	}
	require.Len(t, cases, 4)
	var mu sync.Mutex
	var scenarios []verdict.Scenario
	out, err := run.Execute(t.Context(), run.Plan{
		Contract: loaded, Suite: all, Cases: cases, Target: remote.Target, Parallel: 1,
		Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			scenarios = append(scenarios, s)
			return nil
		},
	})
	require.NoError(t, err)
	return out, scenarios
}

// TestACopiedActionIsJudgedByItsOwnLifecycle: two YAML documents and no Go make an action.
func TestACopiedActionIsJudgedByItsOwnLifecycle(t *testing.T) {
	_, scenarios := playBoth(t, "IMAGING")
	through := map[string]map[string]bool{}
	for _, s := range scenarios {
		assert.Equal(t, verdict.Passed, s.Outcome, "%s: %s %v", s.ID, s.Reason, s.Findings)
		for _, seen := range s.Trajectories {
			if through[seen.Action] == nil {
				through[seen.Action] = map[string]bool{}
			}
			for _, observation := range seen.Observations {
				through[seen.Action][observation.Status] = true
			}
		}
	}
	assert.Equal(t, map[string]map[string]bool{
		resized: {"STOPPED": true, "RESIZING": true}, copied: {"STOPPED": true, "IMAGING": true},
	}, through)
}

// TestACopiedActionUnderTheStatusOfTheOtherIsAFinding: it is judged, not waved through.
func TestACopiedActionUnderTheStatusOfTheOtherIsAFinding(t *testing.T) {
	out, scenarios := playBoth(t, "RESIZING")
	assert.Equal(t, verdict.NonConformant, out.Verdict)
	for _, s := range scenarios {
		want := verdict.Passed
		if s.ID == "both-succeed["+copied+"]" || s.ID == "both-lock["+copied+"]" {
			want = verdict.Failed
			require.NotEmpty(t, s.Findings)
			assert.Equal(t, "M-COPY-RESIZE-IMAGING", s.Findings[0].Clause)
		}
		assert.Equal(t, want, s.Outcome, "%s: %s", s.ID, s.Reason)
	}
}

// TestAnActionThatNothingUndoesIsNotAllowed: it would leave a listed instance changed.
func TestAnActionThatNothingUndoesIsNotAllowed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	text := "targets:\n  it:\n    endpoint: https://api.example.com\n    allow:\n      - " + resized + "\n      - " + copied + "\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	_, err := ReadConfig(file, "it", copiedContract(t))
	require.NoError(t, err)
	_, err = ReadConfig(file, "it", copiedContract(t, "            inverse: "+copied+"\n", ""))
	assert.ErrorContains(t, err, "conformance.yaml:6: allow: nothing undoes "+copied+", so it may not change a listed instance")
}
