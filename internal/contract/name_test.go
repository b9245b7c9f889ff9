package contract

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestANameThatIsCutOffIsThatOfNoAction(t *testing.T) {
	c := &Contract{byAction: map[string]*operation{"ResizeDisk": nil, "ResizeDisks1": nil}}
	for action, want := range map[string]string{"ResizeDisk": "ResizeDi", "ResizeDisks1": "", "It": "", "I": ""} {
		name, unknown := c.CutOff(action)
		assert.Equal(t, want != "", unknown, action)
		if unknown {
			assert.Equal(t, want, name)
		}
	}
}
