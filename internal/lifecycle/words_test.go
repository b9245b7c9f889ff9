package lifecycle_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/lifecycle"
)

func TestPlurals(t *testing.T) {
	for one, many := range map[string]string{"instance": "instances", "capacity": "capacities", "key": "keys", "box": "boxes", "status": "statuses",
		"address": "addresses", "policy": "policies", "batch": "batches", "replicas": "replicas"} {
		assert.Equal(t, many, lifecycle.Plural(one))
	}
}
