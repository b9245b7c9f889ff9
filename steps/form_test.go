package steps

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestALandmarkStandsInEveryInstance(t *testing.T) {
	for pattern, want := range map[string]string{
		`an? {status} instance`:            " instance",
		`the list (?:holds|has) it`:        "the list ",
		`it (?:is|are)? unchanged`:         " unchanged",
		`every answers*`:                   "every answer",
		`total: {number}, then more`:       ", then more",
		`实例处于状?态`:                          "实例处于",
		`first|the second`:                 "",
		`{expected}`:                       "",
		`the answer is the error {pair}`:   "the answer is the error ",
		`a long beginning(?: and)? an end`: "a long beginning",
	} {
		assert.Equal(t, want, landmark(pattern), pattern)
	}
}

func TestWhatEveryInstanceBeginsWith(t *testing.T) {
	for pattern, want := range map[string]string{
		`it is unchanged`:                "it is unchanged",
		`an? {status} instance`:          "a",
		`{action} is read`:               "",
		`实例处于状?态`:                        "实例处于",
		`ab*c`:                           "a",
		`total: \d+`:                     "total: ",
		`first|the second`:               "",
		`the (?:first|second) one`:       "the ",
		`the answer is the error {pair}`: "the answer is the error ",
	} {
		assert.Equal(t, want, before(pattern), pattern)
	}
}

// TestNoInstanceIsPassedOver holds what is looked at first against the expressions alone.
func TestNoInstanceIsPassedOver(t *testing.T) {
	texts := []string{"the answer is a success", "a STOPPED instance", "2 STOPPED instances", "请求成功", "一台状态为 STOPPED 的实例", "实例保持不变"}
	for _, s := range Vocabulary() {
		en, zh := s.Forms()
		texts = append(texts, en, zh)
	}
	var met int
	for _, s := range Vocabulary() {
		for _, form := range []*Form{s.En, s.Zh} {
			for _, text := range texts {
				m := form.Regexp().FindStringSubmatch(text)
				args := form.arguments(text)
				assert.Equal(t, m != nil, args != nil, "%s: %s", form, text)
				if m != nil {
					met++
					assert.Equal(t, m[1:], args)
				}
			}
		}
	}
	assert.Greater(t, met, 25)
}
