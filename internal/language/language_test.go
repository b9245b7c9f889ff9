package language

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/wire"
)

// parsed parses the Go files of a pattern, but for tests.
func parsed(t *testing.T, pattern string) (*token.FileSet, map[string]*ast.File) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names, pattern)
	set, files := token.NewFileSet(), map[string]*ast.File{}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			files[name], err = parser.ParseFile(set, name, nil, 0)
			require.NoError(t, err)
		}
	}
	return set, files
}

// writtenPhrases are the phrases that stand in the code as texts, by their place.
func writtenPhrases(t *testing.T) map[string]Phrase {
	t.Helper()
	all := map[string]Phrase{}
	for _, pattern := range []string{"*.go", "../report/*.go", "../target/*.go", "../cli/*.go"} {
		set, files := parsed(t, pattern)
		for name, file := range files {
			ast.Inspect(file, func(n ast.Node) bool {
				made, is := n.(*ast.CompositeLit)
				if !is || !isPhrase(made.Type) || len(made.Elts) == 0 {
					return true
				}
				at := set.Position(made.Pos()).String()
				require.Len(t, made.Elts, 2, "%s: a phrase has a text in each language", at)
				texts := literals(made.Elts)
				if len(texts) == 0 {
					return true // made of other phrases, or of what is quoted
				}
				require.Len(t, texts, 2, "%s: a text in one language alone", at)
				if texts[0] != "" {
					assert.Regexp(t, `^[a-z_]+\.go$|^\.\./report/phrases\.go$`, name, "%s: every text stands in a catalogue", at)
				}
				all[at] = Phrase{texts[0], texts[1]}
				return true
			})
		}
	}
	return all
}

func isPhrase(kind ast.Expr) bool {
	if of, is := kind.(*ast.SelectorExpr); is {
		kind = of.Sel
	}
	named, is := kind.(*ast.Ident)
	return is && strings.EqualFold(named.Name, "phrase")
}

// literals are the texts among expressions.
func literals(all []ast.Expr) (texts []string) {
	for _, e := range all {
		if literal, is := e.(*ast.BasicLit); is && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value)
			texts = append(texts, text)
		}
	}
	return texts
}

// TestEveryTextIsInEveryLanguage holds the catalogues: no text is empty in one language, none is
// English in the Chinese one, and both have the same places.
func TestEveryTextIsInEveryLanguage(t *testing.T) {
	places := regexp.MustCompile(`\{\d\}`)
	letters := regexp.MustCompile(`[A-Za-z]{2,}`)
	all := writtenPhrases(t)
	maps.Copy(all, textsByName)
	require.Greater(t, len(all), 450)
	for at, p := range all {
		if p == (Phrase{}) {
			continue // the column of a line that goes on
		}
		en, zh := p[0], p[1]
		assert.NotEmpty(t, en, at)
		assert.NotEmpty(t, zh, at)
		assert.NotRegexp(t, `\p{Han}`, en, at)
		if letters.MatchString(places.ReplaceAllString(en, "")) && en != "{0} of {1}" && en != "{0} in {1}" && zh != "SDK" && zh != "TLS" {
			assert.Regexp(t, `\p{Han}|（`, zh, at)
		}
		assert.NotRegexp(t, `\p{Han}[,:;.()?!]|[,:;()?!]\p{Han}`, zh, "%s: Chinese has punctuation of its own", at)
		assert.NotRegexp(t, `\p{Han}[A-Za-z0-9{]|[A-Za-z0-9}]\p{Han}`, strings.NewReplacer("2006年1月2日", "").Replace(zh), "%s: a space stands between Chinese and Latin letters or numbers", at)
		for _, form := range strings.Split(en, "|") {
			assert.Equal(t, placesIn(places, form), placesIn(places, zh), at)
		}
	}
}

func placesIn(places *regexp.Regexp, text string) []string {
	found := places.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// speaking are the files whose texts people read while a command runs, with the functions there
// that take a text of the catalogue, besides those of this package. Those behind a "-" have other
// texts, too: of help, and of faults.
var speaking = map[string]string{
	"../cli/doctor.go": "", "../cli/plan_show.go": "line rows", "../cli/progress.go": "", "../cli/preflight.go": "", "../cli/notice.go": "say restores",
	"../cli/run.go": "restores", "../cli/cleanup.go": "restores line", "../cli/follow.go": "", "../cli/call.go": "line", "../cli/steps.go": "-", "../cli/target.go": "",
	"../cli/proxy.go": "line -", "../cli/judge.go": "-", "../cli/counter.go": "draw", "../cli/selftest_command.go": "ended -", "../cli/credentials.go": "-", "../cli/selftest.go": "line ended -", "../foreign/score.go": "",
	"../target/inventory.go": "", "../target/doctor.go": "ok doubt", "../target/doctor_instances.go": "ok doubt", "../target/doctor_reading.go": "ok doubt", "../target/connection.go": "say -",
	"../target/restoring.go": "", "../target/restore.go": "", "../target/look.go": "", "../target/left.go": "",
}

// quotes are what such a file has of several words all the same: commands, and parts of help.
var quotes = []string{"conformance cleanup", "; without it, the built-in mock", "the language of what is printed: en or zh; without it, English"}

// message is a text in the code, and its place.
type message struct{ text, at string }

// messagesIn finds in a file what the named functions are given, and every other text of several
// words that is neither help nor an error.
func messagesIn(t *testing.T, name, own string) (given, others []message) {
	t.Helper()
	several := regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)
	takes := append(strings.Fields(own), "Say", "Said", "Because", "Word")
	set, files := parsed(t, name)
	at := func(n ast.Node) string { return set.Position(n.Pos()).String() }
	var walk func(n ast.Node) bool
	walk = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			of, is := n.Type.(*ast.SelectorExpr)
			return !is || of.Sel.Name != "Command" // its help
		case *ast.CallExpr:
			called := calledIn(n)
			for _, text := range literals(n.Args) {
				if slices.Contains(takes, called) && text != "" {
					given = append(given, message{text, at(n)})
				}
			}
			if called == "New" || called == "Errorf" || called == "at" || called == "named" || strings.HasSuffix(called, "Var") {
				for _, arg := range n.Args {
					if _, is := arg.(*ast.BasicLit); !is {
						ast.Inspect(arg, walk)
					}
				}
				return false
			}
		case *ast.BasicLit:
			if texts := literals([]ast.Expr{n}); len(texts) == 1 && several.MatchString(texts[0]) && !slices.Contains(quotes, texts[0]) {
				others = append(others, message{texts[0], at(n)})
			}
		}
		return true
	}
	ast.Inspect(files[name], walk)
	if slices.Contains(strings.Fields(own), "-") {
		others = nil
	}
	return given, others
}

func calledIn(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// TestEveryMessageOfACommandHasItsChinese looks for texts in the code of what speaks while a command
// runs: each stands in the catalogue. What is wrong with flags and files is said as errors, in
// English.
func TestEveryMessageOfACommandHasItsChinese(t *testing.T) {
	found := 0
	for name, own := range speaking {
		given, others := messagesIn(t, name, own)
		for _, m := range slices.Concat(given, others) {
			_, err := Named(m.text)
			assert.NoError(t, err, m.at)
			found++
		}
	}
	assert.Greater(t, found, 150)
}

// TestTheOtherPagesSayWhatIsInTheCatalogue: a template names a text by its English form, so one
// that is misspelt would be said in English, and a text that nobody says stays.
func TestTheOtherPagesSayWhatIsInTheCatalogue(t *testing.T) {
	var all strings.Builder
	for _, file := range []string{"../history/page/history.html.tmpl", "../selftest/matrix.tmpl", "../foreign/score.tmpl"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		said := regexp.MustCompile(`(?:say|head|attribute "[^"]+") "([^"]+)"`).FindAllStringSubmatch(string(text), -1)
		assert.NotEmpty(t, said, file)
		for _, m := range said {
			_, err := Named(m[1])
			assert.NoError(t, err, file)
		}
		all.Write(text)
	}
	for name := range speaking {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		all.Write(text)
	}
	for _, file := range []string{"../foreign/foreign.go", "../report/phrases.go", "../lifecycle/definition.go", "../plan/calls.go", "../../steps/calls.go", "../../steps/concurrent_changes.go"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		all.Write(text)
	}
	for _, kind := range append(defects.Categories(), "defect", "variant") {
		all.WriteString(strconv.Quote(kind))
	}
	seen := map[string]bool{}
	for _, text := range slices.Concat(things, textsOfPages, textsOfCommands, textsOfDoctor, textsOfRestoring, textsInTheWay) {
		assert.True(t, slices.Contains(things, text) || strings.Contains(all.String(), strconv.Quote(text[0])), "nobody says %q", text[0])
		assert.False(t, seen[text[0]], "%s stands there twice", text[0])
		seen[text[0]] = true
	}
}

// TestWhyAScenarioWasSkippedIsReadAgain holds the reasons against where they are made, and reads
// each back with its places filled.
func TestWhyAScenarioWasSkippedIsReadAgain(t *testing.T) {
	var made strings.Builder
	for _, file := range []string{"../target/inventory.go", "../target/budget.go", "../schedule/schedule.go", "../run/limit.go", "../run/stuck.go"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		made.Write(text)
	}
	for _, reason := range textsOfReasons {
		for _, part := range regexp.MustCompile(`\{\d\}`).Split(reason[0], -1) {
			assert.Contains(t, made.String(), strings.TrimPrefix(part, " change"), "nobody says %q", reason[0])
		}
		said := reason.In(English, 1, 2, 3, 4, 5)
		assert.Equal(t, Phrase{said, reason.In(Chinese, 1, 2, 3, 4, 5)}, Read(said))
	}
	for said, want := range map[string]string{
		"the target lists too few GPU instances that are STOPPED":                             "测试目标所列的 STOPPED 状态的 GPU 实例不足",
		"an instance that was STOPPED could not be restored, so it is not used again":         "原为 STOPPED 状态的实例未能恢复，不再使用",
		"not started: the run was to end after 3 different findings":                          "未启动：按要求，出现 3 项不同的不符合项后结束运行",
		"maxChanges 4 leaves no room for its 3 changes: other scenarios prove more with them": "maxChanges 为 4，容不下该场景的 3 次变更：其他场景能用它们验证更多条款",
		"what nobody knows": "what nobody knows",
	} {
		assert.Equal(t, Phrase{said, want}, Read(said))
	}
}

func TestALanguageIsNamedAsSystemsDo(t *testing.T) {
	for name, want := range map[string]Language{"en": English, "zh": Chinese, "zh-CN": Chinese, "zh_Hans": Chinese, "EN-gb": English} {
		got, err := Of(name)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "fr", "zhx", "english"} {
		_, err := Of(name)
		assert.ErrorContains(t, err, "choose from en, zh", name)
	}
}

// TestTextsJoin: a space between Chinese and what is not is none between Chinese and Chinese.
func TestTextsJoin(t *testing.T) {
	of := Phrase{"no {0} is listed", "未列出任何 {0} 等"}
	assert.Equal(t, "未列出任何实例等", of.In(Chinese, Word("instance")))
	assert.Equal(t, "未列出任何 volume 等", of.In(Chinese, Word("a volume")), "what is unknown is quoted, without its article")
	assert.Equal(t, "no a volume is listed", of.In("", Word("a volume")), "no language is English")
	assert.Equal(t, "甲 乙", Quoted("甲 乙").In(Chinese), "what is quoted stays as it is")
	assert.Equal(t, Phrase{"a; b", "甲；b"}, List([]Phrase{{"a", "甲"}, Quoted("b")}))
	assert.Equal(t, Phrase{"ab", "甲b"}, Phrase{"a", "甲"}.And(Quoted("b")))
}

// TestAnErrorIsSaidInALanguage keeps what it wraps.
func TestAnErrorIsSaidInALanguage(t *testing.T) {
	cause := errors.New("timeout")
	err := Because(cause, "{0}; restoring was given up", OfError(cause))
	assert.EqualError(t, err, "timeout; restoring was given up")
	chinese := Chinese.Error(err)
	assert.EqualError(t, chinese, "timeout；已放弃恢复")
	assert.ErrorIs(t, chinese, cause)
	assert.Equal(t, err, English.Error(err))
	assert.NoError(t, Chinese.Error(nil))
}

// TestACauseComesWithAdvice: what cannot be judged says what to do, in every language; an
// interrupt is not blamed on the address.
func TestACauseComesWithAdvice(t *testing.T) {
	for cause, want := range map[wire.Cause]string{
		wire.CauseInterrupted: "run it again; with --resume, what has ended is taken over", wire.CauseChallenge: aGatewayAnswers[0], wire.CauseEdgeDNS: aGatewayAnswers[0],
		wire.CauseRights: "give the key the right to call the operation", wire.CauseSuperseded: "",
	} {
		assert.Equal(t, want, Advice(cause)[0], cause)
		assert.Equal(t, want == "", Advice(cause)[1] == "", cause)
	}
}
