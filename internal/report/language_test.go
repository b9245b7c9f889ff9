package report

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
)

// TestEveryWordOfAReportIsKnown holds what outcomes, statuses and verdicts are called.
func TestEveryWordOfAReportIsKnown(t *testing.T) {
	for _, kind := range []string{
		string(verdict.Passed), string(verdict.Failed), string(verdict.Inconclusive), string(verdict.Skipped), string(verdict.Broken), string(verdict.NotReached),
		verdict.Proved.String(), verdict.Violated.String(), verdict.Unproved.String(), verdict.Untestable.String(),
		string(verdict.WaiverApplied), string(verdict.WaiverUnmatched), string(verdict.WaiverExpired), string(verdict.WaiverChanged), string(verdict.WaiverNotMet),
		string(verdict.FaultSuite), string(verdict.FaultHarness),
	} {
		assert.Regexp(t, `\p{Han}`, wordOf(kind)[1], kind)
	}
	for _, v := range []verdict.Verdict{
		verdict.Conformant, verdict.SelectedPassed, verdict.NothingWrong, verdict.NonConformant, verdict.Partial, verdict.InconclusiveVerdict, verdict.BrokenVerdict,
	} {
		assert.Regexp(t, `\p{Han}`, titleOf(v)[1], v)
		assert.Regexp(t, `\p{Han}.*。$`, meaningOf(v)[1], v)
	}
	assert.Equal(t, phrase{"other {0}|", "other {0}|"}, wordOf("other {0}|"), "what is not known is quoted")
	assert.Equal(t, "other {0}|", wordOf("other {0}|").In(English))
}

func TestAPhraseIsFilled(t *testing.T) {
	some := phrase{"{0} of {1} scenario|{0} of {1} scenarios {2}", "{1} 个场景中的 {0} 个"}
	assert.Equal(t, "1 of 2 scenario", some.In(English, 1, "2"))
	assert.Equal(t, "3 of {1} scenarios ", some.In(English, 3, "{1}"), "what fills a place has no places")
	assert.Equal(t, "通过个场景中的 2 个", some.In(Chinese, 2, wordOf("passed")))
	assert.Equal(t, phrase{"2 of 3 scenarios ", "3 个场景中的 2 个"}, some.With(2, 3))
	p := page{}
	p.say(phrase{"{0}", "{0}"}, coded("<b>"))
	assert.Equal(t, `<span class="en"><span class="code">&lt;b&gt;</span></span><span class="zh" lang="zh-Hans"><span class="code">&lt;b&gt;</span></span>`, string(p.buf))
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
