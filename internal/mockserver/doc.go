// Package mockserver is the mock set up as a test needs it: seeded from a document, with
// failures that are asked for, a log of the requests it received, a clock that can be moved
// on, its state kept in a file, and a control interface over HTTP for all of these.
//
// It must not know a contract, a scenario or the command line. What the endpoint itself does
// is the mock's concern alone: this package stands before it and looks after it.
package mockserver
