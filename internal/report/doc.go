// Package report writes a run to files: report.json, which is canonical, and the formats derived
// from it.
//
// Its readers are people and programs. It judges nothing, and only shows the outcomes, findings,
// counts and verdicts of the run. It knows no operation, no error code and no target. It never sees
// a secret, because the client removes secrets from exchanges.
//
// A run may be larger than memory. Scenarios are written to a Spool as they end. A Reader reads
// them back one at a time, from the spool or from a report.json, and every format is written from a
// Reader.
package report
