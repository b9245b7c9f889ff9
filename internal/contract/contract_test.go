package contract

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/spec"
)

func TestX(t *testing.T) {
	c, err := Load(spec.Files)
	require.NoError(t, err)
	for _, op := range c.Operations() {
		fmt.Println(op, len(c.Pairs(op)), c.Changes(op), c.Statuses(op))
		l, ok := c.Lifecycle(op)
		fmt.Println(l, ok)
	}
	fmt.Println(c.general.pairs, c.general.statuses)
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		_, err := Load(spec.Files)
		require.NoError(b, err)
	}
}
