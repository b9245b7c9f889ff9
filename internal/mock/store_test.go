package mock

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestForgettingLeavesNothingBehind(t *testing.T) {
	m := New(Options{})
	kept := m.Seed(Instance{})
	for range 1000 {
		a, b := m.Seed(Instance{}), m.Seed(Instance{GPU: true})
		m.Forget(a.ID, "ins-none")
		m.Forget(b.ID, a.ID)
	}
	if all := m.Instances(); assert.Len(t, all, 1) {
		assert.Equal(t, kept.ID, all[0].ID)
	}
	assert.Len(t, m.Store.ids, 1)
	assert.Less(t, len(m.Store.entries), 100)
	assert.Less(t, cap(m.Store.entries), 200)
}
