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
