// Package mockserver prepares the mock for tests. It adds a seed document, requested failures, a
// log of the received requests, a clock that can be advanced, a state file, and a control interface
// over HTTP for all of these.
//
// It must not know a contract, a scenario or the command line. The behaviour of the endpoint itself
// belongs to package mock; this package works in front of it.
package mockserver
