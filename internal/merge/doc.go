// Package merge joins the reports of the shards of one run into one report.
//
// It judges nothing, and only combines what the reports contain. It rejects and names reports that
// do not belong together.
package merge
