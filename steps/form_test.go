package steps

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestALandmarkStandsInEveryInstance(t *testing.T) {
	for pattern, want := range map[string]string{
		`an? ([A-Z_]+) instance`:           " instance",
		`the list (?:holds|has) it`:        "the list ",
		`it (?:is|are)? unchanged`:         " unchanged",
		`every answers*`:                   "every answer",
		`total: \d+, then more`:            ", then more",
		`实例处于状?态`:                          "实例处于",
		`a{2}bc`:                           "bc",
		`first|the second`:                 "",
		`([a-z]+)`:                         "",
		`the answer is the error (\d{3})`:  "the answer is the error ",
		`a long beginning(?: and)? an end`: "a long beginning",
	} {
		assert.Equal(t, want, landmark(pattern), pattern)
	}
}
