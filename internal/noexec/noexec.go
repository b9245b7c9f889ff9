// Package noexec prevents the libraries of this program from starting other programs while they are
// initialized. During its initialization, godog asks the go command for its tools folder. It needs
// that only to build test programs, not to run scenarios. It takes as long as a scenario, and in a
// folder whose go.mod requires another toolchain it would even download one.
//
// A package that imports only os, and whose path sorts before theirs, is initialized before those
// that import os/exec (The Go Programming Language Specification, "Package initialization"). This
// package hides all programs from them by removing the search path; main restores it. It must not
// import anything else.
package noexec

import "os"

var searchPath, hasSearchPath = os.LookupEnv("PATH")

func init() {
	if hasSearchPath {
		_ = os.Unsetenv("PATH") // if this fails, a library may start its program
	}
}

// Done restores the search path. It must be called at the beginning of main, before any other
// goroutine runs.
func Done() error {
	if !hasSearchPath {
		return nil
	}
	return os.Setenv("PATH", searchPath)
}
