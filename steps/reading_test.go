package steps_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/steps"
)

var argument = regexp.MustCompile(`\{[a-z ]+\}`)

// TestBothFormsTakeTheSameArguments keeps the languages in step: the same code is
// bound to both, so their arguments must be alike and in one order.
func TestBothFormsTakeTheSameArguments(t *testing.T) {
	for _, s := range steps.Vocabulary() {
		en, _ := s.Forms()
		t.Run(en, func(t *testing.T) {
			arguments := argument.FindAllString(s.En.String(), -1)
			assert.Equal(t, arguments, argument.FindAllString(s.Zh.String(), -1))
			assert.Equal(t, len(arguments), s.En.Regexp().NumSubexp(), "a group of the pattern captures what is no argument")
			assert.Equal(t, len(arguments), s.Zh.Regexp().NumSubexp(), "a group of the pattern captures what is no argument")
		})
	}
}

// TestTheVocabularyIsSmall: a reader of features can know so many sentences. What differs in an
// argument alone is one of them.
func TestTheVocabularyIsSmall(t *testing.T) {
	assert.LessOrEqual(t, len(steps.Vocabulary()), 60)
}

var examples = strings.NewReplacer(
	"<status>", "STOPPED", "<statuses>", "RESIZING or BOOTING", "<number>", "3", "<HTTP status>", "400", "<code>", "MISSING_PARAMETER", "<400|4xx>", "4xx",
	"<action>", "DescribeInstances", "<parameter>", "pageSize", "<value>", "true", "<media type>", "text/plain", "<GET|PUT|PATCH|DELETE>", "GET",
)

var leftOut = regexp.MustCompile(`\[[^\]]*\]`)

// instances fills in the arguments of a form; of one that is written in words, each value.
func instances(form string, values map[string][][2]string, language int) []string {
	list := []string{leftOut.ReplaceAllString(form, "")}
	for name, words := range values {
		var filled []string
		for _, text := range list {
			for _, value := range words {
				filled = append(filled, strings.ReplaceAll(text, "<"+name+">", value[language]))
			}
		}
		list = filled
	}
	for i := range list {
		list[i] = examples.Replace(list[i])
	}
	return list
}

// TestEachFormReadsAsItsOwnSentenceAlone resolves every form with arguments filled in,
// in both languages: no form may be taken for another's.
func TestEachFormReadsAsItsOwnSentenceAlone(t *testing.T) {
	vocabulary := steps.Vocabulary()
	for _, s := range vocabulary {
		en, zh := s.Forms()
		for language, form := range []string{en, zh} {
			for _, text := range instances(form, s.Values(), language) {
				m, err := steps.Resolve(vocabulary, text)
				if assert.NoError(t, err) {
					assert.Equal(t, s.En.String(), m.Sentence.En.String())
				}
			}
		}
	}
}

// TestBothLanguagesAskForTheSame: a step in Chinese has the behaviour of the one in English.
func TestBothLanguagesAskForTheSame(t *testing.T) {
	vocabulary := steps.Vocabulary()
	for _, s := range vocabulary {
		en, zh := s.Forms()
		english, chinese := instances(en, s.Values(), 0), instances(zh, s.Values(), 1)
		for i := range english {
			a, err := steps.Resolve(vocabulary, english[i])
			assert.NoError(t, err)
			if len(s.Values()) > 1 {
				continue // the values come in any order
			}
			b, err := steps.Resolve(vocabulary, chinese[i])
			assert.NoError(t, err)
			assert.Equal(t, a.Key(), b.Key(), "%s, %s", english[i], chinese[i])
			assert.Equal(t, a.Metadata().Statuses, b.Metadata().Statuses, chinese[i])
			assert.Equal(t, a.Metadata().Pairs, b.Metadata().Pairs, chinese[i])
			assert.Equal(t, a.Metadata().Method, b.Metadata().Method, chinese[i])
		}
	}
}

// TestEarlierSentencesAreUnderstood: features of users may have them.
func TestEarlierSentencesAreUnderstood(t *testing.T) {
	vocabulary := steps.Vocabulary()
	for earlier, today := range map[string]string{
		"NoSuchAction is called with what StartInstances takes":                        "NoSuchAction is called with a body for StartInstances",
		"StartInstances is called without its timestamp":                               "StartInstances is called without a timestamp",
		"StartInstances is called under its key with more after it":                    "StartInstances is called signed with extra characters after the key ID",
		"StartInstances is called with its texts in single quotes":                     "StartInstances is called with its strings in single quotes",
		"ModifyInstanceType is called on it for a value that is not supported for it":  "ModifyInstanceType is called on it for a value that the instance does not support",
		"DescribeInstances is called signed with a timestamp in fractions of a second": "DescribeInstances is called signed with a timestamp with a fraction",
		"DescribeInstances is called with another timestamp than the signed one":       "DescribeInstances is called with its timestamp changed after signing",
		"DescribeInstances is called signed with blanks around and within its body":    "DescribeInstances is called signed with white space around and within its body",
		"it is refused with 404 X_Y, or named as failed":                               "it is refused with 404 X_Y, or listed as failed",
		"the same call is answered so 2 more times":                                    "the same call gets the same answer 2 more times",
		"ResizeDisk is called on it, and once more the same while it runs":             "ResizeDisk is called on it, and the same call is repeated while it runs",
		"DescribeInstances is asked for every instance that has its name":              "DescribeInstances is asked for every instance with the same name",
	} {
		was, err := steps.Resolve(vocabulary, earlier)
		assert.NoError(t, err)
		is, err := steps.Resolve(vocabulary, today)
		assert.NoError(t, err)
		assert.Equal(t, is.Key(), was.Key())
	}
}

func TestFormsAreReadable(t *testing.T) {
	for _, s := range steps.Vocabulary() {
		en, zh := s.Forms()
		for _, form := range []string{en, zh} {
			assert.NotRegexp(t, `[(){}\\?*+^$]`, form, "a regular expression shows through")
		}
		if zh != "<expected>" { // its values are Chinese
			assert.Regexp(t, `\p{Han}`, zh)
		}
		assert.NotRegexp(t, `\p{Han}[A-Za-z0-9<]|[A-Za-z0-9>]\p{Han}`, zh, "Chinese and Latin letters stand apart by a space")
		assert.NotRegexp(t, `[,;:!]`, zh, "Chinese sentences take Chinese punctuation")
	}
}
