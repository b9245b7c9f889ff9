// Package merge puts reports together: the shards of one run become one report, and the
// runs of several targets one comparison, clause by clause.
//
// It judges nothing: it counts and folds what the reports say. What does not belong
// together it refuses, and names.
package merge
