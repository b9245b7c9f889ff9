// Package verdict holds the results of a run: clauses, findings, outcomes and the run as a whole,
// and the rules that derive the verdict from them.
//
// It contains values only. It does no I/O, reads no clock, and knows no operation, no error code
// and no report format.
package verdict

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/wire"
)

// Source is the mark of a public document that states facts.
type Source string

// The sources of protocol facts.
const (
	SourceM Source = "M" // the API page ModifyInstanceType
	SourceS Source = "S" // Signature method v2
	SourceR Source = "R" // Request structure, Response structure, Data types
	SourceE Source = "E" // Common error codes
	SourceK Source = "K" // the official SDKs
	SourceC Source = "C" // the official command line's API definitions
	SourceD Source = "D" // the API pages DescribeInstances and DescribeInstancesStatus
	SourceA Source = "A" // the API pages StartInstances, StopInstances and RebootInstances
	SourceO Source = "O" // older editions of the API page ModifyInstanceType, superseded
)

// Level says what follows from the violation of a clause.
type Level string

const (
	Must   Level = "must"   // a finding fails its scenario
	Should Level = "should" // a finding is shown but fails nothing
)

// Levels returns the levels.
func Levels() []Level { return []Level{Must, Should} }

// Clause is one documented statement that an endpoint can keep or violate.
type Clause struct {
	ID           string   `json:"id"` // begins with its source mark, as in M-STOPPED-ONLY
	Source       Source   `json:"source"`
	Level        Level    `json:"level"`
	Operation    string   `json:"operation,omitempty"` // the action that it applies to; "" means all
	Text         string   `json:"text"`                // in English
	TextZh       string   `json:"textZh"`              // in Chinese, in the words of the API page if it has them
	Pointers     []string `json:"pointers,omitempty"`  // JSON pointers into openapi.yaml to the places that state it
	Untestable   string   `json:"untestable,omitempty"`
	UntestableZh string   `json:"untestableZh,omitempty"` // the same in Chinese
	Role         Role     `json:"-"`                      // what it is about; "" if judging does not look it up
	Template     string   `json:"-"`                      // the id of its template; "" if it has none
}

// Pair is one documented (HTTP status, error code) of an operation, with the clause that states it.
type Pair struct {
	Operation wire.Operation `json:"operation"`
	Status    int            `json:"status"`
	Code      string         `json:"code"`
	Clause    string         `json:"clause"`
}

// String returns the pair as people write it: 400 INVALID_PARAMETER_TYPE.
func (p Pair) String() string { return fmt.Sprintf("%d %s", p.Status, p.Code) }
