// Package features embeds the rules in plain words: every *.feature file, and which scenarios
// each of them has.
package features

import "embed"

// FS holds the feature files by their path below this folder.
//
//go:embed */*.feature
var FS embed.FS

// Index names the scenarios of each file, so that one is found without reading all. A test holds it
// against the files and writes it.
//
//go:embed index.txt
var Index string
