package conformancetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPatternsTakeWhatPackageTestingTakes holds the patterns of go test against names of subtests.
func TestPatternsTakeWhatPackageTestingTakes(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		run, skip     bool
	}{
		{"TestAPI", "TestAPI/unknown-type", true, true},
		{"TestOther", "TestAPI/unknown-type", false, false},
		{"TestAPI/unknown-type", "TestAPI/unknown-type", true, true},
		{"TestAPI/unknown-type", "TestAPI/unknown-type-later", true, true},
		{"TestAPI/^unknown-type$", "TestAPI/unknown-type-later", false, false},
		{"TestAPI/x|TestAPI/unknown", "TestAPI/unknown-type", true, true},
		{"Test(A|B)PI/(gpu|unknown)", "TestAPI/unknown-type", true, true},
		{"/gpu", "TestAPI/unknown-type", false, false},
		{"/page-size[a/b]", "TestAPI/page-size[a", false, false},
		{`/row\[a b\]`, "TestAPI/row[a_b]", true, true},
		{"TestAPI/a/b", "TestAPI/a", true, false},
		{"(", "TestAPI/a", true, true},
	} {
		assert.Equal(t, c.run, matches(c.pattern, c.name, false), "-run %s of %s", c.pattern, c.name)
		assert.Equal(t, c.skip, matches(c.pattern, c.name, true), "-skip %s of %s", c.pattern, c.name)
	}
}
