package steps_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/steps"
)

var capture = regexp.MustCompile(`\((?:[^?()]|\?[^:()]|\(\?:[^()]*\))*\)`)

// TestBothFormsTakeTheSameArguments keeps the languages in step: the same code is
// bound to both, so their arguments must be alike and in one order.
func TestBothFormsTakeTheSameArguments(t *testing.T) {
	for _, s := range steps.Vocabulary() {
		en, _ := s.Forms()
		t.Run(en, func(t *testing.T) {
			assert.Equal(t, s.En.Regexp().NumSubexp(), s.Zh.Regexp().NumSubexp())
			assert.Equal(t, capture.FindAllString(s.En.String(), -1), capture.FindAllString(s.Zh.String(), -1))
		})
	}
}

var examples = strings.NewReplacer(
	"<status>", "STOPPED", "<statuses>", "RESIZING or BOOTING", "<number>", "3", "<HTTP status>", "400", "<code>", "MISSING_PARAMETER", "<400|4xx>", "4xx",
	"<action>", "DescribeInstances", "<parameter>", "pageSize", "<value>", "true", "<media type>", "text/plain", "<GET|PUT|DELETE>", "GET",
)

// TestEachFormReadsAsItsOwnSentenceAlone resolves every form with arguments filled in,
// in both languages: no form may be taken for another's.
func TestEachFormReadsAsItsOwnSentenceAlone(t *testing.T) {
	vocabulary := steps.Vocabulary()
	for _, s := range vocabulary {
		en, zh := s.Forms()
		for _, form := range []string{en, zh} {
			t.Run(form, func(t *testing.T) {
				m, err := steps.Resolve(vocabulary, examples.Replace(form))
				if assert.NoError(t, err) {
					assert.Equal(t, s.En.String(), m.Sentence.En.String())
				}
			})
		}
	}
}

func TestFormsAreReadable(t *testing.T) {
	for _, s := range steps.Vocabulary() {
		en, zh := s.Forms()
		for _, form := range []string{en, zh} {
			assert.NotRegexp(t, `[()\\?*+^$]`, form, "a regular expression shows through")
		}
		assert.Regexp(t, `\p{Han}`, zh)
		assert.NotRegexp(t, `\p{Han}[A-Za-z0-9<]|[A-Za-z0-9>]\p{Han}`, zh, "Chinese and Latin letters stand apart by a space")
		assert.NotRegexp(t, `[,;:!]`, zh, "Chinese sentences take Chinese punctuation")
	}
}
