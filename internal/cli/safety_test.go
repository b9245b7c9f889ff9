package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/verdict"
)

// ear keeps what arrives at a server.
type ear struct {
	mu   sync.Mutex
	seen []heard
}

type heard struct{ action, body, method string }

// listening lets requests through and keeps them.
func (e *ear) listening(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.mu.Lock()
		e.seen = append(e.seen, heard{r.Header.Get("X-Zc-Action"), string(body), r.Method})
		e.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		h.ServeHTTP(w, r)
	})
}

func (e *ear) count(of func(heard) bool) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, h := range e.seen {
		if of(h) {
			n++
		}
	}
	return n
}

// types asks the endpoint for every type.
func (b *bench) types() map[string]string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.endpoint+"/api/v2/zec", strings.NewReader(`{"pageSize":1000}`))
	require.NoError(b.t, err)
	req.Header = http.Header{
		"Content-Type": {"application/json"}, "X-Zc-Action": {"DescribeInstances"}, "X-Zc-Version": {"2024-04-01"},
		"Authorization": {"Bearer " + b.env["ZENLAYER_TOKEN"]},
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(b.t, err)
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Response struct {
			DataSet []struct{ InstanceID, InstanceType string }
		}
	}
	require.NoError(b.t, json.NewDecoder(resp.Body).Decode(&answer))
	found := map[string]string{}
	for _, in := range answer.Response.DataSet {
		found[in.InstanceID] = in.InstanceType
	}
	require.NotEmpty(b.t, found)
	return found
}

func TestAScenarioThatNamesAnUnlistedInstanceSendsNothingOfIt(t *testing.T) {
	t.Parallel()
	var e ear
	b := newBench(t, e.listening, mock.Options{})
	folder := filepath.Join(b.dir, "features")
	require.NoError(t, os.Mkdir(folder, 0o755))
	for value, holds := range map[string]string{`"ins-unlisted"`: "ins-unlisted", `["ins-000001", "ins-unlisted"]`: "ins-unlisted"} {
		feature := `Feature: An unlisted instance
  @M-INSTANCE-ID
  Rule: The parameter instanceId is a required string.
    @names-an-unlisted
    Example: It names an instance of somebody else
      Given a STOPPED instance
      When ModifyInstanceType is called with instanceId as ` + value + `
      Then the answer is no success
`
		require.NoError(t, os.WriteFile(filepath.Join(folder, "unlisted.feature"), []byte(feature), 0o600))
		end := b.run("--features", folder)
		assert.Equal(t, verdict.ExitUsage, end.code, end.out+end.err)
		assert.Contains(t, end.out, holds+`" is neither listed in the target's configuration nor made up by this run`)
		assert.Zero(t, e.count(func(h heard) bool { return strings.Contains(h.body, holds) }))
	}
}

// strange is what the features below write into bodies.
var strange = regexp.MustCompile(`not-listed|force|1305623471299530497|production|instanceId"|InstanceIDs`)

// TestNothingLeavesThatAFeatureMayNotSend plays features of a user's own that ask for what
// the guard does not know to be harmless: nothing of it arrives, and the plan shows each.
func TestNothingLeavesThatAFeatureMayNotSend(t *testing.T) {
	t.Parallel()
	for name, when := range map[string]string{
		"another action":                       `DeleteInstances is called with instanceIds as ["ins-000001"]`,
		"another action, an unlisted id":       `DeleteInstances is called with instanceIds as ["ins-not-listed"]`,
		"another action on everything":         `EraseInstances is called with no parameters`,
		"another action with force":            `ReleaseInstances is called with force as true`,
		"another action by a filter":           `ReleaseInstances is called with status as "STOPPED"`,
		"another action that holds a known":    `DescribeInstancesAndDelete is called`,
		"DELETE of everything":                 `DescribeInstances is called by DELETE`,
		"a body that is no JSON":               `DescribeInstances is called with the body production`,
		"an id as the key of an object":        `DescribeInstances is called with the body {"ins-not-listed": true}`,
		"a member with a look-alike letter":    `DescribeInstances is called with the body {"inſtanceIds": ["ins-not-listed"]}`,
		"a member in another letter case":      `DescribeInstances is called with the body {"InstanceIDs": ["ins-not-listed"]}`,
		"a member that the contract has not":   `DescribeInstances is called with the body {"force": true}`,
		"a number as an id":                    `DescribeInstances is called with instanceIds as [1305623471299530497]`,
		"the parameters of a change in a read": `DescribeInstances is called with the body {"instanceId": "ins-000001", "instanceType": "z2a.cpu.2"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var e ear
			b := newBench(t, e.listening, mock.Options{})
			b.replace("allowResize: true", "allowResize: false")
			folder := filepath.Join(b.dir, "features")
			require.NoError(t, os.Mkdir(folder, 0o755))
			feature := "Feature: Calls that must not leave\n  @E-ACTION-UNKNOWN\n  Rule: An action that does not exist is refused with a documented 4xx pair.\n" +
				"    @own-call\n    Example: One of a user's own\n      When " + when + "\n      Then the answer is a documented 4xx error\n"
			require.NoError(t, os.WriteFile(filepath.Join(folder, "own.feature"), []byte(feature), 0o600))
			planned := b.command("plan", "--verbose", "--features", folder, "--scenario", "own-call")
			assert.Zero(t, planned.code, planned.err)
			assert.NotContains(t, planned.out, "reads only")
			assert.Contains(t, planned.out, "blocked: ")
			end := b.run("--features", folder, "--scenario", "own-call")
			assert.Equal(t, verdict.ExitUsage, end.code, end.out)
			assert.Contains(t, end.out, "not sent: ")
			assert.Zero(t, e.count(func(h heard) bool {
				return couldChange(h) || h.method != http.MethodPost || strange.MatchString(h.body)
			}), "%v", e.seen)
		})
	}
}

func TestWithoutAllowResizeNoListedInstanceIsNamedInAChange(t *testing.T) {
	t.Parallel()
	var e ear
	b := newBench(t, e.listening, mock.Options{})
	b.replace("allowResize: true", "allowResize: false")
	end := b.run()
	assert.Equal(t, verdict.Partial, end.report.Verdict, end.out)
	named := regexp.MustCompile(`ins-\d`)
	change := func(h heard) bool {
		return h.action == "ModifyInstanceType" || strings.Contains(h.body, `"instanceId"`)
	}
	assert.Positive(t, e.count(change), "changes of what does not exist are sent")
	assert.Zero(t, e.count(func(h heard) bool { return change(h) && named.MatchString(h.body) }))
	refused := b.command("call", "ModifyInstanceType", "--data", `{"instanceId":"ins-000005","instanceType":"z2a.cpu.2"}`)
	assert.Equal(t, verdict.ExitUsage, refused.code)
	assert.Contains(t, refused.err, "add ModifyInstanceType to allow")
}

func TestAnEndpointThatMayNotBeUsedIsNotCalled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ endpoint, more, flag, want string }{
		"production without the key":           {"https://console.zenlayer.com", "", "", "set production: true"},
		"production in capitals":               {"https://CONSOLE.Zenlayer.com:443", "", "", "set production: true"},
		"production without the flag":          {"https://console.zenlayer.com", "    production: true\n", "", "--confirm-host console.zenlayer.com"},
		"production with another host as flag": {"https://console.zenlayer.com", "    production: true\n", "console.zenlayer.co", "--confirm-host console.zenlayer.com"},
		"plain http beyond this machine":       {"http://192.0.2.1", "", "", "set allowPlainHTTP: true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, refusing(t), mock.Options{})
			b.replace("endpoint: "+b.endpoint+"\n", "endpoint: "+c.endpoint+"\n"+c.more)
			for _, command := range []string{"run", "doctor", "cleanup"} {
				args := []string{}
				if c.flag != "" {
					args = append(args, "--confirm-host", c.flag)
				}
				end := b.command(command, args...)
				assert.Equal(t, verdict.ExitUsage, end.code)
				assert.Contains(t, end.err, c.want)
				assert.Equal(t, 1, strings.Count(end.err, "\n"), end.err)
			}
		})
	}
}

// thoseThatCall chooses the scenarios that call something that could change an instance.
func (b *bench) thoseThatCall() []string {
	b.t.Helper()
	planned := b.command("plan", "--json")
	require.Zero(b.t, planned.code, planned.err)
	var p plan.Plan
	require.NoError(b.t, json.Unmarshal([]byte(planned.out), &p))
	var args []string
	for _, s := range p.Scenarios {
		if len(s.Calls) > 0 {
			args = append(args, "--scenario", s.ID)
		}
	}
	require.Greater(b.t, len(args), 100)
	return args
}

// TestEveryTypeIsBackWhateverTheEndpointDid runs against endpoints that change what they
// must not: after the run every instance has its old type, or the run says which has not.
func TestEveryTypeIsBackWhateverTheEndpointDid(t *testing.T) {
	for _, name := range []string{
		"booting-accepted", "imaging-accepted", "create-failed-accepted", "gpu-accepted", "signature-unchecked", "expired-accepted",
		"any-token-accepted", "second-resize-accepted", "neighbour-type-changed", "same-type-refused-yet-resizing", "another-type", "ends-running", "longer-id-taken",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defect, err := defects.Named(name)
			require.NoError(t, err)
			b := newBench(t, untouched, mock.Options{Alter: defect.Alter, ResizeTime: 100 * time.Millisecond}) // longer than it settles
			b.replace("pollInterval: 5ms", "pollInterval: 20ms")
			was := b.types()
			end := b.run(b.thoseThatCall()...)
			now := b.types()
			for _, u := range end.report.Unrestored {
				old := regexp.QuoteMeta(was[u.Instance])
				assert.Regexp(t, "NOT RESTORED  instance "+u.Instance+" (is still [A-Z_]+; it was [A-Z_]+|still has type .*; it had type "+old+"|is to have type "+old+" again: )", end.out)
				delete(was, u.Instance)
				delete(now, u.Instance)
			}
			assert.Equal(t, was, now, end.out)
			if !slices.Contains([]string{"another-type", "ends-running", "gpu-accepted", "create-failed-accepted"}, name) { // these cannot be undone
				assert.Empty(t, end.report.Unrestored)
			}
		})
	}
}

// TestWhatABodyCouldBeTakenForHasToBeAllowed holds that a scenario is skipped whose request another action could take,
// where the target does not allow that one.
func TestWhatABodyCouldBeTakenForHasToBeAllowed(t *testing.T) {
	for allow, want := range map[string]verdict.Outcome{
		"RebootInstances": verdict.Skipped, "RebootInstances, StartInstances, StopInstances": verdict.Passed,
	} {
		b := newBench(t, untouched, mock.Options{})
		b.replace("allowResize: true", "allow: ["+allow+"]")
		e := b.run("--scenario", "unknown-action-with-known-body[RebootInstances]")
		require.Len(t, e.report.Scenarios, 1, e.err)
		assert.Equal(t, want, e.report.Scenarios[0].Outcome, e.report.Scenarios[0].Reason)
	}
}
