package selftest

import (
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/suite"
)

// Portions returns what is played against a defect, one list after the other until one names it.
func (o Options) Portions(d defects.Defect) [][]suite.Case { return o.portions(d) }
