package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/table"
)

// golden holds what a command printed against a file, without what differs from run to run.
func (b *bench) golden(name, printed string) {
	b.t.Helper()
	printed = strings.NewReplacer(b.endpoint, "http://it.test", b.dir, "DIR").Replace(printed)
	file := filepath.Join("testdata", "printed", name)
	if *update {
		require.NoError(b.t, os.WriteFile(file, []byte(printed), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(b.t, err)
	assert.Equal(b.t, string(want), printed, "run the test with -update when the change is meant")
}

// TestAPlanIsPrintedInBothLanguages at 80 columns, where each figure stands in its column.
func TestAPlanIsPrintedInBothLanguages(t *testing.T) {
	t.Parallel()
	b := newBench(t, refusing(t), mock.Options{})
	b.replace("allowResize: true\n    generate: true", "allow: [ModifyInstanceType]")
	for name, args := range map[string][]string{"plan.txt": {}, "plan.zh.txt": {"--lang", "zh"}} {
		e := b.command("plan", args...)
		require.Zero(t, e.code, e.err)
		b.golden(name, e.out)
		for line := range strings.Lines(e.out) {
			assert.LessOrEqual(t, table.Width(strings.TrimSuffix(line, "\n")), 80, line)
		}
	}
	english := b.command("plan", "--json")
	assert.Equal(t, english.out, b.command("plan", "--json", "--lang", "zh").out, "programs read what they always read")
}

// TestADoctorSpeaksBothLanguages of a configuration in which much is wrong.
func TestADoctorSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	b.replace("{id: ins-000004, status: RUNNING", "{id: ins-000004, status: STOPPED")
	b.replace("id: ins-000016", "id: ins-released")
	b.replace("{id: ins-000020, status: STOPPED, gpu: true}", "{id: ins-000020, status: STOPPED}")
	for name, args := range map[string][]string{"doctor.txt": {}, "doctor.zh.txt": {"--lang", "zh"}} {
		e := b.command("doctor", args...)
		assert.Equal(t, 2, e.code, e.err)
		b.golden(name, e.out)
	}
	english := b.command("doctor", "--json")
	assert.Equal(t, english.out, b.command("doctor", "--json", "--lang", "zh").out, "programs read what they always read")
	refused := b.command("run", "--lang", "zh")
	assert.Equal(t, 2, refused.code)
	assert.Contains(t, refused.err, "conformance: 测试目标与配置不符，未作任何变更：请更正，或用 --no-preflight 跳过此项检查\n")
	b.env["ZENLAYERCLOUD_ACCESS_KEY_PASSWORD"] = "another-password"
	wrong := b.command("doctor", "--lang", "zh")
	assert.Equal(t, 3, wrong.code)
	assert.Contains(t, wrong.out, "失败  凭证：credential-refused：ZENLAYERCLOUD_ACCESS_KEY_ID 的密钥被拒绝：401 AUTHFAILURE_")
}

// TestAChangeByHandAndItsWayBackAreToldInChinese follows a change, and has it restored.
func TestAChangeByHandAndItsWayBackAreToldInChinese(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{ResizeTime: 300 * time.Millisecond})
	changed := b.command("call", "ModifyInstanceType", "--data", resize, "--watch", "--lang", "zh")
	require.Zero(t, changed.code, changed.out+changed.err)
	assert.Regexp(t, `(?m)^实例 ins-000005 当前规格为 z2a\.cpu\.2；执行 conformance cleanup --lang zh --config '.*' --target 'it' --out '.*' 可恢复为规格 z2a\.cpu\.1$`, changed.out)
	assert.Contains(t, changed.out, "\n未发现不符合项\n")
	left := b.command("run", "--lang", "zh")
	assert.Equal(t, 2, left.code)
	assert.Regexp(t, `^conformance: 之前的运行未恢复 ins-000005（.*）：请先执行 conformance cleanup --lang zh --config `, left.err)
	cleaned := b.command("cleanup", "--lang", "zh")
	require.Zero(t, cleaned.code, cleaned.out+cleaned.err)
	b.golden("cleanup.zh.txt", cleaned.out+b.command("cleanup", "--lang", "zh").out)
}

// TestWhatCannotBeRestoredIsToldInChinese has an endpoint that refuses each change back.
func TestWhatCannotBeRestoredIsToldInChinese(t *testing.T) {
	t.Parallel()
	var refuses atomic.Bool
	b := newBench(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if refuses.Load() && r.Header.Get("X-ZC-Action") == "ModifyInstanceType" {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"requestId":"a","code":"OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT","message":"no"}`))
				return
			}
			next.ServeHTTP(w, r)
		})
	}, mock.Options{})
	require.Zero(t, b.command("call", "ModifyInstanceType", "--data", resize, "--watch").code)
	refuses.Store(true)
	e := b.command("cleanup", "--lang", "zh")
	assert.Equal(t, 3, e.code)
	b.golden("refused.zh.txt", e.out+e.err)
}

// inReports looks for a text in the reports for people.
func (b *bench) inReports(text string) {
	b.t.Helper()
	for _, file := range []string{"report.md", "report.html"} {
		page, err := os.ReadFile(filepath.Join(b.dir, "reports", file))
		require.NoError(b.t, err)
		assert.Contains(b.t, strings.ReplaceAll(string(page), "\\", ""), text, file)
	}
}

// TestWhyNothingWasJudgedIsToldInChinese on the terminal and in the reports for people, after a preflight that has failed.
func TestWhyNothingWasJudgedIsToldInChinese(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{})
	b.env["ZENLAYERCLOUD_ACCESS_KEY_PASSWORD"] = "another-password"
	e := b.command("run", "--tags", "@read", "--lang", "zh")
	assert.Equal(t, 3, e.code, e.err)
	const why = "运行前检查：凭证：credential-refused：ZENLAYERCLOUD_ACCESS_KEY_ID 的密钥被拒绝：401 AUTHFAILURE_SIGNATURE_FAILURE"
	assert.Contains(t, e.out, why)
	assert.NotContains(t, e.out, "preflight: ")
	b.inReports(why)
}

// TestWhatIsNotRestoredIsToldInChineseInTheReports, too: its reason stands in report.json in English.
func TestWhatIsNotRestoredIsToldInChineseInTheReports(t *testing.T) {
	t.Parallel()
	var called atomic.Bool
	b := newBench(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-ZC-Action") == "ModifyInstanceType" && called.Swap(true) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"requestId":"a","code":"OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT","message":"no"}`))
				return
			}
			next.ServeHTTP(w, r)
		})
	}, mock.Options{})
	e := b.command("run", "--scenario", "resize-succeeds", "--lang", "zh")
	require.Len(t, e.report.Unrestored, 1, e.out+e.err)
	const why = "其规格仍为 z2a.cpu."
	assert.Contains(t, e.out, why)
	b.inReports(why)
}
