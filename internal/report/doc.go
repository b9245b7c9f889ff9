// Package report turns a run into files: report.json, which is canonical, and the
// formats derived from it.
//
// It is for readers, people and programs. It judges nothing: outcomes, findings,
// counts and verdicts come with the run and are only shown. It knows no operation,
// no error code and no target, and it never sees a secret, since exchanges are
// freed of them before they leave the client.
//
// A run may be larger than memory. Scenarios go into a Spool as they end; a Reader
// reads them back one at a time, from the spool or from a report.json; every format
// is written from a Reader.
package report
