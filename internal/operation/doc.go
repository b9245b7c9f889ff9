// Package operation follows long-running operations. It polls a subject until its change has ended,
// reads the rows in which a read operation shows subjects, and counts only the time in which this
// process ran.
//
// It knows an operation only by its lifecycle.Definition, sends nothing itself and names no clause:
// its callers provide the requests and judge the results.
package operation
