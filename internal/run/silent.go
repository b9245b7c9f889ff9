package run

import (
	"io"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/cucumber/godog"
	"github.com/cucumber/godog/formatters"
)

// silent is the name of a godog formatter without output. Everything that a run shows is made from
// its verdict in one place, so that outputs cannot disagree.
const silent = "zec-silent"

func init() { // godog keeps its formatters in a global registry
	godog.Format(silent, "says nothing", func(string, io.Writer) formatters.Formatter { return quietFormatter{} })
}

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

type (
	quietFormatter struct{}
	pickle         = messages.Pickle
	pickleStep     = messages.PickleStep
	definition     = formatters.StepDefinition
)

func (quietFormatter) TestRunStarted()                                    {}
func (quietFormatter) Feature(*messages.GherkinDocument, string, []byte)  {}
func (quietFormatter) Pickle(*pickle)                                     {}
func (quietFormatter) Defined(*pickle, *pickleStep, *definition)          {}
func (quietFormatter) Passed(*pickle, *pickleStep, *definition)           {}
func (quietFormatter) Skipped(*pickle, *pickleStep, *definition)          {}
func (quietFormatter) Undefined(*pickle, *pickleStep, *definition)        {}
func (quietFormatter) Pending(*pickle, *pickleStep, *definition)          {}
func (quietFormatter) Failed(*pickle, *pickleStep, *definition, error)    {}
func (quietFormatter) Ambiguous(*pickle, *pickleStep, *definition, error) {}
func (quietFormatter) Summary()                                           {}
