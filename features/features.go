// Package features embeds the rules in plain words: every *.feature file, and
// nothing else.
package features

import "embed"

// FS holds the feature files by their path below this folder.
//
//go:embed */*.feature
var FS embed.FS
