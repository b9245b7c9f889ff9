package report

import (
	"go/ast"
	"go/parser"
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

	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// writtenPhrases are the phrases that stand in the code as texts, by their place.
func writtenPhrases(t *testing.T) map[string]phrase {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	all := map[string]phrase{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			made, is := n.(*ast.CompositeLit)
			if !is {
				return true
			}
			if kind, is := made.Type.(*ast.Ident); !is || kind.Name != "phrase" {
				return true
			}
			at := set.Position(made.Pos()).String()
			require.Len(t, made.Elts, 2, "%s: a phrase has a text in each language", at)
			texts, literal := [2]string{}, 0
			for i, e := range made.Elts {
				if text, is := e.(*ast.BasicLit); is {
					texts[i], err = strconv.Unquote(text.Value)
					require.NoError(t, err)
					literal++
				}
			}
			if literal == 0 {
				return true // made of other phrases, or of what is quoted
			}
			assert.Equal(t, 2, literal, "%s: a text in one language alone", at)
			if texts[0] != "" {
				assert.Regexp(t, `^phrases(_pages|_causes)?\.go$`, name, "%s: every text stands in one file", at)
			}
			all[at] = phrase{texts[0], texts[1]}
			return true
		})
	}
	return all
}

// TestEveryTextIsInEveryLanguage holds the catalogue: no text is empty in one language, none is
// English in the Chinese one, and both have the same places.
func TestEveryTextIsInEveryLanguage(t *testing.T) {
	places := regexp.MustCompile(`\{\d\}`)
	letters := regexp.MustCompile(`[A-Za-z]{2,}`)
	all := writtenPhrases(t)
	require.Greater(t, len(all), 150)
	for at, p := range all {
		if p == (phrase{}) {
			continue // the column of a line that goes on
		}
		assert.NotEmpty(t, p.en, at)
		assert.NotEmpty(t, p.zh, at)
		assert.NotRegexp(t, `\p{Han}`, p.en, at)
		if letters.MatchString(places.ReplaceAllString(p.en, "")) && p.en != "{0} of {1}" && p.zh != "SDK" {
			assert.Regexp(t, `\p{Han}|（`, p.zh, at)
		}
		assert.NotRegexp(t, `\p{Han}[,:;.()?!]|[,:;()?!]\p{Han}`, p.zh, "%s: Chinese has punctuation of its own", at)
		assert.NotRegexp(t, `\p{Han}[A-Za-z0-9{]|[A-Za-z0-9}]\p{Han}`, strings.NewReplacer("2006年1月2日", "").Replace(p.zh), "%s: a space stands between Chinese and Latin letters or numbers", at)
		for _, form := range strings.Split(p.en, "|") {
			assert.Equal(t, placesIn(places, form), placesIn(places, p.zh), at)
		}
	}
}

func placesIn(places *regexp.Regexp, text string) []string {
	found := places.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestEveryWordOfAReportIsKnown holds what outcomes, statuses and verdicts are called.
func TestEveryWordOfAReportIsKnown(t *testing.T) {
	for _, kind := range []string{
		string(verdict.Passed), string(verdict.Failed), string(verdict.Inconclusive), string(verdict.Skipped), string(verdict.Broken), string(verdict.NotReached),
		verdict.Proved.String(), verdict.Violated.String(), verdict.Unproved.String(), verdict.Untestable.String(),
		string(verdict.WaiverApplied), string(verdict.WaiverUnmatched), string(verdict.WaiverExpired), string(verdict.WaiverChanged), string(verdict.WaiverNotMet),
		string(verdict.FaultSuite), string(verdict.FaultHarness),
	} {
		assert.Regexp(t, `\p{Han}`, wordOf(kind).zh, kind)
	}
	for _, v := range []verdict.Verdict{
		verdict.Conformant, verdict.SelectedPassed, verdict.NothingWrong, verdict.NonConformant, verdict.Partial, verdict.InconclusiveVerdict, verdict.BrokenVerdict,
	} {
		assert.Regexp(t, `\p{Han}`, titleOf(v).zh, v)
		assert.Regexp(t, `\p{Han}.*。$`, meaningOf(v).zh, v)
	}
	assert.Equal(t, phrase{"other {0}|", "other {0}|"}, wordOf("other {0}|"), "what is not known is quoted")
	assert.Equal(t, "other {0}|", wordOf("other {0}|").in(English))
}

func TestAPhraseIsFilled(t *testing.T) {
	some := phrase{"{0} of {1} scenario|{0} of {1} scenarios {2}", "{1} 个场景中的 {0} 个"}
	assert.Equal(t, "1 of 2 scenario", some.in(English, 1, "2"))
	assert.Equal(t, "3 of {1} scenarios ", some.in(English, 3, "{1}"), "what fills a place has no places")
	assert.Equal(t, "通过 个场景中的 2 个", some.in(Chinese, 2, wordOf("passed")))
	assert.Equal(t, phrase{"2 of 3 scenarios ", "3 个场景中的 2 个"}, some.with(2, 3))
	p := page{}
	p.say(phrase{"{0}", "{0}"}, coded("<b>"))
	assert.Equal(t, `<span class="en"><span class="code">&lt;b&gt;</span></span><span class="zh" lang="zh-Hans"><span class="code">&lt;b&gt;</span></span>`, string(p.buf))
}

func TestALanguageIsNamedAsSystemsDo(t *testing.T) {
	for name, want := range map[string]Language{"en": English, "zh": Chinese, "zh-CN": Chinese, "zh_Hans": Chinese, "EN-gb": English} {
		got, err := LanguageOf(name)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "fr", "zhx", "english"} {
		_, err := LanguageOf(name)
		assert.ErrorContains(t, err, "choose from en, zh", name)
	}
}

// TestAnAddressIsCheckedBeforeItIsLinked: a report may have been written by anybody.
func TestAnAddressIsCheckedBeforeItIsLinked(t *testing.T) {
	c := verdict.Clause{ID: "M-A", Operation: "ModifyInstanceType"}
	const folder = "https://example.com/docs/"
	for pages, want := range map[string]string{
		folder + "README.md": folder + "modifyinstancetype.md#m-a", folder + "index.html": folder + "index.html#m-a",
		"": "", folder: "", "http://example.com/README.md": "", "javascript:alert(1)//README.md": "", folder + "a)b/README.md": "",
	} {
		assert.Equal(t, want, PageOf(verdict.Document{Pages: pages}, c, English), pages)
	}
	assert.Equal(t, folder+"every-operation.zh.md#m-a", PageOf(verdict.Document{Pages: folder + "README.md"}, verdict.Clause{ID: "M-A"}, Chinese))
	assert.Empty(t, PageOf(verdict.Document{Pages: folder + "README.md"}, verdict.Clause{ID: "M) <"}, English))
	doc := verdict.SourceDocument{Addresses: []string{"javascript:x", folder + "a", folder + "modifyinstancetype"}}
	assert.Equal(t, []string{folder + "modifyinstancetype"}, addressesOf(doc, "ModifyInstanceType"))
	assert.Equal(t, []string{folder + "a", folder + "modifyinstancetype"}, addressesOf(doc, "Other"))
}

// TestTheScriptSaysNothing: its texts would stand in one language alone.
func TestTheScriptSaysNothing(t *testing.T) {
	text, err := os.ReadFile("page/script.js")
	require.NoError(t, err)
	text = append(text, languageScript...)
	for _, m := range regexp.MustCompile(`"[^"]*"`).FindAllString(string(text), -1) {
		assert.NotRegexp(t, `^"[A-Z][a-z]|^"[a-z]+ [a-z ]+"$`, strings.ReplaceAll(m, "use strict", ""), "a text of the page stands in phrases.go")
	}
	assert.NotContains(t, string(text), "Storage", "the choice of a language is not kept")
	assert.NotContains(t, string(text), "cookie")
}

// TestTheOtherPagesSayWhatIsInTheCatalogue: a template and a command name a text by its English
// form, so a name that is misspelt would be said in English, and a text that nobody says stays.
func TestTheOtherPagesSayWhatIsInTheCatalogue(t *testing.T) {
	var all strings.Builder
	for _, file := range []string{"../history/page/history.html.tmpl", "../selftest/matrix.tmpl", "../foreign/score.tmpl", "../foreign/score.go", "../foreign/foreign.go", "../cli/selftest.go"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		said := regexp.MustCompile(`(?:say|head|attribute "[^"]+"|\.Say\(|\.line\(|where =|where :=|word =|word :=) ?"([^"]+)"`).FindAllStringSubmatch(string(text), -1)
		assert.True(t, len(said) > 0 || strings.HasSuffix(file, "foreign.go"), file)
		for _, m := range said {
			_, err := textNamed(m[1])
			assert.NoError(t, err, file)
		}
		all.Write(text)
	}
	for _, kind := range append(defects.Categories(), "defect", "variant") {
		all.WriteString(strconv.Quote(kind))
	}
	seen := map[string]bool{}
	for _, text := range textsOfPages {
		assert.Contains(t, all.String(), strconv.Quote(text.en), "nobody says it")
		assert.False(t, seen[text.en], "%s stands there twice", text.en)
		seen[text.en] = true
	}
}

// TestACauseComesWithAdvice: what cannot be judged says what to do, in every language; an
// interrupt is not blamed on the address.
func TestACauseComesWithAdvice(t *testing.T) {
	for cause, want := range map[wire.Cause]string{
		wire.CauseInterrupted: "run it again: it was interrupted", wire.CauseChallenge: aGatewayAnswers.en, wire.CauseEdgeDNS: aGatewayAnswers.en,
		wire.CauseRights: "give the key the right to call the operation", wire.CauseSuperseded: "",
	} {
		assert.Equal(t, want, English.Advice(cause), cause)
		assert.Equal(t, want == "", Chinese.Advice(cause) == "", cause)
	}
}
