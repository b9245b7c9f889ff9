// Package noexec keeps the libraries of this program from starting other programs while
// they are initialized. godog asks the go command for its folder of tools then, which it
// needs to build test programs, not to run scenarios: that takes as long as a scenario,
// and in a folder whose go.mod wants another toolchain it would even fetch one.
//
// A package that imports nothing but os, and whose path comes before theirs do, is
// initialized before those that import os/exec (The Go Programming Language
// Specification, "Package initialization"). It finds no program for them; main gives the
// search path back. It must not import anything else.
package noexec

import "os"

var searchPath, hasSearchPath = os.LookupEnv("PATH")

func init() {
	if hasSearchPath {
		_ = os.Unsetenv("PATH") // where that fails, a library may start its program
	}
}

// Done ends it. It must be called at the beginning of main, before anything runs beside it.
func Done() error {
	if !hasSearchPath {
		return nil
	}
	return os.Setenv("PATH", searchPath)
}
