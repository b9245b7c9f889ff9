// Package docs makes the contract's pages for readers, in English and in Chinese, as
// Markdown for a repository browser and as HTML that stands alone: every operation with its
// parameters, responses and errors, every clause with its source, its text, the
// scenarios that prove it and an example, and, when there is a report, the last result.
//
// It takes operations, clauses and codes as they come and knows none by name. It
// judges nothing and runs nothing.
package docs
