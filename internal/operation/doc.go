// Package operation follows long-running operations: it polls a subject until the work
// has ended, reads the rows in which a read operation shows subjects, and counts only
// the time in which this process ran.
//
// It knows an operation by its lifecycle.Definition alone, sends nothing itself and
// names no clause: who asks and who judges is told to it.
package operation
