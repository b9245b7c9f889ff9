// Package merge puts the shards of one run together: their reports become one report.
//
// It judges nothing: it counts and folds what the reports say. What does not belong
// together it refuses, and names.
package merge
