package cli_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/verdict"
)

const (
	resized = "ins-000005" // an instance of the mock's account that is STOPPED
	resize  = `{"instanceId":"` + resized + `","instanceType":"z2a.cpu.2"}`
)

// at runs a command about a target with a folder of its own.
func (b *bench) at(target, folder, name string, args ...string) ended {
	b.t.Helper()
	var out, err bytes.Buffer
	args = append([]string{name, "--config", b.config, "--target", target, "--out", folder}, args...)
	code := cli.Main(context.Background(), args, cli.System{
		In: strings.NewReader(""), Out: &out, Err: &err, Env: func(name string) string { return b.env[name] },
	})
	return ended{code: code, out: out.String(), err: err.String()}
}

// twice lists the target under a second name, too.
func (b *bench) twice(second string) {
	b.t.Helper()
	text, err := os.ReadFile(b.config)
	require.NoError(b.t, err)
	_, target, _ := strings.Cut(string(text), "  it:\n")
	require.NoError(b.t, os.WriteFile(b.config, append(text, []byte("  "+second+":\n"+target)...), 0o600))
}

func TestCleanupNamesTheJournalItLookedAt(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	end := b.command("cleanup")
	assert.Zero(t, end.code, end.err)
	assert.Equal(t, "nothing to restore at it ("+filepath.Join(b.dir, "reports", "journal-it.jsonl")+")\n", end.out)
}

// TestWhatIsRestoredIsNamed stops an instance by hand, and has its status named where that is
// what is to be restored, its type where it is that.
func TestWhatIsRestoredIsNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	b.replace("allowResize: true", "allow: [ModifyInstanceType, StartInstances, StopInstances]")
	stopped := b.command("call", "StopInstances", "--data", `{"instanceIds":["ins-000004"]}`, "--watch")
	require.Zero(t, stopped.code, stopped.out+stopped.err)
	assert.Regexp(t, `(?m)^instance ins-000004 has type (z2a\.cpu\.\d) and is STOPPED; conformance cleanup .* gives it type z2a\.cpu\.\d and status RUNNING again$`, stopped.out)
	changed := b.command("call", "ModifyInstanceType", "--data", resize, "--watch")
	require.Zero(t, changed.code, changed.out+changed.err)
	assert.Regexp(t, `(?m)^instance `+resized+` has type z2a\.cpu\.2; conformance cleanup .* gives it type z2a\.cpu\.1 again$`, changed.out)
	require.Zero(t, b.command("call", "StartInstances", "--data", `{"instanceIds":["`+resized+`"]}`, "--watch").code)
	cleaned := b.command("cleanup")
	require.Zero(t, cleaned.code, cleaned.out+cleaned.err)
	assert.Regexp(t, `(?m)^restored      instance ins-000004: it has type z2a\.cpu\.\d and is RUNNING, as before \(`, cleaned.out)
	assert.Regexp(t, `(?m)^restored      instance `+resized+`: it has type z2a\.cpu\.1 and is STOPPED, as before \(`, cleaned.out)
}

// TestAnIDToForgetIsCheckedFirst: with one that is misspelt, nothing is restored that was to stay as it is.
func TestAnIDToForgetIsCheckedFirst(t *testing.T) {
	t.Parallel()
	var e ear
	b := newBench(t, e.listening, mock.Options{})
	require.Zero(t, b.command("call", "ModifyInstanceType", "--data", resize, "--watch").code)
	any := func(heard) bool { return true }
	before := e.count(any)
	wrong := b.command("cleanup", "--forget", resized, "--forget", "ins-other")
	assert.Equal(t, 2, wrong.code)
	assert.Empty(t, wrong.out)
	assert.Contains(t, wrong.err, "--forget ins-other: no journal of this target names the instance")
	assert.Equal(t, before, e.count(any), "nothing is sent")
	again := b.command("cleanup")
	assert.Zero(t, again.code)
	assert.Regexp(t, `^restored      instance `+resized, again.out, "it is still in the journal")
}

// TestCleanupGivesOneAccount restores from the journal of another folder: it does not say that the own folder has none,
// and says of each instance once that it is as it was.
func TestCleanupGivesOneAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	require.Zero(t, b.command("call", "ModifyInstanceType", "--data", resize, "--watch").code)
	other := filepath.Join(b.dir, "other")
	cleaned := b.at("it", other, "cleanup")
	require.Zero(t, cleaned.code, cleaned.out+cleaned.err)
	assert.NotContains(t, cleaned.out, "nothing to restore")
	assert.Regexp(t, `^restored      instance `+resized+`: it has type z2a\.cpu\.1 and is STOPPED, as before \(.*/reports/journal-it\.jsonl\)\n$`, cleaned.out)
	assert.Contains(t, cleaned.err, "instance "+resized+": it still has type z2a.cpu.2; it had type z2a.cpu.1\n")
	assert.NotContains(t, cleaned.err, "STOPPED, as before") // a busy machine may see it on its way
	again := b.at("it", other, "cleanup")
	assert.Equal(t, "nothing to restore at it ("+filepath.Join(other, "journal-it.jsonl")+")\n", again.out)
}

// TestABatchIsWatchedAtOnce stops several instances by hand: each line says whose status it is, and one that the
// answer names as failed is not waited for.
func TestABatchIsWatchedAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{ResizeTime: time.Second})
	b.replace("allowResize: true", "allow: [ModifyInstanceType, StartInstances, StopInstances]")
	started := b.command("call", "StartInstances", "--data", `{"instanceIds":["ins-000005","ins-000006"]}`, "--watch")
	require.Zero(t, started.code, started.out+started.err)
	for _, id := range []string{"ins-000005", "ins-000006"} {
		assert.Regexp(t, `(?s)\n +\S+s  `+id+`  (BOOTING|STARTING)\n.* +\S+s  `+id+`  RUNNING\n`, started.out)
	}
	mixed := b.command("call", "StopInstances", "--data", `{"instanceIds":["ins-000005","ins-000007"]}`, "--watch")
	require.Zero(t, mixed.code, mixed.out+mixed.err)
	assert.Contains(t, mixed.out, "\nStopInstances named instance ins-000007 as failed\n")
	assert.Regexp(t, `(?s)\n +\S+s  ins-000005  STOPPING\n.* +\S+s  ins-000005  STOPPED\n`, mixed.out)
	assert.NotRegexp(t, `\n +\S+s  ins-000007  `, mixed.out)
	none := b.command("call", "StopInstances", "--data", `{"instanceIds":["ins-000007"]}`, "--watch")
	assert.NotContains(t, none.out, "was not seen")
}

// TestAnInterruptedCleanupSaysWhatItDoes interrupts cleanup with nothing to restore, with an
// instance to forget, and with one to restore. Only the last says that it restores.
func TestAnInterruptedCleanupSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	interrupted := func(args ...string) ended {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		return b.under(ctx, cli.System{}, "cleanup", args...)
	}
	const looks, restores = "conformance: interrupted: looking for what is still to be restored\n", "interrupted: restoring the instances"
	nothing := interrupted()
	assert.Zero(t, nothing.code)
	assert.Equal(t, looks, nothing.err)
	assert.Contains(t, nothing.out, "nothing to restore at it")

	require.Zero(t, b.command("call", "ModifyInstanceType", "--data", resize, "--watch").code)
	kept := interrupted("--forget", resized)
	assert.Equal(t, verdict.ExitInconclusive, kept.code)
	assert.Equal(t, looks+"conformance: interrupted: instance "+resized+" was not forgotten\n", kept.err)
	assert.NotContains(t, kept.out, "forgotten")

	restored := interrupted()
	assert.Zero(t, restored.code)
	assert.Contains(t, restored.err, looks)
	assert.Contains(t, restored.err, restores)
	assert.Contains(t, restored.out, "restored      instance "+resized)
}

// TestAnInterruptedCallSaysHowTheChangeIsUndone interrupts --watch while the change runs.
func TestAnInterruptedCallSaysHowTheChangeIsUndone(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var changing atomic.Bool
	b := newBench(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if changing.Load() {
				stop()
			}
			h.ServeHTTP(w, r)
			if r.Header.Get("X-Zc-Action") == "ModifyInstanceType" {
				changing.Store(true)
			}
		})
	}, mock.Options{ResizeTime: time.Minute})
	end := b.under(ctx, cli.System{}, "call", "ModifyInstanceType", "--data", resize, "--watch")
	assert.Equal(t, verdict.ExitInconclusive, end.code)
	assert.Regexp(t, `^conformance: interrupted: the change was not followed to its end; conformance cleanup .* gives instance `+resized+` type z2a\.cpu\.1 again\n$`, end.err)
}

// TestAReadIsNotWatched holds that --watch is refused where it would have no effect, before
// anything is sent.
func TestAReadIsNotWatched(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	refused := b.command("call", "DescribeInstancesStatus", "--watch")
	assert.Equal(t, verdict.ExitUsage, refused.code)
	assert.Equal(t, "conformance: --watch: DescribeInstancesStatus changes nothing that could be followed: leave --watch out\n", refused.err)
	assert.Empty(t, refused.out)
}

// TestWhatIsLeftIsFoundUnderAnyNameAndFromAnyFolder leaves a change in one folder and looks
// for it from another, under the target's second name.
func TestWhatIsLeftIsFoundUnderAnyNameAndFromAnyFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	b.twice("测试")
	was := b.types()
	first, second := filepath.Join(b.dir, "first"), filepath.Join(b.dir, "second")
	require.Zero(t, b.at("it", first, "call", "ModifyInstanceType", "--data", resize, "--watch").code)
	assert.NotEqual(t, was, b.types())

	refused := b.at("测试", second, "run", "--scenario", "resize-succeeds")
	assert.Equal(t, verdict.ExitUsage, refused.code)
	assert.Contains(t, refused.err, "an earlier run did not restore "+resized)
	assert.Contains(t, refused.err, "journal-it.jsonl")
	assert.Contains(t, refused.err, "run conformance cleanup --config '"+b.config+"' --target '测试' --out '"+second+"' first")
	doctor := b.at("测试", second, "doctor")
	assert.Contains(t, doctor.out, "fix: run conformance cleanup --config '"+b.config+"' --target '测试' --out '"+second+"'\n")

	cleaned := b.at("测试", second, "cleanup")
	assert.Zero(t, cleaned.code, cleaned.err)
	assert.Contains(t, cleaned.out, "restored      instance "+resized)
	assert.Equal(t, was, b.types())
	assert.Zero(t, b.at("测试", second, "run", "--scenario", "resize-succeeds").code)
	left, err := os.ReadDir(filepath.Join(b.env["XDG_STATE_HOME"], "zec-conformance", "runs"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestAReleasedInstanceIsForgotten follows the advice of run, cleanup and doctor to its end.
func TestAReleasedInstanceIsForgotten(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	b.replace("restoreTimeout: 5s", "restoreTimeout: 100ms")
	b.replace("    instances:\n", "    instances:\n      - {id: ins-released, status: STOPPED}\n")
	reports := filepath.Join(b.dir, "reports")
	require.NoError(t, os.MkdirAll(reports, 0o755))
	file := filepath.Join(reports, "journal-it.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(`{"mark":"target","target":"it","endpoint":"`+b.endpoint+`"}
{"mark":"call","instance":"ins-released","oldType":"z2a.cpu.1","wantedType":"z2a.cpu.2"}
`), 0o600))

	flags := " --config '" + b.config + "' --target 'it' --out '" + reports + "'"
	assert.Contains(t, b.command("run").err, "run conformance cleanup"+flags+" first")
	cleanup := b.command("cleanup")
	assert.Equal(t, verdict.ExitInconclusive, cleanup.code)
	assert.Contains(t, cleanup.out, "NOT RESTORED  instance ins-released is to have type z2a.cpu.1 again: ")
	assert.Contains(t, cleanup.err, "conformance: instance ins-released: DescribeInstancesStatus shows no instanceStatus of instance ins-released")
	assert.Contains(t, cleanup.err, "for an instance that is no more: conformance cleanup --forget 'ins-released'"+flags)
	doctor := b.command("doctor")
	assert.Contains(t, doctor.out, "fix: an earlier run changed it: if it was released since, run conformance cleanup"+flags+" --forget ins-released, then remove it from instances\n")
	assert.NotContains(t, doctor.out, "journal:", "it would advise what does not work")

	wrong := b.command("cleanup", "--forget", "ins-other")
	assert.Equal(t, verdict.ExitUsage, wrong.code)
	assert.Contains(t, wrong.err, "--forget ins-other: no journal of this target names the instance")
	forgotten := b.command("cleanup", "--forget", "ins-released")
	assert.Zero(t, forgotten.code, forgotten.err)
	assert.Contains(t, forgotten.out, "instance ins-released had type z2a.cpu.1 before a run changed it; it could not be looked at: ")
	assert.Contains(t, forgotten.out, "no run and no cleanup gives it that type again\n")
	assert.NoFileExists(t, file)
	b.replace("      - {id: ins-released, status: STOPPED}\n", "")
	b.replace("restoreTimeout: 100ms", "restoreTimeout: 1m")
	assert.Zero(t, b.command("run", "--scenario", "resize-succeeds").code)
}

func TestADamagedLineIsNamedAndTheOthersAreRestored(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	was := b.types()
	require.Zero(t, b.command("call", "ModifyInstanceType", "--data", resize, "--watch").code)
	file := filepath.Join(b.dir, "reports", "journal-it.jsonl")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	header, call, _ := strings.Cut(string(text), "\n")
	require.NoError(t, os.WriteFile(file, []byte(header+"\n"+`{"mark":"call","subject":"ins-000006","acti`+"\n"+call), 0o600))

	refused := b.command("run", "--scenario", "resize-succeeds")
	assert.Equal(t, verdict.ExitUsage, refused.code)
	assert.Contains(t, refused.err, file+":2: a damaged line: it is about instance ins-000006")
	end := b.command("cleanup")
	assert.Equal(t, verdict.ExitInconclusive, end.code)
	assert.Contains(t, end.out, "restored      instance "+resized)
	assert.Contains(t, end.out, "DAMAGED       "+file+":2: a damaged line: it is about instance ins-000006")
	assert.Equal(t, was, b.types())
	text, err = os.ReadFile(file)
	require.NoError(t, err, "what it was about is still to be seen")
	assert.Contains(t, string(text), "ins-000006")
}

// TestAJournalWithAWrongByteRestoresNothingWrong has another type in a journal that a killed run
// has left. Runs with reports in another folder are refused, too.
func TestAJournalWithAWrongByteRestoresNothingWrong(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	require.Zero(t, b.command("call", "ModifyInstanceType", "--data", resize, "--watch").code)
	changed := b.types()
	file := filepath.Join(b.dir, "reports", "journal-it.jsonl")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "z2a.cpu.1")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), "z2a.cpu.1", "z2a.cpu.4", 1)), 0o600))

	damage := "journal-it.jsonl:2: a damaged line: it is about instance " + resized
	elsewhere := b.at("it", t.TempDir(), "run", "--scenario", "resize-succeeds")
	assert.Equal(t, verdict.ExitUsage, elsewhere.code)
	assert.Contains(t, elsewhere.err, damage)
	end := b.at("it", t.TempDir(), "cleanup")
	assert.Equal(t, verdict.ExitInconclusive, end.code)
	assert.Contains(t, end.out, damage)
	assert.Equal(t, changed, b.types())
}

// TestEveryReportSaysHowToRestore has an endpoint that refuses the way back, until cleanup
// finds the journal by the report alone.
func TestEveryReportSaysHowToRestore(t *testing.T) {
	t.Parallel()
	var pass atomic.Bool
	b := newBench(t, refusingChangesAfter(1, &pass), mock.Options{})
	was := b.types()
	end := b.run("--scenario", "resize-succeeds", "--format", "json,html")
	require.NotEmpty(t, end.report.Unrestored, end.out)
	reports := filepath.Join(b.dir, "reports")
	command := "conformance cleanup --config '" + b.config + "' --target 'it' --out '" + reports + "'"
	for _, u := range end.report.Unrestored {
		assert.Equal(t, command, u.Cleanup)
		assert.Equal(t, filepath.Join(reports, "journal-it.jsonl"), u.Journal)
		assert.FileExists(t, u.Journal)
	}
	assert.Contains(t, end.out, "finish with: "+command+"\n")
	html, err := os.ReadFile(filepath.Join(reports, "report.html"))
	require.NoError(t, err)
	assert.Contains(t, strings.ReplaceAll(string(html), "&#39;", "'"), command)

	pass.Store(true)
	b.env["XDG_STATE_HOME"] = t.TempDir() // another machine's
	elsewhere := filepath.Join(b.dir, "elsewhere")
	require.NoError(t, os.Mkdir(elsewhere, 0o755))
	assert.Contains(t, b.at("it", elsewhere, "cleanup").out, "nothing to restore", "nobody knows of it there")
	text, err := os.ReadFile(filepath.Join(reports, "report.json"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(elsewhere, "report.json"), text, 0o600))
	cleaned := b.at("it", elsewhere, "cleanup")
	assert.Zero(t, cleaned.code, cleaned.err)
	assert.Contains(t, cleaned.out, "restored      instance ")
	assert.Equal(t, was, b.types())
}

// refusingChangesAfter lets the first changes through and refuses further ones, until all may pass.
func refusingChangesAfter(count int64, pass *atomic.Bool) func(http.Handler) http.Handler {
	var changes atomic.Int64
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Zc-Action") != "ModifyInstanceType" || pass.Load() || changes.Add(1) <= count {
				h.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"requestId":"refused","code":"OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT","message":""}`))
		})
	}
}

// TestTwoRunsAtOnceOnTheSameInstances starts a second one while the first one is at work,
// under another name and in another folder: it is refused before it sends anything.
func TestTwoRunsAtOnceOnTheSameInstances(t *testing.T) {
	t.Parallel()
	atWork, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b := newBench(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Zc-Action") == "ModifyInstanceType" {
				once.Do(func() {
					close(atWork)
					<-goOn
				})
			}
			h.ServeHTTP(w, r)
		})
	}, mock.Options{ResizeTime: 100 * time.Millisecond})
	b.twice("other")
	was := b.types()
	first := make(chan ended)
	go func() {
		first <- b.at("it", filepath.Join(b.dir, "first"), "run", "--scenario", "resize-succeeds", "--scenario", "there-and-back")
	}()
	<-atWork
	for _, second := range [][]string{{"it", "first"}, {"it", "second"}, {"other", "first"}, {"other", "second"}} {
		refused := b.at(second[0], filepath.Join(b.dir, second[1]), "run", "--scenario", "resize-succeeds")
		assert.Equal(t, verdict.ExitUsage, refused.code, refused.out)
		assert.Contains(t, refused.err, "another run is at work on instance ins-")
		assert.Contains(t, refused.err, "target it, process ")
	}
	close(goOn)
	end := <-first
	assert.Zero(t, end.code, end.out+end.err)
	assert.Equal(t, was, b.types())
}
