package language

import (
	"cmp"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endings are the packages whose errors end scenarios that are not judged.
var endings = []string{"../../steps", "../run", "../target", "../schedule", "../double", "../cli", "../rejudge", "../client"}

// madeElsewhere are reasons that code only passes on: what they say is made by the schedule, the target
// or an error that is collected itself.
var madeElsewhere = []string{"reason", "reasonOf(err)", "err.Error()", "l.text()", "detail", "args...)", "asked.detail)", "cause, detail)", "wire.CauseCredential, err.Error())", "c.shortDetail(e.Detail)", "In(language.English)"}

// joined are reasons that are made of others: of the detail of an exchange, of a refusal, of several.
var joined = []string{"some-cause: Xy", "X was Xy", "; "}

// ended is a reason in the code, with samples in its places.
type ended struct{ text, at string }

// TestEveryReasonThatAScenarioEndsWithIsReadInChinese collects the reasons from the code that makes them.
// Those of a wrong feature or contract are said in English, as all faults of files are.
func TestEveryReasonThatAScenarioEndsWithIsReadInChinese(t *testing.T) {
	found := 0
	for _, dir := range endings {
		for _, reason := range reasonsIn(t, dir) {
			if found++; slices.Contains(joined, reason.text) {
				continue
			}
			read := Read(reason.text)
			assert.NotRegexp(t, `[a-z]{3,} [a-z]{3,}`, read[1], "%s: part of it has no Chinese", reason.at)
			assert.NotEqual(t, read[0], read[1], "%s: %q has no Chinese: add it to textsOfReasons or textsOfUnjudged", reason.at, reason.text)
		}
	}
	assert.Greater(t, found, 50)
}

// reasonsIn finds the reasons that a package makes.
func reasonsIn(t *testing.T, dir string) (all []ended) {
	t.Helper()
	set, files := parsed(t, filepath.Join(dir, "*.go"))
	add := func(of ast.Expr) {
		at := set.Position(of.Pos())
		text, known := sampleOf(of)
		if !known {
			source, err := os.ReadFile(at.Filename)
			require.NoError(t, err)
			written := string(source[at.Offset:set.Position(of.End()).Offset])
			assert.True(t, slices.ContainsFunc(madeElsewhere, func(e string) bool { return strings.HasSuffix(written, e) }), "%s: nobody knows what %s says", at, written)
			return
		}
		all = append(all, ended{text, at.String()})
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				kind, is := n.Type.(*ast.Ident)
				if of, selected := n.Type.(*ast.SelectorExpr); selected {
					kind, is = of.Sel, true
				}
				if !is || !slices.Contains([]string{"Inconclusive", "Lacking", "Withheld"}, kind.Name) {
					return true
				}
				for _, e := range n.Elts {
					if member, named := e.(*ast.KeyValueExpr); named && member.Key.(*ast.Ident).Name == "Reason" {
						add(member.Value)
					}
				}
			case *ast.CallExpr:
				if called := calledIn(n); dir == "../../steps" && called == "lacking" || called == "notBrought" || called == "blame" || called == "transportErrorf" || called == "unsent" {
					add(n)
				}
			case *ast.AssignStmt:
				if to, is := n.Lhs[0].(*ast.SelectorExpr); is && len(n.Lhs) == 1 && (to.Sel.Name == "Detail" || to.Sel.Name == "Reason") && n.Tok == token.ASSIGN {
					add(n.Rhs[0])
				}
			}
			return true
		})
	}
	return all
}

// sampleOf is a text as code makes it, with something in each of its places; known is false where it is
// made elsewhere.
func sampleOf(of ast.Expr) (text string, known bool) {
	switch of := of.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(of.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		first, one := sampleOf(of.X)
		second, two := sampleOf(of.Y)
		if !one && !two {
			return "", false
		}
		return cmp.Or(first, "Xy") + cmp.Or(second, "Xy"), true
	case *ast.CallExpr:
		for _, arg := range of.Args {
			if format, is := sampleOf(arg); is && strings.Contains(format, " ") {
				return filled(format), true
			}
		}
		return "", false
	case *ast.SelectorExpr:
		return "X", of.Sel.Name == "Kind" || of.Sel.Name == "Action"
	}
	return "", false
}

// filled is a format with samples for its verbs: the first one is a cause where a colon follows it.
func filled(format string) string {
	format = regexp.MustCompile(`^%s: `).ReplaceAllString(format, "some-cause: ")
	return regexp.MustCompile(`%[a-z]`).ReplaceAllString(format, "Xy")
}

// TestReasonsAreReadInChinese reads such as runs have ended with, of several parts, and such as nobody knows.
func TestReasonsAreReadInChinese(t *testing.T) {
	for said, want := range map[string]string{
		"the run was interrupted": "运行被中断",
		"preflight: credentials: credential-refused: the key of A_KEY is refused: 401 AUTHFAILURE_SIGNATURE_FAILURE": "运行前检查：凭证：credential-refused：A_KEY 的密钥被拒绝：401 AUTHFAILURE_SIGNATURE_FAILURE",
		"preflight: endpoint: connection-refused: dial: connect: connection refused":                                 "运行前检查：端点：connection-refused：dial: connect: connection refused",
		"preflight: clock: clock-skew: the local clock is 7m0s off the endpoint's Date":                              "运行前检查：时钟：clock-skew：本机时钟与端点返回的 Date 相差 7m0s",
		"timeout: no end within 30s, waiting for the answer":                                                         "timeout：30s 之内未结束（正在等待响应）",
		"connection-lost: not sent: 8 requests in a row got no answer, the last one: the connection was closed":      "connection-lost：未发送：连续 8 个请求没有得到响应，最后一个：连接被关闭",
		"unavailable: status 503":                               "unavailable：状态码 503",
		"connection-refused: dial: connect: connection refused": "connection-refused: dial: connect: connection refused",
		"foreign-change: instance ins-1 is RESIZING, which this run did not call: let nobody else use it meanwhile": "foreign-change：实例 ins-1 的状态为 RESIZING，并非由本次运行引起：运行期间请勿由他人使用",
		"it still has type B; it had type A": "其规格仍为 B，变更前的规格为 A",
		"it still has type B and is RESIZING; it had type A and was STOPPED; restoring was given up":                                    "其规格仍为 B，状态为 RESIZING，变更前的规格为 A，状态为 STOPPED；已放弃恢复",
		"it still has type B; it had type A; the change back was answered with 400 NO":                                                  "其规格仍为 B，变更前的规格为 A；恢复请求返回 400 NO",
		"it still has type B; it had type A; its type was A until Start was called, which asks for none":                                "其规格仍为 B，变更前的规格为 A；在调用 Start 之前其规格为 A，而该接口并不指定此值",
		"it has type A and is STOPPED, as before; the row with its type shows RESIZING; the time allowed for restoring (10m0s) is over": "其规格为 A，状态为 STOPPED，与变更前相同；列出其规格的行显示 RESIZING；恢复的时限（10m0s）已过",
		"the run was interrupted; restore the instances: instance ins-1 is still BUSY; it was IDLE":                                     "运行被中断；恢复实例时：实例 ins-1，其状态仍为 BUSY，变更前为 IDLE",
		"instance ins-1 is still BUSY; it was IDLE; instance ins-2 still has type B; it had type A":                                     "实例 ins-1，其状态仍为 BUSY，变更前为 IDLE；实例 ins-2，其规格仍为 B，变更前的规格为 A",
		"what nobody knows; nor this":           "what nobody knows; nor this",
		"nobody knows; the run was interrupted": "nobody knows；运行被中断",
		"Resize was not sent: Resize could change the listed instance \"a\": add Resize to allow in the target's configuration if that is meant": "Resize 未发送：Resize 可能变更所列的实例 \"a\"：如确需如此，请在测试目标配置的 allow 中加入 Resize",
	} {
		assert.Equal(t, Phrase{said, want}, Read(said))
	}
}

// TestALongReasonIsReadSoon is of many instances that were not restored.
func TestALongReasonIsReadSoon(t *testing.T) {
	one := "instance ins-1 is still BUSY; it was IDLE; nobody knows this"
	assert.Contains(t, Read(one+strings.Repeat("; "+one, 20)).In(Chinese), "其状态仍为 BUSY")
	endless := strings.Repeat("nobody knows; ", 5000)
	assert.Equal(t, Quoted(endless), Read(endless))
}
